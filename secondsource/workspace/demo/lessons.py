"""What the demonstration's cases taught, and a step that one proposed for the SOP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from qualification import services as qualification
from qualification.models import Case
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: Part, gate, who, days ago, lesson, step that is proposed.
LESSONS = (
    (
        "RES", "spec_review", "quality", 95,
        "The tolerance drifted beyond 1 % after soldering: the datasheet states it before.",
        "Measure the tolerance of ten parts after two reflow passes",
    ),
    (
        "EEPROM", "pilot_build", "engineer", 18,
        "Write errors at −40 °C showed only in the second lot. One lot is not a pilot.", "",
    ),
    (
        "MLCC", "business_case", "procurement", 25,
        "The rebate of the incumbent was lost with the share: take it off the saving first.", "",
    ),
)  # fmt: skip


def build_lessons(cases: Mapping[str, Case], cast: Cast, *, today: dt.date) -> None:
    """Write the lessons of the cases that are over."""
    for part, gate, who, days, text, step in LESSONS:
        with clock.at(today - dt.timedelta(days=days)):
            qualification.write_lesson(
                case=cases[part], gate=gate, text=text, step=step, actor=cast[who]
            )
