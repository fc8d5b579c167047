"""Shipped defaults of the house rules about savings and incentives; none of them is a standard.

Each class is one versioned policy. Functions take the values as arguments and fall back to these.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class PoolPolicy:
    """The bonus pool: the allowed rate, the hold-back until the case is closed, and its limits.

    ``cap`` is the greatest pool of a case, ``person_cap`` the most that the pools of a calendar
    year give one person, ``year_cap`` the most of all pools of a year (0 = none); what is above
    them is not paid. Below ``floor`` a pool is carried forward. With ``leavers_paid`` somebody who
    left keeps their share.
    """

    policy_name: ClassVar[str] = "bonus_pool"
    least_rate: Decimal = Decimal("0.05")
    most_rate: Decimal = Decimal("0.10")
    rate: Decimal = Decimal("0.07")
    holdback: Decimal = Decimal(1)
    cap: Decimal = Decimal(0)
    person_cap: Decimal = Decimal(0)
    year_cap: Decimal = Decimal(0)
    floor: Decimal = Decimal(0)
    leavers_paid: bool = True


@dataclass(frozen=True)
class ContributionPolicy:
    """Points of the contribution proposal and the least share of a function that worked."""

    policy_name: ClassVar[str] = "contribution"
    per_hour: Decimal = Decimal(1)
    per_gate: Decimal = Decimal(8)
    per_pilot_lot: Decimal = Decimal(4)
    per_negotiation_round: Decimal = Decimal(4)
    per_fmea_row: Decimal = Decimal("0.5")
    per_sign_off: Decimal = Decimal(1)
    least_function_share: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class SavingsPolicy:
    """The savings window in months and the band outside which a saving is reviewed."""

    policy_name: ClassVar[str] = "savings"
    window_months: int = 12
    window_least: int = 6
    window_most: int = 24
    band_low_pct: Decimal = Decimal(5)
    band_high_pct: Decimal = Decimal(15)


@dataclass(frozen=True)
class KpiPolicy:
    """The shared target of a team and a year."""

    policy_name: ClassVar[str] = "kpi"
    conversions: int = 3
    cost_reduction_pct: Decimal = Decimal("5.0")
