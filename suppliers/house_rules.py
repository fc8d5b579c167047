"""Shipped defaults of the house rules that calculations about suppliers use; none is a standard.

Each class is one versioned policy. Functions take the values as arguments and fall back to these.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class IndependencePolicy:
    """Common-cause fractions (beta) by the attribute that two sources share, and the badges."""

    policy_name: ClassVar[str] = "independence"
    beta_none: float = 0.02
    beta_country: float = 0.10
    beta_group: float = 1.0
    beta_freight_lane: float = 0.10
    beta_licence: float = 0.10
    beta_tool: float = 0.10
    beta_sub_tier: float = 0.30
    beta_assembly: float = 0.50
    beta_fab: float = 1.0
    beta_die: float = 1.0
    independent_up_to: float = 0.02
    nominal_from: float = 0.5


@dataclass(frozen=True)
class TakeoverPolicy:
    """The most months of an approval that was taken over."""

    policy_name: ClassVar[str] = "takeover"
    months_at_most: int = 12


@dataclass(frozen=True)
class SpendPolicy:
    """The window of receipts in a part's yearly spend."""

    policy_name: ClassVar[str] = "spend"
    months: int = 12


@dataclass(frozen=True)
class DeliveryPolicy:
    """The on-time window in days against the first confirmed date: early is negative."""

    policy_name: ClassVar[str] = "delivery"
    days_early: int = -5
    days_late: int = 0


@dataclass(frozen=True)
class ScorecardPolicy:
    """Weights of the supplier score and of the parts of its quality and delivery categories."""

    policy_name: ClassVar[str] = "scorecard"
    quality: float = 0.30
    delivery: float = 0.25
    cost: float = 0.20
    response: float = 0.10
    technology: float = 0.05
    esg: float = 0.10
    dppm_weight: float = 0.6
    lar_weight: float = 0.3
    scar_weight: float = 0.1
    points_per_repeat_scar: float = 10.0
    dppm_decades_to_zero: float = 4.0
    otd_weight: float = 0.6
    otif_weight: float = 0.4


@dataclass(frozen=True)
class ResponsePolicy:
    """Days from the request to containment (D3), root cause (D5) and closure (D8) of an 8D."""

    policy_name: ClassVar[str] = "response"
    contain_days: int = 2
    cause_days: int = 14
    close_days: int = 30


@dataclass(frozen=True)
class StandingPolicy:
    """Thresholds of the supplier standing and the number of consecutive monthly scores."""

    policy_name: ClassVar[str] = "standing"
    up_from_probation: float = 70.0
    up_from_approved: float = 85.0
    down_from_preferred: float = 80.0
    down_from_approved: float = 65.0
    down_from_probation: float = 45.0
    periods: int = 2


@dataclass(frozen=True)
class DriftPolicy:
    """When a supplier's measures count as drifting."""

    policy_name: ClassVar[str] = "drift"
    recent_months: int = 3
    earlier_months: int = 12
    significance: float = 0.01
    least_lots: int = 10


@dataclass(frozen=True)
class SplitPolicy:
    """The share of a second source that keeps it able to deliver."""

    policy_name: ClassVar[str] = "split"
    warm_share: Decimal = Decimal("0.20")
    frontier_step: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class NearshorePolicy:
    """What counts as near."""

    policy_name: ClassVar[str] = "nearshore"
    transit_days: float = 10.0


@dataclass(frozen=True)
class LifecyclePolicy:
    """Risk of each lifecycle status, 100 = worst, and how long a status is valid."""

    policy_name: ClassVar[str] = "lifecycle"
    introduction: float = 0.0
    growth: float = 10.0
    mature: float = 25.0
    decline: float = 50.0
    nrnd: float = 60.0
    phase_out: float = 80.0
    last_time_buy: float = 100.0
    discontinued: float = 100.0
    stale_after_days: int = 180


@dataclass(frozen=True)
class PreferredPolicy:
    """From when on the facts of a part are good or poor for a new design."""

    policy_name: ClassVar[str] = "preferred"
    least_independent: int = 2
    lead_good_wk: float = 12.0
    lead_fair_wk: float = 26.0
    least_offers: int = 2


@dataclass(frozen=True)
class EsgPolicy:
    """CDP letters on the 0 to 100 scale."""

    policy_name: ClassVar[str] = "esg"
    cdp_a: float = 100.0
    cdp_a_minus: float = 90.0
    cdp_b: float = 75.0
    cdp_b_minus: float = 65.0
    cdp_c: float = 50.0
    cdp_c_minus: float = 40.0
    cdp_d: float = 25.0
    cdp_d_minus: float = 15.0
    cdp_f: float = 0.0


@dataclass(frozen=True)
class TcoPolicy:
    """What a unit costs beside its quoted price; ``duty_on_freight``: customs value is CIF."""

    policy_name: ClassVar[str] = "tco"
    carry_rate: Decimal = Decimal("0.18")
    days_held: int = 60
    quality_cost_rate: Decimal = Decimal("0.015")
    duty_on_freight: bool = True
