"""``/cases/{key}/component-tests/``."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.core import clock
from tests.factories import Team, text_file


@pytest.fixture
def team(db: None) -> Team:
    return Team()


@pytest.fixture
def caller(api: Any, team: Team) -> Any:
    return api(user=team.people["engineering"])


def url(team: Team, *more: str) -> str:
    return "/".join([f"/cases/{team.case.key}/component-tests", *more, ""])


def proposed(team: Team, caller: Any) -> dict[str, Any]:
    body = {"standard": "aec_q100", "changes": ["lead_finish"]}
    assert caller.post(url(team, "propose"), body).status_code == 200
    rows = caller.get(url(team)).json()["results"]
    return {row["code"]: row for row in rows}


def test_tests_are_proposed_shown_by_data_and_judged(team: Team, caller: Any) -> None:
    solder = proposed(team, caller)["SD"]
    assert (solder["sample_size"], solder["lots"], solder["revision"]) == (15, 1, "H")
    assert solder["verdict"] == {"word": "no_data", "detail": "No data yet."}
    data = {"origin": "own", "data_date": clock.business_day().isoformat(), "lots_tested": 1,
            "units_tested": 15, "failures": 0}  # fmt: skip
    answer = caller.patch(url(team, solder["id"]), data, If_Match='"1"')
    assert (answer.status_code, answer.json()["verdict"]["word"]) == (200, "pass")
    assert caller.patch(url(team, solder["id"]), data, If_Match='"1"').status_code == 412


def test_refused_data_name_their_fields(team: Team, caller: Any) -> None:
    solder = proposed(team, caller)["SD"]
    answer = caller.patch(url(team, solder["id"]), {"origin": "generic", "failures": 0})
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == [
        "/data_date", "/lots_tested", "/units_tested", "/family",
    ]  # fmt: skip


def test_unknown_words_are_refused(team: Team, caller: Any) -> None:
    body = {"standard": "aec_q100", "changes": ["colour"]}
    answer = caller.post(url(team, "propose"), body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/changes")


def test_a_test_is_added_waived_and_removed(team: Team, caller: Any) -> None:
    finish = proposed(team, caller)["WHISKER"]
    body = {"code": "SAM", "name": "Acoustic", "standard": "J-STD-035", "reason": "Delamination."}
    added = caller.post(url(team), body)
    assert added.status_code == 201
    assert caller.post(url(team), body).status_code == 409
    waived = caller.post(url(team, finish["id"], "waive"), {"reason": "Nickel finish."})
    assert (waived.status_code, waived.json()["verdict"]["word"]) == (200, "waived")
    target = url(team, added.json()["id"])
    assert caller.send("DELETE", target).status_code == 400
    assert caller.send("DELETE", f"{target}?reason=Not+needed").status_code == 204
    assert caller.get(target).status_code == 404


def test_procurement_does_not_waive(team: Team, caller: Any, api: Any) -> None:
    finish = proposed(team, caller)["WHISKER"]
    buyer = api(user=team.people["procurement"])
    answer = buyer.post(url(team, finish["id"], "waive"), {"reason": "x"})
    assert answer.status_code == 403


def test_evidence_lies_on_a_test(team: Team, caller: Any) -> None:
    solder = proposed(team, caller)["SD"]
    evidence = f"/cases/{team.case.key}/evidence/"
    made = caller.upload(evidence, {"item": solder["id"], "file": text_file()})
    assert (made.status_code, made.json()["item"], made.json()["gate"]) == (
        201, solder["id"], "pilot_build",
    )  # fmt: skip
    assert [row["id"] for row in caller.get(evidence).json()["results"]] == [made.json()["id"]]
    removed = caller.send("DELETE", f"{evidence}{made.json()['id']}/?reason=Wrong")
    assert removed.status_code == 204
    assert caller.get(evidence).json()["results"] == []
