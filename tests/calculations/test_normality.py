"""Shapiro and Wilk: the normal passes, the skewed does not, and too little is said to be so."""

import random

import pytest

from qualification.normality import shapiro_wilk
from secondsource.core.inputs import InputError


def test_the_published_example() -> None:
    men = [
        148,
        154,
        158,
        160,
        161,
        162,
        166,
        170,
        182,
        195,
        236,
    ]  # Shapiro and Wilk 1965, 11 weights
    found = shapiro_wilk(men)
    assert found.w == pytest.approx(0.79, abs=0.005)
    assert found.normal is False


def test_drawn_from_a_normal_it_is_not_rejected() -> None:
    dice = random.Random(3)
    found = shapiro_wilk([dice.gauss(5, 0.1) for _ in range(60)])
    assert (found.normal, found.enough) == (True, True)


def test_values_that_do_not_vary_are_not_judged() -> None:
    found = shapiro_wilk([1, 1, 1])
    assert (found.normal, found.enough, found.p) == (None, False, None)


@pytest.mark.parametrize("data", [[1, 2], [1, 2, float("nan")], "123", [1.0] * 5001])
def test_it_refuses(data) -> None:
    with pytest.raises(InputError) as refused:
        shapiro_wilk(data)
    assert refused.value.field.split(".")[0] == "data"


def test_the_level_is_open() -> None:
    with pytest.raises(InputError):
        shapiro_wilk([1, 2, 3], alpha=1)
