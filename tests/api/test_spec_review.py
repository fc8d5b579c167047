"""The spec review over the API."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.models import Disposition
from tests.factories import Team
from tests.qualification.test_spec_review import CANDIDATE, INCUMBENT, NEEDS
from tests.spec_review_work import compare


@pytest.fixture
def team(db: None) -> Team:
    made = Team()
    compare(made, NEEDS, CANDIDATE, INCUMBENT)
    return made


def url(team: Team, rest: str = "spec-review/") -> str:
    return f"/cases/{team.case.key}/{rest}"


def test_it_shows_every_line_and_what_is_open(api: Any, team: Team) -> None:
    review = api(user=team.people["quality"]).get(url(team)).json()
    flash = next(line for line in review["lines"] if line["parameter"] == "Flash")
    assert (flash["candidate"]["verdict"], flash["state"], flash["disposition"]) == (
        "blocks", "open", None,
    )  # fmt: skip
    codes = [reason["code"] for reason in review["open"]]
    assert codes == ["deviation_open", "blocks_open", "unknown_open"]


def test_an_engineer_decides_and_quality_confirms(api: Any, team: Team) -> None:
    body = {
        "lines": [{"parameter": "flash"}], "decision": "accept_with_condition",
        "reason": "The image is small", "condition": "Images up to 480 KB",
    }  # fmt: skip
    answer = api(user=team.people["engineering"]).post(url(team), body)
    assert answer.status_code == 200, answer.json()
    [made] = api(user=team.people["quality"]).get(url(team, "dispositions/")).json()["results"]
    assert made["condition"] == "Images up to 480 KB"
    done = api(user=team.people["quality"]).post(
        url(team, f"dispositions/{made['id']}/confirm/"), {"expected": made["version"]}
    )
    assert done.json()["confirmed_by"] == team.people["quality"].email
    review = api(user=team.people["quality"]).get(url(team)).json()
    assert review["conditions"] == "Flash: Images up to 480 KB"


def test_a_decision_on_former_values_is_refused(api: Any, team: Team) -> None:
    body = {
        "lines": [{"parameter": "Supply", "seen": "0123456789abcdef"}], "decision": "accept",
        "reason": "why",
    }  # fmt: skip
    answer = api(user=team.people["engineering"]).post(url(team), body)
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, "line_changed")
    assert not Disposition.objects.exists()


def test_an_integration_does_not_decide(api: Any, team: Team) -> None:
    body = {"lines": [{"parameter": "Supply"}], "decision": "accept", "reason": "why"}
    assert api("integration").post(url(team), body).status_code == 403
    assert not Disposition.objects.exists()
