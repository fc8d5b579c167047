"""Effort: logged by a button or a key, taken back, and seen as the rights allow."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models import CostEntry
from secondsource.core import clock
from secondsource.workspace import effort
from tests.api.callers import Api
from tests.factories import Team, days_ago, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return Team()


def log(team: Team, hours: str, by: str = "engineering", **fields: Any) -> CostEntry:
    fields = {"day": clock.business_day()} | fields
    return services.log_cost(
        case=team.case, kind="hours", hours=Decimal(hours), actor=team[by], **fields
    )


def test_a_button_logs_hours_of_today_and_undo_takes_them_back(
    team: Team, browse: Callable[[Any], Any]
) -> None:
    client = browse(team.people["engineering"])
    page = client.get("/work/").content.decode()
    assert 'data-key="l"' in page
    item = f"move-{team.case.number}"
    sent = client.post(
        "/work/effort/", {"case": team.case.key, "hours": "0.5", "item": item}, follow=True
    )
    assert sent.redirect_chain == [(f"/work/?item={item}", 302)]
    assert "Logged 0.5 h on" in sent.content.decode()
    entry = CostEntry.objects.get(case=team.case)
    assert (entry.hours, entry.day, entry.entered_by) == (
        Decimal("0.5"), clock.business_day(), team.people["engineering"],
    )  # fmt: skip
    client.post("/work/effort/undo/", {"entry": str(entry.public_id), "item": item})
    assert effort.on_case(team.case, team.people["engineering"]).own == 0
    again = client.post("/work/effort/undo/", {"entry": str(entry.public_id)}, follow=True)
    assert "corrected already" in again.content.decode()


@pytest.mark.parametrize("hours", ["", "0.7", "-1", "x"])
def test_other_hours_are_refused(team: Team, browse: Callable[[Any], Any], hours: str) -> None:
    client = browse(team.people["engineering"])
    client.post("/work/effort/", {"case": team.case.key, "hours": hours})
    assert not CostEntry.objects.filter(case=team.case).exists()


def test_who_does_not_work_in_the_case_logs_nothing(
    team: Team, browse: Callable[[Any], Any]
) -> None:
    for role in ("viewer", "engineer"):
        answer = browse(person(role)).post("/work/effort/", {"case": team.case.key, "hours": "1"})
        assert answer.status_code == 403
    assert browse(person("engineer")).post(
        "/work/effort/", {"case": "SSQ-99999", "hours": "1"}
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize("entry", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_unknown_hours_are_not_taken_back(
    team: Team, browse: Callable[[Any], Any], entry: str
) -> None:
    client = browse(team.people["engineering"])
    assert client.post("/work/effort/undo/", {"entry": entry}).status_code == 404


def test_nobody_takes_back_hours_of_others(team: Team, browse: Callable[[Any], Any]) -> None:
    entry = log(team, "1")
    answer = browse(team.people["quality"]).post(
        "/work/effort/undo/", {"entry": str(entry.public_id)}
    )
    assert answer.status_code == 404


def test_the_lead_sees_hours_by_person_and_others_their_own_and_the_sum(team: Team) -> None:
    log(team, "1")
    log(team, "2", by="quality")
    log(team, "4", by="quality", day=days_ago(900))  # older than the months of the house rule
    lead = effort.on_case(team.case, team.people["engineering"])
    assert {one.email: one.hours for one in lead.by_person} == {
        team.people["engineering"].email: 1, team.people["quality"].email: 2,
    }  # fmt: skip
    other = effort.on_case(team.case, team.people["quality"])
    assert (other.own, other.own_today, other.total, other.by_person) == (6, 2, 7, ())


def test_the_api_logs_and_answers_the_sums(api: Callable[..., Api]) -> None:
    caller = api("engineer")
    team = Team(people={
        "engineering": caller.user, "quality": person("quality"),
        "procurement": person("procurement"), "sponsor": person("executive"),
    })  # fmt: skip
    made = caller.post(f"/cases/{team.case.key}/effort/", {"hours": "1.5"})
    assert (made.status_code, made.json()["own"]) == (201, "1.50")
    assert made.json()["by_person"] == [{"person": caller.user.email, "hours": "1.50"}]
    bad = caller.post(f"/cases/{team.case.key}/effort/", {"hours": "25"})
    assert bad.status_code == 422
    late = caller.post(f"/cases/{team.case.key}/effort/", {"hours": "1", "day": "2999-01-01"})
    assert late.status_code == 422
    assert api("viewer").get(f"/cases/{team.case.key}/effort/").status_code == 403
