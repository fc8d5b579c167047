"""Targets and limits of the executive page, as a versioned policy."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class TargetPolicy:
    """Design choices [D]: conversions and material cost reduction a year; when cover is short."""

    policy_name: ClassVar[str] = "targets"
    conversions: int = 3
    cost_reduction_pct: float = 5.0
    short_cover_share_of_lead: float = 0.5
