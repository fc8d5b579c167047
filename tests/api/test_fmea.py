"""``/cases/{key}/fmea/``: rows, actions, acceptance, versions, tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models import FmeaAction, FmeaRow
from qualification.models.cases import State
from tests.factories import Team, text_file
from tests.fmea_work import HIGH, complete, fmea_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None) -> Team:
    return Team()


@pytest.fixture
def base(team: Team) -> str:
    return f"/cases/{team.case.key}/"


@pytest.fixture
def engineer(api: Callable[..., Any], team: Team) -> Any:
    return api(user=team.people["engineering"])


@pytest.fixture
def quality(api: Callable[..., Any], team: Team) -> Any:
    return api(user=team.people["quality"])


def test_a_row_is_added_changed_and_rated_by_the_server(engineer: Any, base: str) -> None:
    made = engineer.post(f"{base}fmea/", HIGH)
    assert made.status_code == 201
    row = made.json()
    assert (row["number"], row["action_priority"], row["rpn"]) == (1, "H", 288)
    assert (row["revised"], row["actions"], row["open_high"]) == (None, [], True)
    url = f"{base}fmea/{row['id']}/"
    changed = engineer.patch(url, {"occurrence": 3, "detection": 3}, If_Match='"1"')
    assert (changed.json()["action_priority"], changed.json()["version"]) == ("L", 2)
    assert engineer.patch(url, {"severity": 9}, If_Match='"1"').status_code == 412
    assert engineer.get(f"{base}fmea/").json()["results"][0]["severity"] == 8


def test_eleven_is_refused_at_its_field(engineer: Any, base: str, team: Team) -> None:
    row = fmea_row(team, occurrence=5)
    answer = engineer.patch(f"{base}fmea/{row.key}/", {"occurrence": 11})
    assert answer.status_code == 422
    [problem] = answer.json()["errors"]
    assert problem["pointer"] == "/occurrence"
    assert problem["detail"] == "11 is above 10. Enter 1 to 10. The saved value is still 5."


def test_an_action_is_completed_with_evidence_and_new_ratings(
    engineer: Any, base: str, team: Team
) -> None:
    row = fmea_row(team)
    owner = team.people["quality"].email
    body = {"row": row.key, "description": "Port", "owner": owner, "due": "2030-01-31"}
    action = engineer.post(f"{base}fmea-actions/", body).json()
    assert (action["state"], action["owner"], action["revised"]) == ("open", owner, None)
    url = f"{base}fmea-actions/{action['id']}/"
    done = {"state": "completed", "revised": {"occurrence": 2, "detection": 2}}
    refused = engineer.patch(url, done)
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/evidence"]
    early = engineer.patch(url, {"revised": {"occurrence": 2, "detection": 2}})
    assert [e["pointer"] for e in early.json()["errors"]] == [
        "/revised/occurrence", "/revised/detection",
    ]  # fmt: skip
    given = engineer.upload(f"{url}file/", {"file": text_file()})
    assert given.status_code == 201
    assert engineer.patch(url, done).json()["revised"]["action_priority"] == "L"
    shown = engineer.get(f"{base}fmea/{row.key}/").json()
    assert (shown["priority_now"], shown["revised"]["occurrence"]) == ("L", 2)
    assert b"".join(engineer.get(f"{url}file/").streaming_content) == b"measured"


def test_somebody_else_accepts_a_high_row(
    engineer: Any, quality: Any, base: str, team: Team
) -> None:
    row = fmea_row(team)
    url = f"{base}fmea/{row.key}/accept/"
    refused = engineer.post(url, {"reason": "One fab only"})
    assert refused.json()["reasons"][0]["code"] == "own_row"
    accepted = quality.post(url, {"reason": "One fab only"}).json()["accepted"]
    assert (accepted["by"], accepted["reason"]) == (team.people["quality"].email, "One fab only")


def test_rows_are_duplicated_and_removed_with_a_reason(
    engineer: Any, base: str, team: Team
) -> None:
    url = f"{base}fmea/{fmea_row(team).key}/"
    assert engineer.post(f"{url}duplicate/").json()["number"] == 2
    assert engineer.send("DELETE", url).status_code == 400
    assert engineer.send("DELETE", f"{url}?reason=twice").status_code == 204
    assert FmeaRow.objects.get().position == 2


def test_starters_and_status(engineer: Any, base: str) -> None:
    offered = engineer.get(f"{base}fmea/starters/").json()
    assert "esd" in {mode["code"] for mode in offered["results"]}
    assert (offered["next"], offered["previous"]) == (None, None)
    made = engineer.post(f"{base}fmea/starters/", {"modes": ["esd"]})
    assert [row["failure_mode"] for row in made.json()["results"]] == ["Lower ESD class"]
    status = engineer.get(f"{base}fmea/status/").json()
    assert (status["status"], status["rows"], status["high_open"]) == ("open", 1, 0)


def test_versions_are_read_and_a_review_makes_the_next(quality: Any, base: str, team: Team) -> None:
    team.jump_to(State.FMEA)
    complete(team, fmea_row(team))
    team.pass_gate()
    assert quality.get(f"{base}fmea-versions/1/").json()["rows"][0]["priority_now"] == "L"
    body = {"cause": "site_change", "reference": "SC-1", "why": "Assembly moved to Penang"}
    assert quality.post(f"{base}fmea/reopen/", body).json()["status"] == "reopened"
    answer = quality.post(f"{base}fmea/review/", {"note": "Same process"})
    assert answer.json()["status"] == "passed"
    assert quality.get(f"{base}fmea-versions/").json()["results"][-1]["number"] == 2


def test_a_table_is_compared_and_written_on_request(engineer: Any, base: str, team: Team) -> None:
    row = fmea_row(team)
    table = (
        f"Row ID,Failure mode,S,O,D\n{row.key},Boot hangs,8,6,2\n,Drift,five,1,1\n,Lifts,5,5,5\n"
    )
    url = f"{base}fmea/import/"

    def send(**more: Any) -> Any:
        body = {"file": text_file("fmea.csv", table), **more}
        return engineer.upload(url, body).json()

    tried = send()
    assert (tried["written"], [one["line"] for one in tried["changes"]]) == (False, [2, 4])
    assert tried["refused"] == [
        {"line": 3, "column": "S", "detail": "“five” is not a whole number. Enter 1 to 10."}
    ]
    assert FmeaRow.objects.count() == 1
    assert send(dry_run="false")["written"] is True
    assert list(FmeaRow.objects.values_list("failure_mode", "detection")) == [
        ("Boot hangs", 2), ("Lifts", 5),
    ]  # fmt: skip


def test_rows_of_another_case_are_not_found(engineer: Any, base: str) -> None:
    other = Team()
    row = fmea_row(other)
    services.add_action(row=row, values={"description": "x"}, actor=other.lead)
    action = FmeaAction.objects.get()
    assert engineer.get(f"{base}fmea/{row.key}/").status_code == 404
    assert engineer.get(f"{base}fmea-actions/{action.key}/").status_code == 404
