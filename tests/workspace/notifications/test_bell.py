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
from secondsource.core import clock, notifications
from secondsource.core.models import Job, Notification, NotificationKind
from secondsource.core.notifications import News
from secondsource.workspace import navigation
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.person("engineer")


@pytest.fixture
def client(user: User) -> Client:
    signed = Client()
    signed.force_login(user)
    return signed


def tell(*readers: User, kind: str = "mention", **fields: Any) -> None:
    """News of its own for each."""
    for reader in readers:
        number = Notification.objects.count()
        notifications.notify(
            [News(reader_id=reader.pk, kind=kind, key=f"k{number}", title=f"N{number}", **fields)]
        )


def bell(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/keys/").context["nav"]["bell"]
    return found


def test_it_counts_what_is_unread(client: Client, user: User) -> None:
    tell(user, user, factories.person("engineer"))
    assert (bell(client)["count"], bell(client)["label"]) == ("2", "Notifications, 2 unread")


def test_more_than_nine_are_nine_and_more(client: Client, user: User) -> None:
    tell(*[user] * 11)
    assert bell(client)["count"] == "9+"


def test_opening_one_marks_it_read_and_leads_to_its_subject(client: Client, user: User) -> None:
    tell(user, url="/parts/")
    row = Notification.objects.get()
    assert client.get(f"/notifications/{row.pk}/").headers["Location"] == "/parts/"
    assert bell(client)["count"] == ""


def test_others_cannot_open_it(client: Client) -> None:
    tell(factories.person("engineer"))
    row = Notification.objects.get()
    assert client.get(f"/notifications/{row.pk}/").status_code == 404
    client.post("/notifications/read/", {"selected": [row.pk]})
    row.refresh_from_db()
    assert row.read_at is None


def test_selected_ones_or_all_are_marked_read(client: Client, user: User) -> None:
    tell(*[user] * 3)
    first = Notification.objects.order_by("pk")[0]
    client.post("/notifications/read/", {"selected": [first.pk, "x", "9" * 30]})
    assert bell(client)["count"] == "2"
    client.post("/notifications/read/", {"all": "1"})
    assert bell(client)["count"] == ""


def test_the_list_is_filtered_by_kind_and_by_what_is_unread(client: Client, user: User) -> None:
    tell(user, kind="mention")
    tell(user, kind="job")
    Notification.objects.filter(kind="job").update(read_at=clock.now())
    for query, shown in (("", 2), ("state=unread", 1), ("kind=job", 1), ("state=read", 1)):
        text = client.get(f"/notifications/?{query}").content.decode()
        assert text.count('aria-label="Select N') == shown, query


def test_the_list_says_what_comes_here(client: Client) -> None:
    assert "No notifications yet" in client.get("/notifications/").content.decode()


def test_a_long_list_costs_as_many_statements_as_a_short_one(client: Client, user: User) -> None:
    tell(user, actor_id=user.pk)
    client.get("/notifications/")
    with CaptureQueriesContext(connection) as few:
        client.get("/notifications/")
    tell(*[user] * 30, actor_id=user.pk)
    with CaptureQueriesContext(connection) as many:
        client.get("/notifications/")
    assert len(many) == len(few)


def test_the_bell_asks_again_for_little(client: Client, user: User) -> None:
    tell(user)
    first = client.get("/notifications/bell/?unread=1")
    assert "data-announce" not in first.content.decode()
    same = client.get("/notifications/bell/?unread=1", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    tell(user)
    other = client.get("/notifications/bell/?unread=1", headers={"If-None-Match": first["ETag"]})
    assert (other.status_code, 'data-announce="N1"' in other.content.decode()) == (200, True)


def test_it_asks_sooner_while_a_job_runs(client: Client, user: User) -> None:
    assert "every 60s" in client.get("/notifications/bell/").content.decode()
    Job.objects.create(kind="x", owner=user, state="running")
    assert "every 5s" in client.get("/notifications/bell/").content.decode()


def test_old_ones_are_forgotten(user: User) -> None:
    tell(user, user)
    Notification.objects.filter(key="k0").update(at=clock.now() - dt.timedelta(days=91))
    assert (notifications.forget_old(), Notification.objects.get().key) == (1, "k1")


def test_who_wants_a_kind_not_at_all_is_not_told_of_it(client: Client, user: User) -> None:
    ways = dict.fromkeys(NotificationKind.values, "bell") | {"mention": "none"}
    assert client.post("/notifications/settings/", ways).status_code == 302
    tell(user, kind="mention")
    tell(user, kind="job")
    assert list(Notification.objects.values_list("kind", flat=True)) == ["job"]
    assert notifications.ways_of(user)["mention"] == "none"


def test_an_unknown_way_is_refused(client: Client) -> None:
    assert client.post("/notifications/settings/", {"mention": "fax"}).status_code == 422


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
