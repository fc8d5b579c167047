"""Difference and equivalence against scipy and statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import ttost_ind

from qualification import equivalence as e
from secondsource.core.inputs import InputError

NEW = [10.02, 10.05, 9.98, 10.01, 10.03, 9.99, 10.04, 10.0, 10.02, 10.01]
OLD = [10.0, 10.03, 9.97, 10.02, 9.99, 10.01, 9.98, 10.0]
SAMPLE = st.lists(st.floats(-100, 100), min_size=3, max_size=30).filter(
    lambda v: max(v) - min(v) > 0.1
)


@given(new=SAMPLE, incumbent=SAMPLE)
def test_welch_agrees(new: list[float], incumbent: list[float]) -> None:
    found = e.welch(new=new, incumbent=incumbent)
    expected = stats.ttest_ind(new, incumbent, equal_var=False)
    assert found.t == pytest.approx(expected.statistic, rel=1e-6, abs=1e-9)
    assert found.df == pytest.approx(expected.df, rel=1e-6)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-5, abs=1e-12)


@given(new=SAMPLE, incumbent=SAMPLE, half=st.floats(0.1, 50))
def test_tost_agrees(new: list[float], incumbent: list[float], half: float) -> None:
    found = e.tost(new=new, incumbent=incumbent, low=-half, high=half)
    p, lower, upper = ttost_ind(new, incumbent, -half, half, usevar="unequal")
    assert found.p == pytest.approx(p, rel=1e-5, abs=1e-12)
    assert found.p_lower == pytest.approx(lower[1], rel=1e-5, abs=1e-12)
    assert found.p_upper == pytest.approx(upper[1], rel=1e-5, abs=1e-12)
    assert found.interval[0] <= found.diff <= found.interval[1]


@given(new=SAMPLE, incumbent=SAMPLE, half=st.floats(0.1, 50))
def test_equivalent_means_interval_inside(new, incumbent, half: float) -> None:
    found = e.tost(new=new, incumbent=incumbent, low=-half, high=half)
    inside = found.interval[0] > -half and found.interval[1] < half
    assert found.equivalent == inside or found.p == pytest.approx(0.05, abs=1e-9)


def test_limits_decide() -> None:
    narrow = e.tost(new=NEW, incumbent=OLD, low=-0.03, high=0.03)
    wide = e.tost(new=NEW, incumbent=OLD, low=-0.04, high=0.04)
    assert (narrow.equivalent, wide.equivalent) == (False, True)
    assert wide.p == pytest.approx(0.011165, abs=1e-6)


def test_samples_that_do_not_vary_are_not_enough() -> None:
    assert e.welch(new=[1.0, 1.0], incumbent=[1.0, 1.0]).enough is False
    found = e.tost(new=[1.0, 1.0], incumbent=[1.0, 1.0], low=-1, high=1)
    assert (found.equivalent, found.p, found.interval, found.enough) == (None, None, None, False)


def test_default_limit_is_a_tenth_of_the_tolerance() -> None:
    assert e.default_limit(lower_limit=4.9, upper_limit=5.1) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": 0.03}, "low"),
        ({"alpha": 0.5}, "alpha"),
        ({"new": [1.0]}, "new"),
        ({"incumbent": [1.0, None]}, "incumbent.1"),
    ],
)
def test_tost_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        e.tost(**{"new": NEW, "incumbent": OLD, "low": -0.03, "high": 0.03, **change})
    assert refused.value.field == field
