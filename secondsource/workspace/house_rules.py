"""Targets of the executive page, as a versioned policy."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class TargetPolicy:
    """Design choices [D]: conversions and material cost reduction a year; from which share
    of parts with known spend on a sum of money stands without a warning.
    """

    policy_name: ClassVar[str] = "targets"
    conversions: int = 3
    cost_reduction_pct: float = 5.0
    low_coverage: float = 0.7
