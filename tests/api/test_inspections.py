"""``/cases/{key}/samples/``, ``/inspections/`` and ``/ppap/``."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.core import clock
from tests.factories import Team


@pytest.fixture
def team(db: None) -> Team:
    return Team()


@pytest.fixture
def caller(api: Any, team: Team) -> Any:
    return api(user=team.people["engineering"])


@pytest.fixture
def quality(api: Any, team: Team) -> Any:
    return api(user=team.people["quality"])


def url(team: Team, *more: str) -> str:
    return "/".join([f"/cases/{team.case.key}", *more, ""])


def test_a_sample_is_received_changed_and_removed(team: Team, caller: Any) -> None:
    body = {"lot": "P1", "quantity": 500, "purpose": "pilot",
            "received_on": clock.business_day().isoformat()}  # fmt: skip
    made = caller.post(url(team, "samples"), body)
    assert made.status_code == 201
    target = url(team, "samples", made.json()["id"])
    assert caller.patch(target, {"quantity": 400}, If_Match='"1"').json()["quantity"] == 400
    assert caller.patch(target, {"quantity": 300}, If_Match='"1"').status_code == 412
    assert caller.patch(target, {"quantity": 0}).status_code == 422
    assert caller.send("DELETE", f"{target}?reason=Twice").status_code == 204
    assert caller.get(url(team, "samples")).json()["results"] == []


def test_a_lot_is_planned_inspected_decided_and_voided(
    team: Team, caller: Any, quality: Any
) -> None:
    lots = url(team, "inspections")
    assert caller.get(f"{lots}next/", size=1000).json() == {
        "level": "normal", "letter": "J", "sample": 80, "accept": 2,
    }  # fmt: skip
    assert caller.get(f"{lots}next/", size="many").status_code == 400
    body = {"lot": "P1", "size": 1000, "inspected": 79, "defects": 3}
    refused = caller.post(lots, body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/inspected")
    made = caller.post(lots, body | {"inspected": 80}).json()
    assert (made["result"], made["level"], made["accept_number"]) == ("rejected", "normal", 2)
    decide = f"{lots}{made['id']}/decide/"
    decision = {"decision": "returned", "reason": "Bent leads."}
    assert caller.post(decide, decision).status_code == 403
    assert quality.post(decide, decision, If_Match='"7"').status_code == 412
    assert quality.post(decide, decision).json()["decision"] == "returned"
    void = caller.post(f"{lots}{made['id']}/void/", {"reason": "Typo."})
    assert (void.status_code, void.json()["void_reason"]) == (200, "Typo.")


def test_the_ppap_is_started_judged_and_decided(team: Team, caller: Any, quality: Any) -> None:
    ppap, elements = url(team, "ppap"), url(team, "ppap", "elements")
    assert caller.get(ppap).status_code == 404
    started = caller.post(ppap, {"level": 1})
    assert (started.status_code, started.json()["completeness"]) == (200, 0.0)
    rows = {row["number"]: row for row in caller.get(elements).json()["results"]}
    assert len(rows) == 18
    appearance, warrant = (f"{elements}{rows[number]['id']}/" for number in (13, 18))
    refused = caller.patch(appearance, {"status": "not_applicable"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
    changed = {"status": "not_applicable", "reason": "No appearance."}
    assert caller.patch(appearance, changed).json()["reason"] == "No appearance."
    assert caller.patch(warrant, {"status": "accepted"}).status_code == 403
    early = quality.post(f"{ppap}warrant/", {"disposition": "approved"})
    assert [reason["code"] for reason in early.json()["reasons"]] == ["ppap_pending"]
    assert quality.patch(warrant, {"status": "accepted"}, If_Match='"1"').status_code == 200
    assert caller.post(f"{ppap}warrant/", {"disposition": "approved"}).status_code == 403
    done = quality.post(f"{ppap}warrant/", {"disposition": "approved"})
    assert (done.json()["disposition"], done.json()["completeness"]) == ("approved", 1.0)
    assert quality.post(ppap, {"level": 2}, If_Match='"1"').status_code == 412
