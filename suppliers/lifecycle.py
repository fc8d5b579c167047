"""Lifecycle status, its risk, and when it is outdated (after EIA-724)."""

from __future__ import annotations

from datetime import date

from secondsource.core import inputs
from suppliers.house_rules import LifecyclePolicy

DEFAULTS = LifecyclePolicy()
WORDS = (
    "introduction",
    "growth",
    "mature",
    "decline",
    "nrnd",
    "phase_out",
    "last_time_buy",
    "discontinued",
    "unknown",
)
ACTIVE = WORDS[:4]
"""Values that count as active."""


def lifecycle_risk(
    word: str, *, notice_issued: bool = False, policy: LifecyclePolicy = DEFAULTS
) -> float | None:
    """Risk 0 to 100 of a lifecycle status; 100 after a discontinuance notice; None for unknown."""
    known = inputs.choice("lifecycle", word, WORDS)
    if inputs.flag("notice_issued", notice_issued):
        return 100.0
    return None if known == "unknown" else float(getattr(policy, known))


def is_stale(*, as_of: date, today: date, policy: LifecyclePolicy = DEFAULTS) -> bool:
    """Whether a status is older than the policy's days."""
    return (today - as_of).days > policy.stale_after_days
