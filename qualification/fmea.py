"""Failure mode and effects analysis: action priority, risk priority number, before and after.

Source: AIAG & VDA FMEA Handbook, 1st ed. June 2019. The action priority (AP) table is the one that
DFMEA and PFMEA share; FMEA-MSR has a different table and is not covered. AP is a priority for
action, not a level of accepted risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method

ActionPriority = Literal["H", "M", "L"]

METHOD = Method(
    name="Action priority table for DFMEA and PFMEA",
    standard="AIAG & VDA FMEA Handbook, 1st ed. June 2019",
)
_ORDER = {"H": 0, "M": 1, "L": 2}

# Lowest rating of each band, from the worst band down; the rows below follow these orders.
_SEVERITY_BANDS = (9, 7, 4, 2, 1)
_OCCURRENCE_BANDS = (8, 6, 4, 2, 1)
_DETECTION_BANDS = (7, 5, 2, 1)
_TABLE = (
    ("HHHH", "HHHH", "HHHM", "HMLL", "LLLL"),
    ("HHHH", "HHHM", "HMMM", "MMLL", "LLLL"),
    ("HHMM", "MMML", "MLLL", "LLLL", "LLLL"),
    ("MMLL", "LLLL", "LLLL", "LLLL", "LLLL"),
    ("LLLL", "LLLL", "LLLL", "LLLL", "LLLL"),
)

SEVERITY = {
    10: "harms people / unsafe for operators",
    9: "breaks a regulation",
    8: "main function lost / all scrapped, line down longer than a shift",
    7: "main function degraded / part scrapped, line down an hour to a shift",
    6: "comfort function lost / all reworked off-line",
    5: "comfort function degraded / some reworked off-line",
    4: "very annoying to most / all reworked in station",
    3: "annoying to many / some reworked in station",
    2: "slightly annoying / inconvenience",
    1: "no effect noticed",
}
OCCURRENCE = {
    10: "no experience with it, no prevention / no control; 100 or more in 1000",
    9: "first use, prevention unproven / behavioural control, little effect; 50 in 1000",
    8: "new application, few rules / behavioural control, little effect; 20 in 1000",
    7: "similar technology / partly effective; 10 in 1000",
    6: "known design in changed use / partly effective; 2 in 1000",
    5: "small change, some test proof / effective; 0.5 in 1000",
    4: "nearly same, short field history / effective; 0.1 in 1000",
    3: "known design, minor change / highly effective; 0.01 in 1000",
    2: "nearly same, long field history / best practice; 0.001 in 1000",
    1: "cause eliminated by prevention",
}
DETECTION = {
    10: "no test / no way to detect",
    9: "test not aimed at it / random or sporadic checks",
    8: "method unproven, late / human check, unproven",
    7: "unproven method, earlier / machine check, unproven",
    6: "proven pass-fail, late / human check, proven",
    5: "proven test-to-failure, late / semi-automatic check, proven",
    4: "proven degradation test, late / automatic downstream, contained",
    3: "proven pass-fail, early / automatic in station, contained",
    2: "proven, early enough to change the design / cause detected, defect cannot be made",
    1: "proven never to escape / cannot be produced or always detected",
}
"""Where to begin for a second source; our own choice, not part of the handbook."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """Ratings with their action priority and RPN. The RPN is information only."""

    severity: int
    occurrence: int
    detection: int
    action_priority: ActionPriority
    rpn: int
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class BeforeAfter:
    """A row before and after its completed action.

    ``severity_changed`` is true when S moved: only a change of the design or of the chain of
    effects may do that, a detection control never does.
    """

    initial: Rating
    revised: Rating
    severity_changed: bool


def rate(*, severity: int, occurrence: int, detection: int) -> Rating:
    """Action priority and RPN of one cause, mode and effect.

    All three are whole numbers from 1 to 10. Raises
    :class:`~secondsource.core.inputs.InputError` otherwise.
    """
    severity = inputs.integer("severity", severity, low=1, high=10)
    occurrence = inputs.integer("occurrence", occurrence, low=1, high=10)
    detection = inputs.integer("detection", detection, low=1, high=10)
    return Rating(
        severity=severity,
        occurrence=occurrence,
        detection=detection,
        action_priority=_look_up(severity, occurrence, detection),
        rpn=severity * occurrence * detection,
    )


def action_priority(*, severity: int, occurrence: int, detection: int) -> ActionPriority:
    """The action priority alone: H, M or L."""
    return rate(severity=severity, occurrence=occurrence, detection=detection).action_priority


def before_after(*, initial: Rating, revised: Rating) -> BeforeAfter:
    """Compare a row's ratings before and after an action that was completed with evidence."""
    changed = initial.severity != revised.severity
    return BeforeAfter(initial=initial, revised=revised, severity_changed=changed)


def sort_key(rating: Rating) -> tuple[int, int, int, int]:
    """Sort by AP (H, M, L), then by S, O and D from high to low."""
    order = _ORDER[rating.action_priority]
    return order, -rating.severity, -rating.occurrence, -rating.detection


def _look_up(severity: int, occurrence: int, detection: int) -> ActionPriority:
    row = _TABLE[_band(_SEVERITY_BANDS, severity)][_band(_OCCURRENCE_BANDS, occurrence)]
    letter = row[_band(_DETECTION_BANDS, detection)]
    return "H" if letter == "H" else "M" if letter == "M" else "L"


def _band(lowest: tuple[int, ...], rating: int) -> int:
    return next(place for place, low in enumerate(lowest) if rating >= low)
