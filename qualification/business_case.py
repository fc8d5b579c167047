"""Business case of a second source: payback, net present value, timing, where to start.

Rates and cash flows are estimates and therefore floats; posted amounts are decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from qualification.house_rules import StartSmallPolicy, TimingPolicy
from secondsource.core import inputs
from secondsource.core.provenance import Method

CashTiming = Literal["year-end", "mid-year"]
RiskClass = Literal["low", "medium", "high"]
PHASES = ("concept", "development", "design_freeze", "pilot", "mass_production")
TIMING = TimingPolicy()
START_SMALL = StartSmallPolicy()
PAYBACK_METHOD = Method(name="Simple payback, undiscounted")
MOST_PERIODS = 600
MOST_CASH = 1e12


@dataclass(frozen=True, kw_only=True)
class PresentValue:
    """Net present value, and rate of return and discounted payback where they exist.

    ``irr`` is None unless the flows change sign exactly once; the payback is None if there is none.
    """

    npv: float
    irr: float | None
    discounted_payback_years: float | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class MonthlyValue:
    """Net present value of a monthly saving at the effective monthly rate."""

    monthly_rate: float
    npv: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Relative cost of a change in a phase, and whether a start needs a reason."""

    cost_factor: int
    best_time: bool
    needs_reason: bool


@dataclass(frozen=True, kw_only=True)
class StartCandidate:
    """A candidate of start-small. Without a quote ``saving`` is None and spend × 8 % is used."""

    key: str
    risk_class: RiskClass
    lifecycle_active: bool
    has_clear_candidate: bool
    spend: Decimal | None
    exposure: Decimal
    saving: Decimal | None = None


def payback_months(*, one_time_cost: float, net_saving_per_month: float) -> float | None:
    """Cost ÷ monthly net saving, undiscounted; None (never) when nothing is saved."""
    cost = inputs.number("one_time_cost", one_time_cost, low=0, high=MOST_CASH)
    saving = inputs.number(
        "net_saving_per_month", net_saving_per_month, low=-MOST_CASH, high=MOST_CASH
    )
    if saving <= 0:
        return None
    months = cost / saving
    if not math.isfinite(months):
        inputs.refuse("net_saving_per_month", "out_of_range", "must be 0 or at least 1e-290")
    return months


def present_value(
    *, cashflows: Sequence[float], rate: float, timing: CashTiming = "year-end"
) -> PresentValue:
    """NPV = Σ CF_t ÷ (1 + r)^t from period 0 (now) on, one period a year, at most 600.

    ``rate`` above -1 to 10 a year. "mid-year" puts every flow after the first half a year earlier.
    The rate of return is given only for exactly one change of sign.
    """
    flows = inputs.sequence("cashflows", cashflows, most=MOST_PERIODS)
    cash = [
        inputs.number(f"cashflows.{i}", flow, low=-MOST_CASH, high=MOST_CASH)
        for i, flow in enumerate(flows)
    ]
    rate = inputs.number("rate", rate, low=-0.99, high=10)
    mid = inputs.choice("timing", timing, ("year-end", "mid-year")) == "mid-year"
    times = [max(0.0, t - 0.5) if mid else float(t) for t in range(len(cash))]
    discounted = [flow / (1 + rate) ** t for flow, t in zip(cash, times, strict=True)]
    return PresentValue(
        npv=_net_present(cash, rate, mid),
        irr=_rate_of_return(cash, times),
        discounted_payback_years=_payback(discounted),
        method=Method(name=f"Net present value, {timing}", libraries=("numpy-financial",)),
    )


def monthly_value(*, cost: float, monthly: float, months: int, annual_rate: float) -> MonthlyValue:
    """A one-time cost now and a saving at the end of each of ``months`` (1 to 600) months.

    The monthly rate is the effective one: (1 + r)^(1/12) - 1.
    """
    cost = inputs.number("cost", cost, low=0, high=MOST_CASH)
    monthly = inputs.number("monthly", monthly, low=-MOST_CASH, high=MOST_CASH)
    months = inputs.integer("months", months, low=1, high=MOST_PERIODS)
    rate = inputs.number("annual_rate", annual_rate, low=-0.99, high=10)
    effective = (1 + rate) ** (1 / 12) - 1
    return MonthlyValue(
        monthly_rate=effective,
        npv=_net_present([-cost, *[monthly] * months], effective, mid=False),
        method=Method(
            name="Net present value, month-end, effective rate", libraries=("numpy-financial",)
        ),
    )


def timing(*, phase: str, policy: TimingPolicy = TIMING) -> Timing:
    """Relative cost of changing a part in a product's phase; development is the best time.

    A start from design freeze on needs a reason.
    """
    word = inputs.choice("phase", phase, PHASES)
    return Timing(
        cost_factor=int(getattr(policy, word)),
        best_time=word == "development",
        needs_reason=PHASES.index(word) >= PHASES.index("design_freeze"),
    )


def start_small(
    candidates: Sequence[StartCandidate], *, policy: StartSmallPolicy = START_SMALL, most: int = 10
) -> list[tuple[StartCandidate, Decimal]]:
    """The best cases to begin with, by (saving + 0.05 × exposure) ÷ effort days.

    Eligible are parts of low risk class, active lifecycle and a candidate without a blocking
    verdict; a part whose saving and spend are both missing is left out, never counted as 0.
    """
    ranked = [
        (candidate, (saving + policy.exposure_weight * candidate.exposure) / effort)
        for candidate in candidates
        if _eligible(candidate) and (saving := _expected_saving(candidate, policy)) is not None
        for effort in [getattr(policy, f"effort_days_{candidate.risk_class}")]
    ]
    ranked.sort(key=lambda pair: (-pair[1], pair[0].key))
    return ranked[: inputs.integer("most", most, low=1, high=inputs.MAX_LIST)]


def _net_present(cash: Sequence[float], rate: float, mid: bool) -> float:
    import numpy_financial

    if not mid:
        return float(numpy_financial.npv(rate, cash))
    later = float(numpy_financial.npv(rate, [0.0, *cash[1:]]))
    return cash[0] + later * (1 + rate) ** 0.5


def _rate_of_return(cash: Sequence[float], times: Sequence[float]) -> float | None:
    signs = [flow > 0 for flow in cash if flow]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes != 1:
        return None

    def value(log_growth: float) -> float:
        return math.fsum(f * math.exp(-log_growth * t) for f, t in zip(cash, times, strict=True))

    low, high = _bracket(value)
    return None if low is None or high is None else math.expm1(_root(value, low, high))


def _bracket(value: Callable[[float], float]) -> tuple[float | None, float | None]:
    reach = 0.01
    while reach < 6:
        if value(-reach) * value(reach) <= 0:
            return -reach, reach
        reach *= 2
    return None, None


def _root(value: Callable[[float], float], low: float, high: float) -> float:
    """The single root between the ends by bisection, because importing a solver takes seconds."""
    rising = value(low) < value(high)
    while high - low > 1e-14 * max(1.0, abs(low)):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if (value(middle) < 0) == rising else (low, middle)
    return (low + high) / 2


def _payback(discounted: Sequence[float]) -> float | None:
    """Years until the running sum stays at or above 0, linear within a year, two decimals."""
    total, paid = 0.0, None
    for period, flow in enumerate(discounted):
        before, total = total, total + flow
        if total >= 0 and paid is None:
            paid = float(period) if period == 0 else period - 1 + -before / flow
        elif total < 0:
            paid = None
    return None if paid is None else round(paid, 2)


def _eligible(candidate: StartCandidate) -> bool:
    return (
        candidate.risk_class == "low"
        and candidate.lifecycle_active
        and candidate.has_clear_candidate
    )


def _expected_saving(candidate: StartCandidate, policy: StartSmallPolicy) -> Decimal | None:
    if candidate.saving is not None:
        return candidate.saving
    return None if candidate.spend is None else candidate.spend * policy.saving_rate
