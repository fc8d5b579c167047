"""Capability indices, by hand, by simulation and against scipy's distributions."""

import math

import numpy as np
import pytest
from scipy import stats

from qualification import capability as c
from secondsource.core.inputs import InputError

DATA = [5.0, 5.1, 4.9, 5.0, 5.05, 4.95]


def test_by_hand() -> None:
    found = c.capability(DATA, lower_limit=4.5, upper_limit=5.5)
    s = float(np.std(DATA, ddof=1))
    assert found.pp == pytest.approx(1.0 / (6 * s))
    assert found.ppk == pytest.approx(0.5 / (3 * s))
    assert (found.cp, found.cpk, found.mean_range) == (None, None, None)


def test_within_subgroups() -> None:
    found = c.capability(DATA, lower_limit=4.5, upper_limit=5.5, subgroup=3)
    assert found.mean_range == pytest.approx((0.2 + 0.1) / 2)
    assert found.s_within == pytest.approx(0.15 / 1.693)
    assert (found.d2, found.subgroups) == (1.693, 2)


def test_a_part_subgroup_is_left_out() -> None:
    found = c.capability([*DATA, 9.0], lower_limit=4.5, upper_limit=5.5, subgroup=3)
    assert (found.subgroups, found.n) == (2, 7)
    assert found.mean_range == pytest.approx(0.15)


def test_one_sided_specification() -> None:
    found = c.capability(DATA, upper_limit=5.5)
    assert found.pp is None
    assert found.ppk == pytest.approx(0.5 / (3 * found.s_overall))


def test_mean_outside_the_limits_is_negative_and_shown() -> None:
    assert c.capability(DATA, upper_limit=4.8).ppk < 0


def test_values_that_do_not_vary_are_not_capable() -> None:
    found = c.capability([5.0] * 30, lower_limit=4.5, upper_limit=5.5, subgroup=5)
    assert (found.pp, found.ppk, found.cp, found.enough) == (None, None, None, False)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8])
def test_d2_by_integration(n: int) -> None:
    from scipy.integrate import quad

    mean_range = quad(
        lambda x: 1 - stats.norm.cdf(x) ** n - stats.norm.sf(x) ** n, -12, 12, limit=200
    )[0]
    assert c.D2[n] == pytest.approx(mean_range, abs=6e-4)


def test_bissell_bound() -> None:
    found = c.ppk_bound(ppk=1.7403365256, n=30)
    spread = math.sqrt(1 / 270 + 1.7403365256**2 / 58)
    assert found.lower == pytest.approx(1.7403365256 - stats.norm.ppf(0.95) * spread)
    assert found.lower < found.index


def test_cp_bound_covers() -> None:
    rng = np.random.default_rng(3)
    s = rng.normal(size=(20_000, 30)).std(axis=1, ddof=1)
    seen = 1.5 / s
    factor = c.cp_bound(cp=1.0, n=30).lower
    assert np.mean(seen * factor <= 1.5) == pytest.approx(0.95, abs=0.01)


def test_one_sided_bound_solves_the_noncentral_t() -> None:
    found = c.one_sided_bound(index=1.5, n=30)
    reached = stats.nct.cdf(4.5 * math.sqrt(30), 29, 3 * found.lower * math.sqrt(30))
    assert reached == pytest.approx(0.95, abs=1e-7)
    assert found.lower == pytest.approx(found.bissell, abs=0.02)


@pytest.mark.parametrize(("index", "n"), [(0.0, 5), (-0.5, 10), (10, 2), (1.33, 100_000)])
def test_one_sided_bound_at_the_edges(index: float, n: int) -> None:
    assert c.one_sided_bound(index=index, n=n).lower < index


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"data": [1.0], "upper_limit": 2}, "data"),
        ({"data": [1.0, float("nan")], "upper_limit": 2}, "data.1"),
        ({"data": DATA}, "lower_limit"),
        ({"data": DATA, "lower_limit": 5, "upper_limit": 5}, "lower_limit"),
        ({"data": DATA, "upper_limit": 6, "subgroup": 9}, "subgroup"),
        ({"data": DATA, "upper_limit": 6, "subgroup": 7}, "subgroup"),
        ({"data": range(1_000_000), "upper_limit": 6}, "data"),
    ],
)
def test_refuses(arguments: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        c.capability(**arguments)
    assert refused.value.field == field


@pytest.mark.parametrize(("field", "value"), [("n", 1), ("ppk", float("inf")), ("confidence", 1)])
def test_bound_refuses(field: str, value: float) -> None:
    with pytest.raises(InputError) as refused:
        c.ppk_bound(**{"ppk": 1.5, "n": 30, field: value})
    assert refused.value.field == field


def test_cp_is_never_negative() -> None:
    with pytest.raises(InputError) as refused:
        c.cp_bound(cp=-0.1, n=30)
    assert refused.value.field == "cp"
