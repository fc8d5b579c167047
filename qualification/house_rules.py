"""Shipped defaults of the house rules about qualification and risk; none of them is a standard.

Each class is one versioned policy. Functions take the values as arguments and fall back to these.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class PilotPolicy:
    """The pilot gate: margin in absolute yield points, one-sided significance, heterogeneity."""

    policy_name: ClassVar[str] = "pilot"
    margin: float = 0.02
    alpha: float = 0.05
    heterogeneity_p: float = 0.10
    equivalence_tolerance_share: float = 0.10


@dataclass(frozen=True)
class RiskPolicy:
    """Weights, bands and reference values of the composite supply risk."""

    policy_name: ClassVar[str] = "risk"
    concentration: float = 0.25
    exposure: float = 0.25
    lifecycle: float = 0.15
    lead_time: float = 0.10
    quality: float = 0.10
    geo: float = 0.10
    esg: float = 0.05
    medium_from: float = 30.0
    high_from: float = 60.0
    least_coverage: float = 0.7
    lead_time_zero_days: float = 28.0
    lead_time_full_days: float = 182.0
    exposure_reference: Decimal = Decimal("1000000")
    unlikely_from: float = 20.0
    possible_from: float = 40.0
    likely_from: float = 60.0
    very_likely_from: float = 80.0
    impact_2_from: Decimal = Decimal("100000")
    impact_3_from: Decimal = Decimal("500000")
    impact_4_from: Decimal = Decimal("2000000")
    impact_5_from: Decimal = Decimal("10000000")
    recover_fab_wk: float = 26.0
    recover_assembly_wk: float = 13.0
    recover_test_wk: float = 8.0
    recover_warehouse_wk: float = 4.0


@dataclass(frozen=True)
class TimingPolicy:
    """Relative cost of a change by the phase of the product."""

    policy_name: ClassVar[str] = "timing"
    concept: int = 1
    development: int = 1
    design_freeze: int = 3
    pilot: int = 5
    mass_production: int = 10


@dataclass(frozen=True)
class BusinessCasePolicy:
    """What a business case proposes: cost of an hour, share of the candidate, discount, horizon."""

    policy_name: ClassVar[str] = "business_case"
    rate_per_hour: Decimal = Decimal(85)
    hours_a_day: Decimal = Decimal(8)
    planned_share: Decimal = Decimal("0.4")
    discount_rate: Decimal = Decimal("0.10")
    horizon_months: int = 36


@dataclass(frozen=True)
class InterimPolicy:
    """The most days of an interim approval."""

    policy_name: ClassVar[str] = "interim"
    days_at_most: int = 180


@dataclass(frozen=True)
class ComponentTestPolicy:
    """The most months of generic data, and the confidence of what a test shows."""

    policy_name: ClassVar[str] = "component_tests"
    generic_months: int = 60
    confidence: float = 0.9


@dataclass(frozen=True)
class InspectionPolicy:
    """The acceptance quality limit of incoming inspections, in per cent."""

    policy_name: ClassVar[str] = "inspection"
    aql: str = "1.0"


@dataclass(frozen=True)
class PpapPolicy:
    """The PPAP submission level by the risk class of a case."""

    policy_name: ClassVar[str] = "ppap"
    level_low: int = 1
    level_medium: int = 3
    level_high: int = 3


@dataclass(frozen=True)
class GatePlanPolicy:
    """Days for each gate by the risk class of a case, from which its dates are planned."""

    policy_name: ClassVar[str] = "gate_plan"
    low_business_case: int = 7
    low_spec_review: int = 10
    low_fmea: int = 7
    low_pilot_build: int = 21
    low_approval: int = 7
    medium_business_case: int = 14
    medium_spec_review: int = 21
    medium_fmea: int = 21
    medium_pilot_build: int = 56
    medium_approval: int = 21
    high_business_case: int = 21
    high_spec_review: int = 42
    high_fmea: int = 42
    high_pilot_build: int = 112
    high_approval: int = 42


@dataclass(frozen=True)
class HoldPointPolicy:
    """The targets of a hold point; below the least quantity no verdict is proposed."""

    policy_name: ClassVar[str] = "hold_point"
    dppm_most: Decimal = Decimal(1000)
    otd_least: Decimal = Decimal(90)
    yield_least: Decimal = Decimal(95)
    received_least: Decimal = Decimal(100)


@dataclass(frozen=True)
class RollbackPolicy:
    """The triggers with which the rollback plan of a new case begins."""

    policy_name: ClassVar[str] = "rollback"
    dppm_above: Decimal = Decimal(1000)
    dppm_days: int = 30
    otd_below: Decimal = Decimal(80)
    otd_days: int = 60


@dataclass(frozen=True)
class StartSmallPolicy:
    """Which cases to begin with."""

    policy_name: ClassVar[str] = "start_small"
    effort_days_low: Decimal = Decimal(10)
    effort_days_medium: Decimal = Decimal(30)
    effort_days_high: Decimal = Decimal(60)
    exposure_weight: Decimal = Decimal("0.05")
    saving_rate: Decimal = Decimal("0.08")


@dataclass(frozen=True)
class EffortPolicy:
    """For how many months effort is shown by person, and whether it is shown by person at all."""

    policy_name: ClassVar[str] = "effort"
    months: int = 24
    by_person: bool = True
