"""The roadmap of the dashboard."""

from __future__ import annotations

import datetime as dt

import pytest

from secondsource.core import clock
from secondsource.core.formats import day
from secondsource.workspace import executive
from tests.factories import Team

pytestmark = pytest.mark.django_db


def test_the_current_gate_has_its_share_of_the_days_that_are_left() -> None:
    today = clock.business_day()
    team = Team(due_date=today + dt.timedelta(days=100))
    team.fire("submit")
    gantt, _ = executive.roadmap(team.people["sponsor"])
    stages = [tuple(row[1:]) for row in gantt.rows]  # type: ignore[union-attr]
    ends = [day(today + dt.timedelta(days=days)) for days in (20, 40, 60, 80, 100)]
    assert stages == [
        ("Business case", day(today), ends[0]),
        ("Spec review, planned", ends[0], ends[1]),
        ("FMEA, planned", ends[1], ends[2]),
        ("Pilot build, planned", ends[2], ends[3]),
        ("Approval, planned", ends[3], ends[4]),
    ]


def test_a_gate_that_is_overdue_ends_today() -> None:
    today = clock.business_day()
    team = Team()
    team.fire("submit")
    type(team.case).objects.filter(pk=team.case.pk).update(due_date=today - dt.timedelta(days=3))
    gantt, _ = executive.roadmap(team.people["sponsor"])
    assert [row[1:] for row in gantt.rows] == [  # type: ignore[union-attr]
        ["Business case", day(today), day(today)]
    ]
