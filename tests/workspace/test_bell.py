"""The bell and the figures of the navigation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.models import Job
from secondsource.workspace import navigation
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db
NEW = '<span class="chip info">New</span>'


@pytest.fixture
def user() -> User:
    return factories.person("engineer")


@pytest.fixture
def client(user: User) -> Client:
    signed = Client()
    signed.force_login(user)
    return signed


def job(owner: User, state: str = "done", *, days: float = 0, label: str = "Import a.csv") -> Job:
    at = clock.now() - dt.timedelta(days=days)
    ended = at if state in ("done", "failed", "cancelled") else None
    return Job.objects.create(
        kind="exchange.import", label=label, owner=owner, state=state, created_at=at,
        finished_at=ended,
    )  # fmt: skip


def bell(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/keys/").context["nav"]["bell"]
    return found


def test_it_counts_what_ended(client: Client, user: User) -> None:
    job(user), job(user, "failed"), job(user, "running")
    assert bell(client) == {
        "url": "/bell/", "label": "Finished jobs, 2 new", "count": "2", "underway": True,
    }  # fmt: skip


@pytest.mark.parametrize("state", ["queued", "cancelled"])
def test_what_has_not_ended_by_itself_is_no_news(client: Client, user: User, state: str) -> None:
    job(user, state)
    assert bell(client)["count"] == ""


def test_jobs_of_others_and_old_ones_are_no_news(client: Client, user: User) -> None:
    job(factories.person("engineer")), job(user, days=31)
    assert bell(client)["count"] == ""


def test_more_than_nine_are_nine_and_more(client: Client, user: User) -> None:
    for _ in range(11):
        job(user)
    assert bell(client)["count"] == "9+"


def test_reading_makes_it_old_and_what_ends_later_is_new(client: Client, user: User) -> None:
    job(user, label="First")
    text = client.get("/bell/").content.decode()
    assert ("First" in text, text.count(NEW), bell(client)["count"]) == (True, 1, "")
    job(user, "failed", label="Second")
    assert bell(client)["count"] == "1"
    assert client.get("/bell/").content.decode().count(NEW) == 1
    user.refresh_from_db()
    assert user.jobs_seen_at == Job.objects.get(label="Second").finished_at


def test_the_list_holds_the_reader_s_jobs_alone_with_why_they_failed(
    client: Client, user: User
) -> None:
    job(factories.person("admin"), label="Not mine")
    failed = job(user, "failed")
    Job.objects.filter(pk=failed.pk).update(problem={"reasons": [{"detail": "No header."}]})
    text = client.get("/bell/").content.decode()
    assert ("No header." in text, "Not mine" in text) == (True, False)


def test_it_says_when_nothing_ended(client: Client) -> None:
    assert "Nothing has ended yet" in client.get("/bell/").content.decode()


def test_the_mark_asks_again_while_a_job_runs_and_tells_what_ended(
    client: Client, user: User
) -> None:
    job(user, "running")
    text = client.get("/bell/mark/").content.decode()
    assert ("every 5s" in text, "data-announce" in text) == (True, False)
    Job.objects.update(state="done", finished_at=clock.now())
    text = client.get("/bell/mark/").content.decode()
    assert ("every 5s" in text, 'data-announce="Import a.csv: done"' in text) == (False, True)


def test_the_frame_counts_in_one_statement(client: Client) -> None:
    client.get("/keys/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/keys/")
    assert len([q for q in seen if "AS counted" in q["sql"]]) == 1
    assert len(seen) <= 4


def badges(user: User) -> dict[str, str]:
    groups = navigation.shell_for(user, "/")["groups"]
    return {item.label: item.badge for group in groups for item in group.items if item.badge}


def test_open_cases_are_counted_and_over_ones_not() -> None:
    team, other = Team(), Team()
    other.fire("withdraw", note="no need")
    assert badges(team.people["engineering"]) == {"Qualifications": "1"}


def test_nothing_open_has_no_figure(user: User) -> None:
    assert badges(user) == {}


def test_my_work_is_counted_when_the_navigation_asks() -> None:
    team = Team()
    team.jump_to(State.FMEA)
    signed = Client()
    signed.force_login(team.people["engineering"])
    tasks = signed.get("/work/").context["tasks"]
    said = signed.get("/work/count/").content.decode()
    assert (said.startswith(f"{len(tasks)}<"), len(tasks) > 0) == (True, True)


def test_nobody_s_work_is_an_empty_answer(client: Client) -> None:
    assert client.get("/work/count/").content == b""


def test_who_has_no_work_page_gets_no_count() -> None:
    signed = Client()
    signed.force_login(factories.person("viewer"))
    assert signed.get("/work/count/").status_code == 403
