"""Parametric comparison of two sources: difference (Welch) and equivalence (TOST).

Equivalence is shown against limits set before the data are seen. Tests of several parameters for a
difference use Holm's correction; several required equivalences need none, because all must hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from secondsource.core import inputs
from secondsource.core.distributions import student_quantile, student_upper_tail, variance
from secondsource.core.provenance import Method


@dataclass(frozen=True, kw_only=True)
class WelchTest:
    """New minus incumbent; t, df and p are None when neither sample varies."""

    diff: float
    t: float | None
    df: float | None
    p: float | None
    enough: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class EquivalenceTest:
    """Two one-sided tests; equivalent when both reject, i.e. the interval lies inside the limits.

    ``interval`` is the 1 - 2·alpha confidence interval of the difference.
    """

    diff: float
    p_lower: float | None
    p_upper: float | None
    p: float | None
    interval: tuple[float, float] | None
    equivalent: bool | None
    enough: bool
    method: Method


def welch(*, new: Sequence[float], incumbent: Sequence[float]) -> WelchTest:
    """Two-sided t test with unequal variances (Welch, Satterthwaite's degrees of freedom).

    Each sample holds 2 to 100 000 finite values in the same unit.
    """
    diff, error, df = _difference(new, incumbent)
    method = Method(name="Welch t test, Satterthwaite df", libraries=("scipy",), sides=2)
    if error == 0:
        return WelchTest(diff=diff, t=None, df=None, p=None, enough=False, method=method)
    t = diff / error
    p = 2 * student_upper_tail(abs(t), df)
    return WelchTest(diff=diff, t=t, df=df, p=p, enough=True, method=method)


def tost(
    *,
    new: Sequence[float],
    incumbent: Sequence[float],
    low: float,
    high: float,
    alpha: float = 0.05,
) -> EquivalenceTest:
    """Schuirmann's 1987 two one-sided tests with unequal variances.

    ``low`` and ``high`` bound the difference new minus incumbent in the data's unit, low below
    high.
    """
    low = inputs.number("low", low)
    high = inputs.number("high", high)
    if low >= high:
        inputs.refuse("low", "limit_order", f"must be below the high limit of {high:g}")
    alpha = inputs.open_probability("alpha", inputs.number("alpha", alpha, above=0, below=0.5))
    diff, error, df = _difference(new, incumbent)
    method = Method(
        name="TOST, Schuirmann 1987", libraries=("scipy",), confidence=1 - 2 * alpha, sides=2
    )
    if error == 0:
        return EquivalenceTest(
            diff=diff,
            p_lower=None,
            p_upper=None,
            p=None,
            interval=None,
            equivalent=None,
            enough=False,
            method=method,
        )
    p_lower = student_upper_tail((diff - low) / error, df)
    p_upper = student_upper_tail((high - diff) / error, df)
    reach = student_quantile(1 - alpha, df) * error
    return EquivalenceTest(
        diff=diff,
        p_lower=p_lower,
        p_upper=p_upper,
        p=max(p_lower, p_upper),
        interval=(diff - reach, diff + reach),
        equivalent=max(p_lower, p_upper) < alpha,
        enough=True,
        method=method,
    )


def default_limit(*, lower_limit: float, upper_limit: float, share: float = 0.10) -> float:
    """The house's equivalence limit: a share (10 %) of the tolerance width, in its unit."""
    low = inputs.number("lower_limit", lower_limit)
    high = inputs.number("upper_limit", upper_limit)
    if low >= high:
        inputs.refuse("lower_limit", "limit_order", f"must be below the upper limit of {high:g}")
    return (high - low) * inputs.number("share", share, above=0, high=1)


def _difference(new: Sequence[float], incumbent: Sequence[float]) -> tuple[float, float, float]:
    """Difference of the means, its standard error and Satterthwaite's degrees of freedom."""
    a, b = inputs.series("new", new, least=2), inputs.series("incumbent", incumbent, least=2)
    va, vb = variance(a) / len(a), variance(b) / len(b)
    diff, total = fmean(a) - fmean(b), va + vb
    if total == 0:
        return diff, 0.0, 0.0
    df = total**2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    return diff, math.sqrt(total), df
