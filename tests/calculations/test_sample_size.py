"""Sample sizes, checked by counting up and by simulation of the definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualification import sample_size as size
from secondsource.core.inputs import InputError


@pytest.mark.parametrize(
    ("c", "r", "n"), [(0.95, 0.99, 299), (0.9, 0.95, 45), (0.95, 0.999, 2995), (0.5, 0.9, 7)]
)
def test_success_run(c: float, r: float, n: int) -> None:
    assert size.success_run(confidence=c, reliability=r).n == n


@given(c=st.floats(0.01, 0.999), r=st.floats(0.01, 0.9999))
def test_success_run_is_the_smallest(c: float, r: float) -> None:
    n = size.success_run(confidence=c, reliability=r).n
    assert r**n <= (1 - c) * (1 + 1e-9)
    assert n == 1 or r ** (n - 1) > (1 - c) * (1 - 1e-9)


@pytest.mark.parametrize(
    ("c", "r", "n"), [(0.9, 0.1, 1), (0.36, 0.8, 2), (0.271, 0.9, 3), (0.99, 0.1, 2)]
)
def test_equality_in_decimals_is_enough(c: float, r: float, n: int) -> None:
    assert size.success_run(confidence=c, reliability=r).n == n
    assert size.binomial_plan(confidence=c, reliability=r, allowed_failures=0).n == n


def test_equality_in_decimals_is_enough_with_a_failure() -> None:
    """0.6³ + 3 · 0.4 · 0.6² = 0.648 = 1 - 0.352."""
    assert size.binomial_plan(confidence=0.352, reliability=0.6, allowed_failures=1).n == 3


def test_a_ratio_in_decimals_adds_no_unit() -> None:
    found = size.noninferiority_size(p_both=0.98, margin=0.02, ratio=1.1)
    assert found.n_incumbent == -(-found.n * 11 // 10)


@pytest.mark.parametrize("field", ["confidence", "reliability"])
@pytest.mark.parametrize("value", [0, 1, 1.5, -0.1, float("nan"), "0.9"])
def test_success_run_refuses(field: str, value) -> None:
    given_values = {"confidence": 0.9, "reliability": 0.9, field: value}
    with pytest.raises(InputError) as refused:
        size.success_run(**given_values)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("c", "r", "f", "n"), [(0.9, 0.95, 1, 77), (0.9, 0.9, 2, 52), (0.95, 0.99, 0, 299)]
)
def test_binomial_plan(c: float, r: float, f: int, n: int) -> None:
    found = size.binomial_plan(confidence=c, reliability=r, allowed_failures=f).n
    assert found == n
    counted = next(k for k in range(f + 1, 10_000) if stats.binom.cdf(f, k, 1 - r) <= 1 - c)
    assert found == counted


def test_binomial_plan_refuses_what_no_plan_reaches() -> None:
    with pytest.raises(InputError) as refused:
        size.binomial_plan(confidence=0.999, reliability=1 - 1e-14, allowed_failures=0)
    assert refused.value.field == "reliability"


def test_zero_failures_show_little() -> None:
    found = size.failure_bound(n=231, fails=0, confidence=0.9)
    assert found.p_upper == pytest.approx(0.00991839, abs=1e-8)
    assert found.dppm == pytest.approx(9918.39, abs=0.01)
    assert (1 - found.p_upper) ** 231 == pytest.approx(0.1)


@pytest.mark.parametrize(("n", "fails"), [(50, 3), (77, 1), (10, 9)])
def test_failure_bound_solves_the_binomial(n: int, fails: int) -> None:
    p = size.failure_bound(n=n, fails=fails, confidence=0.9).p_upper
    assert stats.binom.cdf(fails, n, p) == pytest.approx(0.1)


def test_all_failed_is_one() -> None:
    assert size.failure_bound(n=5, fails=5).p_upper == 1.0


@pytest.mark.parametrize(
    ("n", "fails", "field"), [(0, 0, "n"), (10, 11, "fails"), (5, -1, "fails")]
)
def test_failure_bound_refuses(n: int, fails: int, field: str) -> None:
    with pytest.raises(InputError) as refused:
        size.failure_bound(n=n, fails=fails)
    assert refused.value.field == field


def test_noninferiority_size() -> None:
    found = size.noninferiority_size(p_both=0.98, margin=0.02)
    assert (found.n, found.n_incumbent) == (606, 606)


def test_noninferiority_size_with_more_incumbent_units() -> None:
    found = size.noninferiority_size(p_both=0.98, margin=0.02, ratio=4)
    assert (found.n, found.n_incumbent) == (379, 1516)


def test_noninferiority_size_against_history() -> None:
    found = size.noninferiority_size(p_both=0.98, margin=0.02, incumbent_units=20_000)
    assert found.n == 308
    again = size.noninferiority_size(p_both=0.98, margin=0.02, ratio=20_000 / 308)
    assert again.n == 308


def test_noninferiority_size_has_the_power() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    n, p, m = 606, 0.98, 0.02
    new, old = rng.binomial(n, p, 20_000) / n, rng.binomial(n, p, 20_000) / n
    error = np.sqrt(new * (1 - new) / n + old * (1 - old) / n)
    power = np.mean((new - old + m) / error > stats.norm.ppf(0.95))
    assert power == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("field", "value"),
    [("p_both", 1), ("margin", 0), ("alpha", 0), ("power", 1), ("ratio", 0), ("power", 0.01)],
)
def test_noninferiority_size_refuses(field: str, value: float) -> None:
    with pytest.raises(InputError) as refused:
        size.noninferiority_size(**{"p_both": 0.98, "margin": 0.02, field: value})
    assert refused.value.field == field


def test_too_short_a_history_is_refused_with_the_least() -> None:
    with pytest.raises(InputError) as refused:
        size.noninferiority_size(p_both=0.98, margin=0.02, incumbent_units=300)
    assert (refused.value.field, refused.value.code) == ("incumbent_units", "too_few")
    assert "303" in refused.value.message
