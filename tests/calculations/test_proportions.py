"""Yields against statsmodels, scipy.stats and published examples."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats import proportion

from qualification import proportions as p
from secondsource.core.inputs import InputError

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts=COUNTS, alpha=st.floats(0.001, 0.5))
def test_clopper_pearson_agrees_and_contains_its_point(counts, alpha: float) -> None:
    x, n = counts
    found = p.clopper_pearson(passed=x, built=n, alpha=alpha)
    low, high = proportion.proportion_confint(x, n, alpha=alpha, method="beta")
    assert (found.lower, found.upper) == pytest.approx((low, high), abs=1e-9)
    assert found.lower <= found.point <= found.upper
    assert found.lower <= found.one_sided_lower <= found.point <= found.one_sided_upper


def test_one_sided_bound_is_not_the_two_sided_end() -> None:
    found = p.clopper_pearson(passed=498, built=500)
    assert found.lower == pytest.approx(0.985626, abs=1e-6)
    assert found.one_sided_lower == pytest.approx(0.987462, abs=1e-6)


def test_extreme_yields() -> None:
    assert p.clopper_pearson(passed=0, built=50).lower == 0.0
    assert p.clopper_pearson(passed=100, built=100).upper == 1.0


@pytest.mark.parametrize(
    ("passed", "built", "field"), [(5, 0, "built"), (6, 5, "passed"), (-1, 5, "passed")]
)
def test_clopper_pearson_refuses(passed: int, built: int, field: str) -> None:
    with pytest.raises(InputError) as refused:
        p.clopper_pearson(passed=passed, built=built)
    assert refused.value.field == field


def constrained_maximum(x1: int, n1: int, x2: int, n2: int, s: float) -> tuple[float, float]:
    """The null yields by numeric maximum likelihood: another way to Farrington-Manning's cubic."""

    def loss(q2: float) -> float:
        q1 = q2 + s
        terms = ((x1, q1), (n1 - x1, 1 - q1), (x2, q2), (n2 - x2, 1 - q2))
        return -sum(k * math.log(max(q, 1e-300)) for k, q in terms if k)

    low, high = max(0.0, -s), min(1.0, 1 - s)
    best = optimize.minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    )
    return best.x + s, best.x


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "m", "z"),
    [
        (196, 200, 1970, 2000, 0.02, 1.14008),
        (196, 200, 1970, 2000, 0.05, 2.57097),
        (100, 100, 100, 100, 0.02, 1.428571),
        (100, 100, 500, 500, 0.05, 2.294157),
        (475, 500, 4900, 5000, 0.02, -1.10622),
        (45, 60, 70, 80, 0.1, None),
    ],
)
def test_farrington_manning(x1: int, n1: int, x2: int, n2: int, m: float, z: float | None) -> None:
    found = p.farrington_manning(
        passed_new=x1, built_new=n1, passed_incumbent=x2, built_incumbent=n2, margin=m
    )
    q1, q2 = constrained_maximum(x1, n1, x2, n2, -m)
    assert (found.new_null, found.incumbent_null) == pytest.approx((q1, q2), abs=1e-5)
    by_hand = (x1 / n1 - x2 / n2 + m) / math.sqrt(q1 * (1 - q1) / n1 + q2 * (1 - q2) / n2)
    assert found.z == pytest.approx(by_hand, abs=1e-3)
    assert z is None or found.z == pytest.approx(z, abs=1e-5)
    assert found.noninferior == (stats.norm.sf(found.z) < 0.05)


def test_a_perfect_pilot_of_100_does_not_prove_two_points() -> None:
    found = p.farrington_manning(
        passed_new=100, built_new=100, passed_incumbent=100, built_incumbent=100
    )
    assert found.noninferior is False
    assert found.p_one_sided == pytest.approx(0.076564, abs=1e-6)


@pytest.mark.parametrize("good", [0, 50])
def test_score_stays_a_probability_at_the_edges(good: int) -> None:
    found = p.farrington_manning(
        passed_new=good, built_new=50, passed_incumbent=good, built_incumbent=50, margin=0.02
    )
    assert 0 <= found.new_null <= 1
    assert 0 <= found.incumbent_null <= 1
    assert 0 < found.p_one_sided < 0.5


@given(new=COUNTS, old=COUNTS)
def test_score_bounds_contain_the_difference(new, old) -> None:
    (x1, n1), (x2, n2) = new, old
    lower = p.score_bound(x1, n1, x2, n2, tail=0.05, side=-1)
    upper = p.score_bound(x1, n1, x2, n2, tail=0.05, side=1)
    assert lower - 1e-8 <= x1 / n1 - x2 / n2 <= upper + 1e-8


def test_score_bound_inverts_the_test() -> None:
    lower = p.score_bound(196, 200, 1970, 2000, tail=0.05, side=-1)
    found = p.farrington_manning(
        passed_new=196, built_new=200, passed_incumbent=1970, built_incumbent=2000, margin=-lower
    )
    assert found.p_one_sided == pytest.approx(0.05, abs=1e-6)


def test_newcombe_published_example() -> None:
    found = p.newcombe(x1=56, n1=70, x2=48, n2=80, alpha=0.05)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.noninferior is None


@given(new=COUNTS, old=COUNTS, alpha=st.floats(0.01, 0.4))
def test_newcombe_agrees_and_contains_its_point(new, old, alpha: float) -> None:
    (x1, n1), (x2, n2) = new, old
    found = p.newcombe(x1=x1, n1=n1, x2=x2, n2=n2, alpha=alpha)
    low, high = proportion.confint_proportions_2indep(
        x1, n1, x2, n2, method="newcomb", compare="diff", alpha=alpha
    )
    assert (found.lower, found.upper) == pytest.approx((low, high), abs=1e-9)
    assert found.lower - 1e-12 <= found.difference <= found.upper + 1e-12


def test_two_proportion_z_agrees() -> None:
    found = p.two_proportion_z(x1=196, n1=200, x2=1970, n2=2000)
    z, pvalue = proportion.proportions_ztest([196, 1970], [200, 2000])
    assert (found.z, found.p_two_sided) == pytest.approx((z, pvalue))


def test_two_proportion_z_without_failures_is_not_enough() -> None:
    found = p.two_proportion_z(x1=100, n1=100, x2=500, n2=500)
    assert (found.z, found.p_two_sided, found.enough) == (None, None, False)


@given(table=st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_fisher_agrees(table: list[int]) -> None:
    a, b, c, d = table
    if a + b == 0 or c + d == 0:
        return
    found = p.fisher_exact([[a, b], [c, d]])
    two = stats.fisher_exact([[a, b], [c, d]]).pvalue
    more = stats.fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
    assert (found.p_two_sided, found.p_greater_new_fails_more) == pytest.approx((two, more))


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ([[0, 0], [1, 5]], "table.0"),
        ([[1, -1], [1, 5]], "table.0.1"),
        ([[1, 2, 3], [1, 5]], "table.0"),
        ([[1, 2]], "table"),
        ([[1, 2], [1, 10**6]], "table.1.1"),
    ],
)
def test_fisher_refuses(table, field: str) -> None:
    with pytest.raises(InputError) as refused:
        p.fisher_exact(table)
    assert refused.value.field == field
