"""Sizes of samples, and bounds from tests with few or no failures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from secondsource.core import inputs
from secondsource.core.distributions import beta_quantile, binomial_cdf, normal_quantile
from secondsource.core.provenance import Method

LARGEST_PLAN = 10**12
#: Digits that hold R^n exactly wherever it can equal 1 - C: a double has at most 326 decimals.
_DIGITS = 400
#: Up to this size a chance near 1 - C is computed again exactly.
_NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True)
class SuccessRun:
    """Units to test without a failure: ``n`` and the unrounded figure."""

    n: int
    raw: float
    confidence: float
    reliability: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class TestPlan:
    """Units to test when up to ``allowed_failures`` are accepted."""

    __test__ = False
    n: int
    allowed_failures: int
    confidence: float
    reliability: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class FailureBound:
    """Upper bound of the failure probability, as a fraction and in defective parts per million."""

    p_upper: float
    dppm: float
    n: int
    fails: int
    confidence: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class ArmSizes:
    """Units of the new source and of the incumbent."""

    n: int
    n_incumbent: int
    per_arm_equal: float
    method: Method


def success_run(*, confidence: float, reliability: float) -> SuccessRun:
    """Smallest n with R^n <= 1 - C: n = ln(1 - C) / ln R, rounded up, no failure allowed.

    ``confidence`` and ``reliability`` strictly between 0 and 1. The Bayes form with a uniform prior
    gives one unit less; this is the classical one, used by VDA and SAE.
    """
    confidence = inputs.open_probability("confidence", confidence)
    reliability = inputs.open_probability("reliability", reliability)
    raw = math.log1p(-confidence) / math.log(reliability)
    return SuccessRun(
        n=_confirmed(raw, confidence, reliability),
        raw=raw,
        confidence=confidence,
        reliability=reliability,
        method=Method(name="Success run, classical", confidence=confidence, sides=1),
    )


def binomial_plan(*, confidence: float, reliability: float, allowed_failures: int) -> TestPlan:
    """Smallest n whose binomial chance of at most f failures at reliability R is <= 1 - C.

    ``allowed_failures`` from 0 to 10 000.
    """
    confidence = inputs.open_probability("confidence", confidence)
    reliability = inputs.open_probability("reliability", reliability)
    failures = inputs.integer("allowed_failures", allowed_failures, high=10_000)
    n = first_true(lambda n: _shown(failures, n, confidence, reliability), failures + 1)
    if n is None:
        inputs.refuse("reliability", "out_of_range", f"needs more than {LARGEST_PLAN} units")
    return TestPlan(
        n=n,
        allowed_failures=failures,
        confidence=confidence,
        reliability=reliability,
        method=Method(
            name="Exact binomial plan", libraries=("scipy",), confidence=confidence, sides=1
        ),
    )


def failure_bound(*, n: int, fails: int = 0, confidence: float = 0.9) -> FailureBound:
    """The exact one-sided upper bound from ``fails`` failures in ``n`` units.

    Without failures it is 1 - (1 - C)^(1/n). A qualification sample without failures does not prove
    a low failure rate in service (JESD47). ``n`` at least 1, ``fails`` from 0 to n.
    """
    n = inputs.integer("n", n, low=1)
    fails = inputs.integer("fails", fails, high=n)
    confidence = inputs.open_probability("confidence", confidence)
    p_upper = _upper(n, fails, confidence)
    return FailureBound(
        p_upper=p_upper,
        dppm=1e6 * p_upper,
        n=n,
        fails=fails,
        confidence=confidence,
        method=Method(
            name="Exact binomial upper bound", libraries=("scipy",), confidence=confidence, sides=1
        ),
    )


def noninferiority_size(
    *,
    p_both: float,
    margin: float,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    incumbent_units: int | None = None,
) -> ArmSizes:
    """Units for showing that the new yield is less than ``margin`` below the incumbent's.

    Normal approximation with the same true yield ``p_both`` in both arms (strictly between 0 and
    1), one-sided ``alpha``. ``ratio`` is incumbent units per new unit; ``incumbent_units``, when
    given, is the incumbent's fixed history and replaces the ratio.
    """
    equal = _per_arm(p_both, margin, alpha, power)
    ratio = inputs.number("ratio", ratio, above=0, high=1e6)
    if incumbent_units is None:
        n = math.ceil(equal * (1 + 1 / ratio) / 2)
        n_incumbent = math.ceil(n * Decimal(repr(ratio)))
    else:
        n_incumbent = inputs.integer("incumbent_units", incumbent_units, low=1)
        n = _against_history(equal, n_incumbent)
    return ArmSizes(
        n=n,
        n_incumbent=n_incumbent,
        per_arm_equal=equal,
        method=Method(name="Normal approximation of two yields", confidence=1 - alpha, sides=1),
    )


def first_true(holds: Callable[[int], bool], start: int, end: int = LARGEST_PLAN) -> int | None:
    """Smallest n from ``start`` with ``holds(n)``, for a condition that stays true once true.

    None when it does not hold up to ``end``.
    """
    if holds(start):
        return start
    low, step = start, 1
    while not holds(low + step):
        low, step = low + step, step * 2
        if low > end:
            return None
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _confirmed(raw: float, confidence: float, reliability: float) -> int:
    """The rounded logarithm, corrected by R^n <= 1 - C in decimals: a float misses equality."""
    n = max(1, math.ceil(raw))
    while n > 1 and _shown_exactly(0, n - 1, confidence, reliability):
        n -= 1
    return n if _shown_exactly(0, n, confidence, reliability) else n + 1


def _shown(failures: int, n: int, confidence: float, reliability: float) -> bool:
    """Whether at most ``failures`` in ``n`` units has a chance of at most 1 - C."""
    chance, allowed = binomial_cdf(failures, n, 1 - reliability), 1 - confidence
    if abs(chance - allowed) > _NEARLY * allowed:
        return chance <= allowed
    return _shown_exactly(failures, n, confidence, reliability)


def _shown_exactly(failures: int, n: int, confidence: float, reliability: float) -> bool:
    """The same in decimals."""
    with localcontext(prec=_DIGITS):
        good, allowed = Decimal(repr(reliability)), 1 - Decimal(repr(confidence))
        term, chance = good**n, Decimal(0)
        for k in range(failures + 1):
            chance += term
            term = term * (n - k) * (1 - good) / ((k + 1) * good)
        return chance <= allowed


def _upper(n: int, fails: int, confidence: float) -> float:
    if fails == n:
        return 1.0
    if fails == 0:
        return -math.expm1(math.log1p(-confidence) / n)
    return beta_quantile(confidence, fails + 1, n - fails)


def _per_arm(p_both: float, margin: float, alpha: float, power: float) -> float:
    p = inputs.open_probability("p_both", p_both)
    margin = inputs.number("margin", margin, low=1e-6, below=1)
    alpha = inputs.open_probability("alpha", alpha)
    power = inputs.open_probability("power", power)
    z = normal_quantile(1 - alpha) + normal_quantile(power)
    if z <= 0:
        inputs.refuse("power", "out_of_range", f"must be above alpha ({alpha:g})")
    return z * z * 2 * p * (1 - p) / (margin * margin)


def _against_history(equal: float, incumbent_units: int) -> int:
    free = 1 - equal / (2 * incumbent_units)
    if free <= 0:
        inputs.refuse(
            "incumbent_units", "too_few", f"must be above {math.ceil(equal / 2)} for this margin"
        )
    return math.ceil(equal / 2 / free)
