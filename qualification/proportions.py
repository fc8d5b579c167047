"""Yields of pilot builds: exact intervals, differences and non-inferiority.

Orientation throughout: good units are counted, the new source is first, the incumbent second.
"Not significantly different" is not evidence of equivalence, which needs a margin fixed beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.distributions import (
    beta_quantile,
    hypergeometric,
    normal_quantile,
    normal_upper_tail,
)
from secondsource.core.provenance import Method

LARGEST_EXACT_CELL = 100_000


@dataclass(frozen=True, kw_only=True)
class YieldInterval:
    """A yield with its exact two-sided interval and its one-sided bounds, both at 1 - alpha."""

    point: float
    lower: float
    upper: float
    one_sided_lower: float
    one_sided_upper: float
    passed: int
    built: int
    alpha: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class NonInferiority:
    """A one-sided test of new >= incumbent - margin, with the yields fitted under the
    hypothesis.
    """

    z: float
    p_one_sided: float
    new_null: float
    incumbent_null: float
    noninferior: bool
    margin: float
    alpha: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class DifferenceInterval:
    """Interval of new minus incumbent; ``noninferior`` is None when no margin was given."""

    difference: float
    lower: float
    upper: float
    noninferior: bool | None
    margin: float | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class TwoProportionTest:
    """Large-sample test; z and p are None when no unit, or every unit, failed in both arms."""

    z: float | None
    p_two_sided: float | None
    enough: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class FisherTest:
    """Exact p values; the one-sided one is for use only when it was declared beforehand."""

    p_two_sided: float
    p_greater_new_fails_more: float
    method: Method


def clopper_pearson(*, passed: int, built: int, alpha: float = 0.05) -> YieldInterval:
    """Exact interval of a yield (Clopper and Pearson 1934).

    ``built`` at least 1, ``passed`` from 0 to built. The lower end is 0 without a good unit, the
    upper end 1 without a failure.
    """
    built = inputs.integer("built", built, low=1)
    passed = inputs.integer("passed", passed, high=built)
    alpha = inputs.open_probability("alpha", alpha)
    return YieldInterval(
        point=passed / built,
        lower=lower_bound(passed, built, alpha / 2),
        upper=upper_bound(passed, built, alpha / 2),
        one_sided_lower=lower_bound(passed, built, alpha),
        one_sided_upper=upper_bound(passed, built, alpha),
        passed=passed,
        built=built,
        alpha=alpha,
        method=Method(
            name="Clopper-Pearson 1934", libraries=("scipy",), confidence=1 - alpha, sides=2
        ),
    )


def lower_bound(passed: int, built: int, tail: float) -> float:
    """Exact lower bound that leaves the probability ``tail`` below; inputs already checked."""
    return 0.0 if passed == 0 else beta_quantile(tail, passed, built - passed + 1)


def upper_bound(passed: int, built: int, tail: float) -> float:
    """Exact upper bound that leaves the probability ``tail`` above; inputs already checked."""
    return 1.0 if passed == built else beta_quantile(1 - tail, passed + 1, built - passed)


def farrington_manning(
    *,
    passed_new: int,
    built_new: int,
    passed_incumbent: int,
    built_incumbent: int,
    margin: float = 0.02,
    alpha: float = 0.05,
) -> NonInferiority:
    """Score test of H0: new - incumbent <= -margin (Farrington and Manning 1990, closed form).

    ``margin`` in absolute points, from 0 to below 1, fixed before the build. The score test of
    statsmodels has a wrong cubic coefficient for differences other than 0.
    """
    x1, n1 = _arm("passed_new", passed_new, "built_new", built_new)
    x2, n2 = _arm("passed_incumbent", passed_incumbent, "built_incumbent", built_incumbent)
    margin = inputs.number("margin", margin, low=0, below=1)
    alpha = inputs.open_probability("alpha", alpha)
    z, q1, q2 = score_statistic(x1, n1, x2, n2, -margin)
    p = normal_upper_tail(z)
    return NonInferiority(
        z=z,
        p_one_sided=p,
        new_null=q1,
        incumbent_null=q2,
        noninferior=p < alpha,
        margin=margin,
        alpha=alpha,
        method=Method(name="Farrington-Manning 1990", confidence=1 - alpha, sides=1),
    )


def score_statistic(x1: int, n1: int, x2: int, n2: int, s: float) -> tuple[float, float, float]:
    """z of the observed difference against ``s`` and the two yields fitted under it.

    z is 0 when the fitted variance is 0 and the difference is exactly ``s``; otherwise infinite is
    impossible because the difference then agrees with ``s``.
    """
    p1, p2 = x1 / n1, x2 / n2
    q1 = _fitted(p1, p2, n2 / n1, s)
    q2 = min(1.0, max(0.0, q1 - s))
    variance = q1 * (1 - q1) / n1 + q2 * (1 - q2) / n2
    gap = p1 - p2 - s
    if variance <= 1e-18:
        return (0.0 if abs(gap) < 1e-9 else math.copysign(1e9, gap)), q1, q2
    return gap / math.sqrt(variance), q1, q2


def score_bound(x1: int, n1: int, x2: int, n2: int, *, tail: float, side: int) -> float:
    """Bound of new minus incumbent by inverting the score test: ``side`` -1 lower, +1 upper.

    One-sided, leaving the probability ``tail`` outside; found by bisection to 1e-10.
    """
    target = -side * normal_quantile(1 - tail)
    low, high = -1.0 + 1e-9, 1.0 - 1e-9
    while high - low > 1e-10:
        middle = (low + high) / 2
        above = score_statistic(x1, n1, x2, n2, middle)[0] > target
        low, high = (middle, high) if above else (low, middle)
    return (low + high) / 2


def newcombe(
    *, x1: int, n1: int, x2: int, n2: int, alpha: float = 0.10, margin: float | None = None
) -> DifferenceInterval:
    """Interval of a difference of yields from two Wilson limits (Newcombe 1998, method 10).

    Two-sided ``alpha``; at 0.10 its lower end is a one-sided 95 % bound. Non-inferior when the
    lower end lies above -margin.
    """
    x1, n1 = _arm("x1", x1, "n1", n1)
    x2, n2 = _arm("x2", x2, "n2", n2)
    alpha = inputs.open_probability("alpha", alpha)
    if margin is not None:
        margin = inputs.number("margin", margin, low=0, below=1)
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = wilson(x1, n1, alpha), wilson(x2, n2, alpha)
    lower = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    return DifferenceInterval(
        difference=p1 - p2,
        lower=lower,
        upper=p1 - p2 + math.hypot(u1 - p1, p2 - l2),
        noninferior=None if margin is None else lower > -margin,
        margin=margin,
        method=Method(name="Newcombe 1998, method 10", confidence=1 - alpha, sides=2),
    )


def wilson(x: int, n: int, alpha: float) -> tuple[float, float]:
    """Wilson's score limits of one yield, two-sided."""
    z = normal_quantile(1 - alpha / 2)
    p, z2 = x / n, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def two_proportion_z(*, x1: int, n1: int, x2: int, n2: int) -> TwoProportionTest:
    """Two-sided z test of two yields with the pooled variance, for large counts."""
    x1, n1 = _arm("x1", x1, "n1", n1)
    x2, n2 = _arm("x2", x2, "n2", n2)
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    method = Method(name="Two-proportion z test, pooled variance", sides=2)
    if variance == 0:
        return TwoProportionTest(z=None, p_two_sided=None, enough=False, method=method)
    z = (x1 / n1 - x2 / n2) / math.sqrt(variance)
    p = 2 * normal_upper_tail(abs(z))
    return TwoProportionTest(z=z, p_two_sided=p, enough=True, method=method)


def fisher_exact(table: Sequence[Sequence[int]]) -> FisherTest:
    """Fisher's exact test of [[new fail, new pass], [incumbent fail, incumbent pass]].

    For small counts: each cell up to 100 000, each row with at least one unit. Two-sided p sums all
    tables that are no more probable than the one seen.
    """
    (a, b), (c, d) = _two_by_two(table)
    least, chances = hypergeometric(a + c, b + d, a + b)
    seen = chances[a - least] * (1 + 1e-7)
    return FisherTest(
        p_two_sided=min(1.0, math.fsum(chance for chance in chances if chance <= seen)),
        p_greater_new_fails_more=min(1.0, math.fsum(chances[a - least :])),
        method=Method(name="Fisher exact test", libraries=("scipy",)),
    )


def _arm(x_name: str, x: int, n_name: str, n: int) -> tuple[int, int]:
    n = inputs.integer(n_name, n, low=1)
    return inputs.integer(x_name, x, high=n), n


def _two_by_two(table: Sequence[Sequence[int]]) -> list[list[int]]:
    rows = inputs.sequence("table", table, least=2, most=2)
    cells = [
        [
            inputs.integer(f"table.{i}.{j}", cell, high=LARGEST_EXACT_CELL)
            for j, cell in enumerate(inputs.sequence(f"table.{i}", row, least=2, most=2))
        ]
        for i, row in enumerate(rows)
    ]
    for i, row in enumerate(cells):
        if sum(row) == 0:
            inputs.refuse(f"table.{i}", "no_units", "must hold at least one unit")
    return cells


def _fitted(p1: float, p2: float, theta: float, s: float) -> float:
    """The new yield under the hypothesis: root of the likelihood's cubic."""
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + s * (theta + 2))
    c = s * s + s * (2 * p1 + theta + 1) + p1 + theta * p2
    d = -p1 * s * (1 + s)
    v = b**3 / (27 * a**3) - b * c / (6 * a * a) + d / (2 * a)
    u = math.copysign(math.sqrt(max(0.0, b * b / (9 * a * a) - c / (3 * a))), v)
    cosine = 1.0 if u == 0 else min(1.0, max(-1.0, v / u**3))
    w = (math.pi + math.acos(cosine)) / 3
    return min(1.0, max(0.0, 2 * u * math.cos(w) - b / (3 * a)))
