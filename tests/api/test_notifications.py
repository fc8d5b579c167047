"""``/notifications/``, ``/watches/`` and ``/my-work/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secondsource.core import notifications
from secondsource.core.models import Notification, Watch
from secondsource.core.notifications import News
from tests import factories
from tests.api.callers import Api
from tests.factories import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(api: Callable[..., Api]) -> Api:
    return api("engineer")


def tell(reader: Any, key: str, kind: str = "mention", **fields: Any) -> Notification:
    news = News(reader_id=reader.pk, kind=kind, key=key, title=key, **fields)
    notifications.notify([news])
    return Notification.objects.get(reader=reader, key=key)


def test_one_s_own_are_listed_filtered_and_read(engineer: Api) -> None:
    other = factories.person("quality")
    row = tell(engineer.user, "a", text="A → B", url="/parts/", actor_id=other.pk)
    tell(engineer.user, "b", kind="job")
    foreign = tell(other, "c")
    shown = engineer.get("/notifications/", kind="mention", state="unread").json()["results"]
    assert [(one["title"], one["text"], one["by"]) for one in shown] == [
        ("a", "A → B", other.email)
    ]
    assert engineer.get(f"/notifications/{foreign.pk}/").status_code == 404
    answer = engineer.patch(f"/notifications/{row.pk}/", {"read": True})
    assert (answer.status_code, answer.json()["read_at"] is None) == (200, False)
    assert engineer.patch(f"/notifications/{row.pk}/", {"read": False}).status_code == 422


def test_several_or_all_are_marked_read(engineer: Api) -> None:
    rows = [tell(engineer.user, key) for key in "abc"]
    answer = engineer.post("/notifications/read/", {"ids": [str(rows[0].pk), "x"]})
    assert answer.json() == {"read": 1}
    assert engineer.post("/notifications/read/", {"all": True}).json() == {"read": 2}


def test_ways_are_read_and_changed(engineer: Api) -> None:
    answer = engineer.patch("/notifications/choices/", {"kind": "job", "way": "none"})
    assert answer.json() == {"kind": "job", "way": "none"}
    shown = engineer.get("/notifications/choices/").json()["results"]
    assert {"kind": "job", "way": "none"} in shown
    assert {"kind": "mention", "way": "mail"} in shown
    bad = engineer.patch("/notifications/choices/", {"kind": "job", "way": "fax"})
    assert bad.status_code == 422


def test_a_part_is_watched_a_case_muted_and_both_ended(engineer: Api) -> None:
    team, part = Team(), factories.part()
    made = engineer.post("/watches/", {"part": part.ipn})
    assert (made.status_code, made.json()["part"], made.json()["case"]) == (201, part.ipn, None)
    muted = engineer.post("/watches/", {"case": team.case.key, "muted": True}).json()
    assert (muted["case"], muted["muted"]) == (team.case.key, True)
    assert len(engineer.get("/watches/").json()["results"]) == 2
    for row in (made.json(), muted):
        assert engineer.send("DELETE", f"/watches/{row['id']}/").status_code == 204
    assert not Watch.objects.exists()


@pytest.mark.parametrize("body", [{}, {"part": "NO-SUCH"}, {"case": "SSQ-9999"}, {"case": "x"}])
def test_what_cannot_be_watched_is_refused(engineer: Api, body: dict[str, str]) -> None:
    assert engineer.post("/watches/", body).status_code == 422


def test_my_work_is_what_the_page_shows(api: Callable[..., Api]) -> None:
    caller = api("engineer")
    team = Team(people={
        "engineering": caller.user, "quality": factories.person("quality"),
        "procurement": factories.person("procurement"), "sponsor": factories.person("executive"),
    })  # fmt: skip
    (task,) = caller.get("/my-work/").json()["results"]
    assert (task["title"], task["group"], task["case"], task["late"]) == (
        f"Submit {team.case.key}", "to_do", team.case.key, False,
    )  # fmt: skip
    key = f"move-{team.case.number}"
    assert caller.post("/my-work/snooze/", {"task": key, "days": 3}).status_code == 200
    (task,) = caller.get("/my-work/").json()["results"]
    assert (task["key"], task["group"]) == (key, "snoozed")
    assert api("viewer").get("/my-work/").status_code == 403
