"""Process capability of a measured parameter, with the bound that a sample supports.

Pp and Ppk use the overall standard deviation; Cp and Cpk use the one within subgroups and are
meaningful only for a stable process. A negative index is valid: the mean lies outside the limits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from secondsource.core import inputs
from secondsource.core.distributions import (
    chi_square_quantile,
    noncentral_t_cdf,
    normal_quantile,
    variance,
)
from secondsource.core.provenance import Method

D2 = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847}
"""Mean range of n standard normal values, by subgroup size."""


@dataclass(frozen=True, kw_only=True)
class Capability:
    """Indices of one parameter; None if the specification or the data do not allow one.

    With a one-sided specification only that side's index exists, and neither Pp nor Cp.
    ``enough`` is False when all values are equal: the resolution is too low.
    """

    n: int
    mean: float
    s_overall: float
    pp: float | None
    ppk: float | None
    ppk_lower: float | None
    mean_range: float | None
    d2: float | None
    s_within: float | None
    cp: float | None
    cpk: float | None
    subgroups: int
    enough: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class IndexBound:
    """One-sided lower bound of an index; ``bissell`` is the approximation where both exist."""

    lower: float
    bissell: float | None
    index: float
    n: int
    method: Method


def capability(
    data: Sequence[float],
    *,
    lower_limit: float | None = None,
    upper_limit: float | None = None,
    subgroup: int | None = None,
    confidence: float = 0.95,
) -> Capability:
    """Pp, Ppk and, with subgroups of 2 to 8 consecutive values, Cp and Cpk.

    ``data`` holds 2 to 100 000 values in the limits' unit, in the order measured; values after the
    last full subgroup count for the overall figures only. At least one limit, the lower below the
    upper.
    """
    values = inputs.series("data", data, least=2)
    low, high = _limits(lower_limit, upper_limit)
    confidence = inputs.open_probability("confidence", confidence)
    mean, s = fmean(values), math.sqrt(variance(values))
    ranges, d2 = _ranges(values, subgroup)
    mean_range = fmean(ranges) if ranges else None
    s_within = mean_range / d2 if mean_range is not None and d2 else None
    ppk = _one_index(mean, s, low, high)
    return Capability(
        n=len(values),
        mean=mean,
        s_overall=s,
        pp=_spread_index(s, low, high),
        ppk=ppk,
        ppk_lower=None if ppk is None else _bissell(ppk, len(values), confidence),
        mean_range=mean_range,
        d2=d2,
        s_within=s_within,
        cp=_spread_index(s_within, low, high),
        cpk=_one_index(mean, s_within, low, high),
        subgroups=len(ranges),
        enough=s > 0,
        method=Method(
            name="Overall and within-subgroup standard deviation (mean range)",
            standard="AIAG SPC, 2nd ed. 2005; ISO 22514-2:2017",
            confidence=confidence,
            sides=1,
        ),
    )


def ppk_bound(*, ppk: float, n: int, confidence: float = 0.95) -> IndexBound:
    """Bissell's 1990 approximate lower bound of Ppk or Cpk from ``n`` values."""
    ppk, n, confidence = _index_inputs("ppk", ppk, n, confidence)
    lower = _bissell(ppk, n, confidence)
    method = Method(name="Bissell 1990", confidence=confidence, sides=1)
    return IndexBound(lower=lower, bissell=lower, index=ppk, n=n, method=method)


def cp_bound(*, cp: float, n: int, confidence: float = 0.95) -> IndexBound:
    """Exact lower bound of Cp or Pp: Ĉ·√(χ²(1 - C; n - 1) ÷ (n - 1)); Cp is never negative."""
    cp = inputs.number("cp", cp, low=0, high=1000)
    _, n, confidence = _index_inputs("cp", cp, n, confidence)
    lower = cp * math.sqrt(chi_square_quantile(1 - confidence, n - 1) / (n - 1))
    method = Method(
        name="Exact by chi-square", libraries=("scipy",), confidence=confidence, sides=1
    )
    return IndexBound(lower=lower, bissell=None, index=cp, n=n, method=method)


def one_sided_bound(*, index: float, n: int, confidence: float = 0.95) -> IndexBound:
    """Exact lower bound of a one-sided index (Cpl, Cpu) by the noncentral t distribution.

    Solves F(3Ĉ√n; n - 1, 3c√n) = C for c, to 1e-10.
    """
    index, n, confidence = _index_inputs("index", index, n, confidence)
    inputs.integer("n", n, low=2, high=100_000)
    inputs.number("index", index, low=-10, high=10)
    seen = 3 * index * math.sqrt(n)

    def too_low(c: float) -> bool:
        return noncentral_t_cdf(seen, n - 1, 3 * c * math.sqrt(n)) > confidence

    method = Method(
        name="Exact by noncentral t", libraries=("scipy",), confidence=confidence, sides=1
    )
    lower = _bisect(too_low, _bissell(index, n, confidence))
    bissell = _bissell(index, n, confidence)
    return IndexBound(lower=lower, bissell=bissell, index=index, n=n, method=method)


def _limits(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    if low is None and high is None:
        inputs.refuse("lower_limit", "missing", "must be given, or the upper limit")
    low = None if low is None else inputs.number("lower_limit", low)
    high = None if high is None else inputs.number("upper_limit", high)
    if low is not None and high is not None and low >= high:
        inputs.refuse("lower_limit", "limit_order", f"must be below the upper limit of {high:g}")
    return low, high


def _ranges(values: Sequence[float], subgroup: int | None) -> tuple[list[float], float | None]:
    if subgroup is None:
        return [], None
    size = inputs.integer("subgroup", subgroup, low=2, high=8)
    whole = len(values) // size
    if whole == 0:
        inputs.refuse("subgroup", "out_of_range", f"must be at most the {len(values)} values")
    groups = (values[i * size : (i + 1) * size] for i in range(whole))
    return [max(group) - min(group) for group in groups], D2[size]


def _spread_index(s: float | None, low: float | None, high: float | None) -> float | None:
    return (high - low) / (6 * s) if s and low is not None and high is not None else None


def _one_index(mean: float, s: float | None, low: float | None, high: float | None) -> float | None:
    if not s:
        return None
    distances = [] if high is None else [high - mean]
    distances += [] if low is None else [mean - low]
    return min(distances) / (3 * s)


def _index_inputs(field: str, index: float, n: int, confidence: float) -> tuple[float, int, float]:
    index = inputs.number(field, index, low=-1000, high=1000)
    n = inputs.integer("n", n, low=2)
    return index, n, inputs.open_probability("confidence", confidence)


def _bissell(index: float, n: int, confidence: float) -> float:
    spread = math.sqrt(1 / (9 * n) + index * index / (2 * (n - 1)))
    return index - normal_quantile(confidence) * spread


def _bisect(too_low: object, start: float) -> float:
    assert callable(too_low)
    low, high = start - 1.0, start + 1.0
    while not too_low(low):
        low -= 2 * (high - low)
    while too_low(high):
        high += 2 * (high - low)
    while high - low > 1e-10:
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2
