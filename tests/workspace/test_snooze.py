"""Snooze: a task that is put aside stands last, and is back on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from qualification import task_counts
from qualification.my_work import cases_of
from secondsource.core import clock
from secondsource.workspace.models import SnoozedTask
from secondsource.workspace.my_work import every_task
from tests.api.callers import Api
from tests.factories import Team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Browse = Callable[[Any], Any]


@pytest.fixture
def team() -> Team:
    """At the business case, with two steps of the lead."""
    made = Team()
    made.with_steps(2)
    return made


def groups(team: Team) -> dict[str, str]:
    tasks = every_task(team.people["engineering"])
    return {one.title: one.group for one in tasks if one.title.startswith("Step")}


def key(team: Team, title: str) -> str:
    return next(one.key for one in every_task(team.people["engineering"]) if one.title == title)


def test_it_stands_last_until_its_day_and_is_counted(team: Team, browse: Browse) -> None:
    client, lead = browse(team.people["engineering"]), team.people["engineering"]
    before = task_counts.count(lead, cap=99)
    page = client.get("/work/").content.decode()
    assert 'data-key="s"' in page
    sent = client.post("/work/snooze/", {"item": key(team, "Step 1"), "days": "1"}, follow=True)
    text = sent.content.decode()
    assert "“Step 1” is back" in text
    assert text.index("Snoozed") > text.index("Step 2")
    assert groups(team) == {"Step 1": "snoozed", "Step 2": groups(team)["Step 2"]}
    assert task_counts.count(lead, cap=99) == before
    assert [one.group for one in every_task(lead)][-1] == "snoozed"
    with clock.at(clock.business_day() + dt.timedelta(days=1)):
        assert groups(team)["Step 1"] != "snoozed"


def test_undo_takes_it_up_again(team: Team, browse: Browse) -> None:
    client = browse(team.people["engineering"])
    for days in ("7", "0"):
        client.post("/work/snooze/", {"item": key(team, "Step 1"), "days": days})
    assert "snoozed" not in groups(team).values()


def test_it_is_back_on_its_own_day_at_the_latest(team: Team, browse: Browse) -> None:
    due = clock.business_day() + dt.timedelta(days=3)
    team.case.checklist.filter(text="Step 1").update(due_date=due)
    client = browse(team.people["engineering"])
    client.post("/work/snooze/", {"item": key(team, "Step 1"), "days": "7"})
    assert SnoozedTask.objects.get().until == due


def test_others_see_their_own_order_and_nobody_snoozes_what_is_not_theirs(
    team: Team, browse: Browse
) -> None:
    mine, quality = key(team, "Step 1"), browse(team.people["quality"])
    assert quality.post("/work/snooze/", {"item": mine, "days": "1"}).status_code == 404
    browse(team.people["engineering"]).post("/work/snooze/", {"item": mine, "days": "1"})
    assert not SnoozedTask.objects.filter(user=team.people["quality"]).exists()
    assert cases_of(team.people["quality"])


@pytest.mark.parametrize("days", ["", "-1", "31", "x", "9999"])
def test_other_days_are_refused(team: Team, browse: Browse, days: str) -> None:
    client = browse(team.people["engineering"])
    item = {"item": key(team, "Step 1"), "days": days}
    assert "0 to 30 days" in client.post("/work/snooze/", item, follow=True).content.decode()
    assert not SnoozedTask.objects.exists()


def test_the_api_does_the_same(team: Team, api: Callable[..., Api]) -> None:
    caller = api(user=team.people["engineering"])
    task = key(team, "Step 1")
    made = caller.post("/my-work/snooze/", {"task": task, "days": 2})
    back = clock.business_day() + dt.timedelta(days=2)
    assert (made.status_code, made.json()) == (200, {"task": task, "until": back.isoformat()})
    assert caller.post("/my-work/snooze/", {"task": "step-0", "days": 2}).status_code == 404
    assert caller.post("/my-work/snooze/", {"task": task, "days": 31}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_row(transactional_db: None, browse: Browse) -> None:
    team = Team()
    team.with_steps(1)
    client, item = browse(team.people["engineering"]), key(team, "Step 1")

    def press() -> None:
        assert client.post("/work/snooze/", {"item": item, "days": "1"}).status_code == 302

    assert at_once(press, press) == ["done", "done"]
    assert SnoozedTask.objects.count() == 1
