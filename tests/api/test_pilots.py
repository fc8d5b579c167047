"""Pilot plans, results and the verdict over the API."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.models import PilotBuild, PilotPlan
from qualification.models.cases import State
from secondsource.core import clock
from tests import case_work
from tests.factories import Team

pytestmark = pytest.mark.django_db


def body(team: Team, **fields: Any) -> dict[str, Any]:
    products = case_work.pilot_products(team)
    models = [{"product": one.code, "units": 60, "floor": "0.90"} for one in products]
    return {"models": models, "parameters": [{"name": "Vout", "upper_limit": 3.4}], **fields}


def test_a_plan_is_drafted_locked_filled_and_judged(api: Any) -> None:
    team = Team()
    team.jump_to(State.PILOT_BUILD)
    at = f"/cases/{team.case.key}"
    engineer, quality = (api(user=team.people[who]) for who in ("engineering", "quality"))
    made = engineer.post(f"{at}/pilot-plans/", body(team))
    assert (made.status_code, made.json()["number"], made.json()["locked_at"]) == (201, 1, None)
    plan = made.json()["id"]
    assert engineer.post(f"{at}/pilot-plans/", body(team)).status_code == 409
    assert engineer.post(f"{at}/pilot-plans/{plan}/lock/", {}).status_code == 403
    locked = quality.post(f"{at}/pilot-plans/{plan}/lock/", {})
    assert (locked.status_code, locked.json()["locked_by"]) == (200, team.people["quality"].email)

    changed = engineer.patch(f"{at}/pilot-plans/{plan}/", body(team))
    assert changed.status_code == 422
    assert changed.json()["reasons"][0]["code"] == "plan_locked"

    for product in case_work.pilot_products(team):
        built = engineer.post(f"{at}/pilot-builds/", {
            "product": product.code, "lot": "L-1", "built_on": clock.business_day().isoformat(),
            "started": 60, "good": 59, "defects": [{"description": "skew", "count": 1}],
        })  # fmt: skip
        assert built.status_code == 201, built.json()
    verdict = engineer.get(f"{at}/pilot-verdict/").json()
    assert (verdict["plan"], verdict["verdict"], verdict["pooled"]["method"]) == (1, "pass", "none")
    assert [(one["good"], one["verdict"]) for one in verdict["models"]] == [(59, "pass")] * 2

    build = built.json()["id"]
    entry = engineer.post(f"{at}/pilot-builds/{build}/correct/", {"reason": "Wrong lot"})
    assert (entry.status_code, entry.json()["corrects"]) == (201, build)
    verdict = engineer.get(f"{at}/pilot-verdict/").json()
    assert verdict["verdict"] == "not_enough_data"
    assert verdict["models"][1]["good_units_to_decide"] == 29
    assert PilotBuild.objects.count() == 3


def test_wrong_values_have_their_pointers(api: Any) -> None:
    team = Team()
    wrong = body(team)
    wrong["models"][1] |= {"incumbent_good": 9, "incumbent_started": 8}
    answer = api(user=team.people["engineering"]).post(
        f"/cases/{team.case.key}/pilot-plans/", wrong
    )
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/models/1/incumbent_good"]
    assert not PilotPlan.objects.exists()


def test_a_life_test_is_answered_with_its_bound(api: Any) -> None:
    team = Team()
    team.jump_to(State.PILOT_BUILD)
    case_work.finish_pilot_plan(team)
    client = api(user=team.people["quality"])
    made = client.post(f"/cases/{team.case.key}/reliability-tests/", {
        "name": "HTOL", "devices": 231, "hours": "1000", "use_c": "55", "stress_c": "125",
    })  # fmt: skip
    assert (made.status_code, round(made.json()["fit_upper"], 4)) == (201, 51.0864)
    listed = client.get(f"/cases/{team.case.key}/reliability-tests/").json()["results"]
    assert [one["name"] for one in listed] == ["HTOL"]


def test_there_is_no_verdict_without_a_locked_plan(api: Any) -> None:
    team = Team()
    answer = api(user=team.people["quality"]).get(f"/cases/{team.case.key}/pilot-verdict/")
    assert answer.status_code == 404
