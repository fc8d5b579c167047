"""Where FMEAs are found beside their case: the list, versions, the work of owners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from qualification import my_work, services, task_counts
from qualification.models import Fmea
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.models import Notification
from secondsource.workspace.notifications import cases
from tests import factories
from tests.factories import Team
from tests.fmea_work import complete, fmea_row

pytestmark = pytest.mark.django_db


def test_the_list_counts_open_high_and_actions(team: Team, browse: Callable[[Any], Any]) -> None:
    row = fmea_row(team)
    values = {"description": "Port", "due_date": clock.business_day()}
    services.add_action(row=row, values=values, actor=team.lead)
    client = browse(team.people["quality"])
    page = client.get("/fmea/?high=true")
    [shown] = page.context["table"].page.rows
    assert (shown.high_open, shown.pending, shown.next_due, shown.row_count) == (
        1, 1, clock.business_day(), 1,
    )  # fmt: skip
    services.accept_row(row=row, reason="One fab only", actor=team["quality"])
    assert client.get("/fmea/?high=true").context["table"].page.rows == []


def test_versions_show_what_changed(team: Team, browse: Callable[[Any], Any]) -> None:
    team.jump_to(State.FMEA)
    row = fmea_row(team)
    complete(team, row)
    team.pass_gate()
    Fmea.objects.update(status="reopened", reopened_at=clock.now(), reopened_reason="a new site")
    services.change_row(row=row, values={"effect": "Line down"}, actor=team.lead)
    services.review_fmea(case=team.case, note="Other effect", actor=team["quality"])
    client = browse(team.people["quality"])
    html = client.get(f"/q/{team.case.key}/fmea/versions/").content.decode()
    assert "Version 2 against version 1" in html
    assert "– → Line down" in html
    assert "Other effect" in html
    first = client.get(f"/q/{team.case.key}/fmea/versions/?version=1").content.decode()
    assert "Line down" not in first


def test_an_owner_outside_the_team_has_the_action_in_my_work(team: Team) -> None:
    owner = factories.person("engineer")
    values = {"description": "Port the driver", "owner": owner, "due_date": clock.business_day()}
    action = services.add_action(row=fmea_row(team), values=values, actor=team.lead)
    [task] = my_work.tasks_of(owner, [])
    assert (task.title, task.kind, task.due) == ("Port the driver", "action", values["due_date"])
    assert task_counts.count(owner, cap=9) == 1
    services.change_action(action=action, values={"status": "not_implemented"}, actor=team.lead)
    assert my_work.tasks_of(owner, []) == []
    assert task_counts.count(owner, cap=9) == 0


def test_an_owner_is_notified_while_the_action_is_due(team: Team) -> None:
    owner = factories.person("engineer")
    due = clock.business_day() + dt.timedelta(days=1)
    values = {"description": "Port the driver", "owner": owner, "due_date": due}
    action = services.add_action(row=fmea_row(team), values=values, actor=team.lead)
    cases.follow([team.case.pk])
    news = Notification.objects.get(reader=owner)
    assert news.title.endswith(": Port the driver")
    services.remove_action(action=action, actor=team.lead)
    cases.follow([team.case.pk])
    news.refresh_from_db()
    assert news.settled_at is not None
