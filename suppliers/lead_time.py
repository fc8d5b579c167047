"""Lead times of two sources and the stock that they require. All times in days.

Two lead times are read as uniform ranges (our reading of "40 to 80 days"); integrals over them are
exact, because every integrand is a polynomial between the ranges' ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from secondsource.core import inputs
from secondsource.core.distributions import normal_quantile
from secondsource.core.provenance import Method

Dependence = Literal["independent", "perfect"]
LONGEST_DAYS = 3_650.0
_NODE = 1 / math.sqrt(3)


@dataclass(frozen=True, kw_only=True)
class TwoSources:
    """First and last arrival of two orders, and the units that arrived by a due day.

    ``fraction`` is the expected part of the units, ``p_complete`` the chance of all,
    ``p_something`` of any; the three are None without a due day.
    """

    mean_incumbent: float
    mean_second: float
    expected_first: float
    expected_last: float
    sd_first: float
    p_second_first: float
    mean_unit_weighted: float
    fraction: float | None
    p_complete: float | None
    p_something: float | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class SafetyStock:
    """Safety stock and reorder point in units for a cycle service level (not a fill rate)."""

    z: float
    safety_stock: float
    reorder_point: float
    method: Method


@dataclass(frozen=True)
class _Range:
    low: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    def below(self, t: float) -> float:
        if self.high == self.low:
            return 1.0 if t >= self.low else 0.0
        return min(1.0, max(0.0, (t - self.low) / (self.high - self.low)))

    def at(self, u: float) -> float:
        return self.low + u * (self.high - self.low)


def two_sources(
    *,
    incumbent: Sequence[float],
    second: Sequence[float],
    dependence: Dependence = "independent",
    split_second: float = 0.5,
    due_day: float | None = None,
) -> TwoSources:
    """Arrival of two orders placed at once, each lead time uniform in ``[low, high]`` days.

    ``dependence`` "perfect" means that both are late together, so that a second order of the same
    range has no effect. ``split_second`` is the second source's share of the units, 0 to 1.
    """
    a, b = _range("incumbent", incumbent), _range("second", second)
    together = inputs.choice("dependence", dependence, ("independent", "perfect")) == "perfect"
    share = inputs.probability("split_second", split_second)
    first, square, p_second = _dependent(a, b) if together else _independent(a, b)
    fraction, complete, something = _by_day(a, b, share, due_day, together)
    return TwoSources(
        mean_incumbent=a.mean,
        mean_second=b.mean,
        expected_first=first,
        expected_last=a.mean + b.mean - first,
        sd_first=math.sqrt(max(0.0, square - first * first)),
        p_second_first=p_second,
        mean_unit_weighted=(1 - share) * a.mean + share * b.mean,
        fraction=fraction,
        p_complete=complete,
        p_something=something,
        method=Method(name="Order statistics of two uniform lead times", design_choice=True),
    )


def safety_stock(
    *,
    service: float,
    lead_mean_days: float,
    demand_sd_day: float,
    demand_day: float,
    lead_sd_days: float = 0.0,
) -> SafetyStock:
    """SS = z·√(L·σd² + d²·σL²), reorder point d·L + SS; daily demand, lead time in days.

    ``service`` is the chance of no stock-out per cycle, at least 0.5 and below 1.
    """
    service = inputs.number("service", service, low=0.5, below=1.0)
    lead = inputs.number("lead_mean_days", lead_mean_days, low=0, high=LONGEST_DAYS)
    sd_demand = inputs.number("demand_sd_day", demand_sd_day, low=0, high=1e12)
    demand = inputs.number("demand_day", demand_day, low=0, high=1e12)
    sd_lead = inputs.number("lead_sd_days", lead_sd_days, low=0, high=LONGEST_DAYS)
    z = normal_quantile(service)
    stock = z * math.sqrt(lead * sd_demand**2 + demand**2 * sd_lead**2)
    return SafetyStock(
        z=z,
        safety_stock=stock,
        reorder_point=demand * lead + stock,
        method=Method(name="Safety stock for a cycle service level, normal demand"),
    )


def percentiles(lead_times: Sequence[float]) -> dict[str, float] | None:
    """p10, p50 and p90 of observed lead times in days; None with fewer than 10 of them."""
    values = sorted(inputs.series("lead_times", lead_times, least=0))
    if len(values) < 10:
        return None
    return {name: _quantile(values, q) for name, q in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))}


def _range(field: str, ends: Sequence[float]) -> _Range:
    low, high = (
        inputs.number(f"{field}.{i}", end, low=0, high=LONGEST_DAYS)
        for i, end in enumerate(inputs.sequence(field, ends, least=2, most=2))
    )
    if low > high:
        inputs.refuse(field, "limit_order", "must be [earliest, latest] in this order")
    return _Range(low, high)


def _independent(a: _Range, b: _Range) -> tuple[float, float, float]:
    corners = [0.0, a.low, a.high, b.low, b.high]

    def both_open(t: float) -> float:
        return (1 - a.below(t)) * (1 - b.below(t))

    first = _integral(both_open, corners)
    square = _integral(lambda t: 2 * t * both_open(t), corners)
    return first, square, _chance_second_first(a, b, corners)


def _chance_second_first(a: _Range, b: _Range, corners: list[float]) -> float:
    if b.high == b.low:
        return 1 - a.below(b.low)
    inside = [b.low, b.high, *(c for c in corners if b.low < c < b.high)]
    return _integral(lambda t: 1 - a.below(t), inside) / (b.high - b.low)


def _dependent(a: _Range, b: _Range) -> tuple[float, float, float]:
    tilt = (a.high - a.low) - (b.high - b.low)
    crossing = (b.low - a.low) / tilt if tilt else 0.0
    corners = [0.0, 1.0, *([crossing] if 0 < crossing < 1 else [])]
    first = _integral(lambda u: min(a.at(u), b.at(u)), corners)
    square = _integral(lambda u: min(a.at(u), b.at(u)) ** 2, corners)
    return first, square, _integral(lambda u: float(b.at(u) < a.at(u)), corners)


def _integral(function: Callable[[float], float], corners: Sequence[float]) -> float:
    """Two-point Gauss-Legendre between the corners, exact for cubic pieces."""
    points = sorted(set(corners))
    total = 0.0
    for low, high in pairwise(points):
        middle, half = (low + high) / 2, (high - low) / 2
        total += half * (function(middle - half * _NODE) + function(middle + half * _NODE))
    return total


def _by_day(
    a: _Range, b: _Range, share: float, due_day: float | None, together: bool
) -> tuple[float | None, float | None, float | None]:
    if due_day is None:
        return None, None, None
    day = inputs.number("due_day", due_day, low=0, high=LONGEST_DAYS)
    pa, pb = a.below(day), b.below(day)
    fraction = (1 - share) * pa + share * pb
    if together:
        return fraction, min(pa, pb), max(pa, pb)
    return fraction, pa * pb, 1 - (1 - pa) * (1 - pb)


def _quantile(ordered: Sequence[float], q: float) -> float:
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
