"""Acts on a case over the API: the version that the caller saw, and what the history tells."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.models.cases import State
from secondsource.core import clock
from tests.factories import Team

OLD = {"If_Match": '"1"'}


@pytest.fixture
def team(db: None) -> Team:
    return Team()


@pytest.mark.parametrize(
    ("act", "person", "body"),
    [
        ("sponsor", "sponsor", {"note": "moved"}),
        ("interim", "quality", {"quantity": 5, "note": "line stop"}),
        ("sign-offs", "quality", {"function": "quality"}),
    ],
)
def test_an_act_on_an_old_version_is_refused(
    api: Any, team: Team, act: str, person: str, body: dict[str, Any]
) -> None:
    team.jump_to(State.APPROVAL)
    if act == "sponsor":
        body = body | {"sponsor": team.people["sponsor"].email}
    if act == "interim":
        body = body | {"until": clock.business_day().isoformat()}
    url = f"/cases/{team.case.key}/{act}/"
    answer = api(user=team.people[person]).post(url, body, **OLD)
    assert answer.status_code == 412, answer.json()
    assert not team.case.sign_offs.filter(gate="approval").exists()
    assert team.reload().interim is None


def test_a_verdict_on_an_old_version_is_refused(api: Any, team: Team) -> None:
    team.jump_to(State.TRANSITION)
    point = team.case.hold_points.first()
    type(point).objects.filter(pk=point.pk).update(due=clock.business_day(), version=2)
    url = f"/cases/{team.case.key}/transition/checkpoints/{point.public_id}/"
    answer = api(user=team.people["quality"]).post(url, {"verdict": "pass"}, **OLD)
    assert answer.status_code == 412, answer.json()


def test_the_history_says_what_a_plan_changed(api: Any, team: Team) -> None:
    team.plan(pilot_quantity=700)
    url = f"/cases/{team.case.key}/history/"
    entries = api(user=team.people["quality"]).get(url).json()["results"]
    assert entries[0]["reason"] == "plan"
    assert {"field": "pilot_quantity", "from": "500", "to": "700"} in entries[0]["changes"]
