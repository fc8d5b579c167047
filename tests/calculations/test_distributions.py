"""The thin layer agrees with scipy.stats, tail by tail."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from secondsource.core import distributions as d
from secondsource.core.provenance import Method, library_version

CLOSE = {"rel": 1e-9, "abs": 1e-12}


@pytest.mark.parametrize("p", [0.001, 0.05, 0.5, 0.9, 0.999])
def test_quantiles(p: float) -> None:
    assert d.normal_quantile(p) == pytest.approx(stats.norm.ppf(p), **CLOSE)
    assert d.chi_square_quantile(p, 6) == pytest.approx(stats.chi2.ppf(p, 6), **CLOSE)
    assert d.beta_quantile(p, 3, 20) == pytest.approx(stats.beta.ppf(p, 3, 20), **CLOSE)
    assert d.student_quantile(p, 7.3) == pytest.approx(stats.t.ppf(p, 7.3), **CLOSE)


@pytest.mark.parametrize("x", [0.1, 1.0, 3.84, 30.0])
def test_upper_tails(x: float) -> None:
    assert d.normal_upper_tail(x) == pytest.approx(stats.norm.sf(x), rel=1e-9)
    assert d.chi_square_upper_tail(x, 3) == pytest.approx(stats.chi2.sf(x, 3), rel=1e-9)
    assert d.student_upper_tail(x, 9) == pytest.approx(stats.t.sf(x, 9), rel=1e-9)


@pytest.mark.parametrize(("k", "n", "p"), [(0, 10, 0.1), (3, 100, 0.05), (10, 10, 0.5)])
def test_binomial(k: int, n: int, p: float) -> None:
    assert d.binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), **CLOSE)


def test_noncentral_t() -> None:
    assert d.noncentral_t_cdf(9.0, 29, 8.0) == pytest.approx(stats.nct.cdf(9.0, 29, 8.0), rel=1e-8)


def test_hypergeometric() -> None:
    least, chances = d.hypergeometric(7, 393, 100)
    expected = stats.hypergeom.pmf(range(least, least + len(chances)), 400, 7, 100)
    assert chances == pytest.approx(list(expected), rel=1e-9)
    assert sum(chances) == pytest.approx(1.0)


def test_method_tells_library_and_confidence() -> None:
    method = Method(name="Exact", libraries=("scipy",), confidence=0.95, sides=1)
    assert method.as_dict() == {
        "name": "Exact",
        "libraries": [library_version("scipy")],
        "confidence": 0.95,
        "sides": 1,
        "design_choice": False,
    }
    assert library_version("scipy").startswith("scipy 1.")


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_variance_is_that_of_the_exact_library(values: list[float]) -> None:
    exact = statistics.variance(values)
    assert d.variance(values) == pytest.approx(exact, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("value", [0.1, 1e15 / 3, -7.3, 1e-300])
def test_equal_values_have_no_variance(value: float) -> None:
    assert d.variance([value] * 1001) == 0


def test_holm_agrees() -> None:
    p = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}
    expected = multipletests(list(p.values()), method="holm")[1]
    assert list(d.holm(p).values()) == pytest.approx(list(expected))


def test_holm_takes_a_p_value_as_small_as_it_is() -> None:
    assert d.holm({"a": 1e-219, "b": 0.5}) == {"a": 2e-219, "b": 0.5}
