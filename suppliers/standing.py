"""Standing of a supplier with hysteresis: a single score never changes it.

The ladder, its thresholds and the number of consecutive monthly scores are our own and adjustable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import StandingPolicy

Standing = Literal["preferred", "approved", "probation", "phase_out", "disqualified"]
Observation = float | Literal["critical"] | None

DEFAULTS = StandingPolicy()
STANDINGS = ("preferred", "approved", "probation", "phase_out", "disqualified")
_UP: dict[str, Standing] = {"probation": "approved", "approved": "preferred"}
_DOWN: dict[str, Standing] = {
    "preferred": "approved",
    "approved": "probation",
    "probation": "phase_out",
}


@dataclass(frozen=True, kw_only=True)
class Month:
    """Standing after a month, whether orders are on hold, and the counters."""

    standing: Standing
    hold: bool
    ups: int
    downs: int


@dataclass(frozen=True, kw_only=True)
class StandingHistory:
    """Standing month by month."""

    months: tuple[Month, ...]
    method: Method


def history(
    *, start: Standing, scores: Sequence[Observation], policy: StandingPolicy = DEFAULTS
) -> StandingHistory:
    """Follow a standing over monthly scores (0 to 100, "critical", or None for no data).

    A move needs ``policy.periods`` consecutive scores at or above (up) or below (down) the
    threshold; it resets both counters, as does a score between thresholds or a month without data.
    "critical" (counterfeit, safety escape, sanction, unreported site change) means probation and a
    hold at once. Phase-out and disqualified are left by a person only.
    """
    now: Standing = inputs.choice("start", start, STANDINGS)  # type: ignore[assignment]
    _check(policy)
    observed = inputs.sequence("scores", scores)
    month = Month(standing=now, hold=False, ups=0, downs=0)
    months = []
    for place, score in enumerate(observed):
        month = _next(month, _observation(f"scores.{place}", score), policy)
        months.append(month)
    return StandingHistory(
        months=tuple(months),
        method=Method(name="Dead band with consecutive scores", design_choice=True),
    )


def _check(policy: StandingPolicy) -> None:
    inputs.integer("periods", policy.periods, low=1, high=24)
    ladder = (
        ("up.probation", policy.up_from_probation),
        ("up.approved", policy.up_from_approved),
        ("down.preferred", policy.down_from_preferred),
        ("down.approved", policy.down_from_approved),
        ("down.probation", policy.down_from_probation),
    )
    for field, threshold in ladder:
        inputs.number(field, threshold, low=0, high=100)
    if policy.down_from_preferred > policy.up_from_approved:
        inputs.refuse("down.preferred", "limit_order", "must be at most the way up from approved")
    if policy.down_from_approved > policy.up_from_probation:
        inputs.refuse("down.approved", "limit_order", "must be at most the way up from probation")


def _observation(field: str, score: Observation) -> Observation:
    if score is None or score == "critical":
        return score
    return inputs.number(field, score, low=0, high=100)


def _next(month: Month, score: Observation, policy: StandingPolicy) -> Month:
    standing = month.standing
    if standing in ("phase_out", "disqualified"):
        return Month(standing=standing, hold=month.hold or score == "critical", ups=0, downs=0)
    if score == "critical":
        return Month(standing="probation", hold=True, ups=0, downs=0)
    if score is None:
        return Month(standing=standing, hold=month.hold, ups=0, downs=0)
    assert not isinstance(score, str)
    up = getattr(policy, f"up_from_{standing}", None)
    down = getattr(policy, f"down_from_{standing}")
    ups = month.ups + 1 if up is not None and score >= up else 0
    downs = month.downs + 1 if score < down else 0
    if ups >= policy.periods:
        return Month(standing=_UP[standing], hold=False, ups=0, downs=0)
    if downs >= policy.periods:
        return Month(standing=_DOWN[standing], hold=month.hold, ups=0, downs=0)
    return Month(standing=standing, hold=month.hold, ups=ups, downs=downs)
