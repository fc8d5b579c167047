"""Clearance of intellectual property: what clears a case, what ends, what approval refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import linked_work, services
from qualification.models import IpClearance
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from suppliers.models import Approval
from tests.factories import JOB, Team
from tests.qualification.asking import refusal, refused_move
from tests.spec_review_work import compare

NEED = {"parameter": "Current", "rule": "at_least", "minimum": 3.0, "unit": "A"}


def search(team: Team, **fields: Any) -> IpClearance:
    values = {"kind": "claim", "subject": "EP 1234567", "searched_in": "Espacenet",
              "result": "clear"} | fields  # fmt: skip
    return services.add_clearance(case=team.case, actor=team["engineering"], **values)


def codes(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "clearance")]


def is_met(team: Team) -> bool:
    return bool(team.case.checklist.get(link="clearance").met_at)


def test_a_search_without_a_conflict_clears_the_case(team: Team) -> None:
    assert (codes(team), is_met(team)) == (["no_clearance"], False)
    row = search(team)
    assert (codes(team), is_met(team)) == ([], True)
    assert (row.searched_by, row.searched_on) == (
        team.people["engineering"], clock.business_day(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("result", "code"), [("open", "clearance_open"), ("infringes", "infringes")]
)
def test_an_open_search_and_a_conflict_keep_it_open(team: Team, result: str, code: str) -> None:
    search(team)
    row = search(team, result=result)
    assert (codes(team), is_met(team)) == ([code], False)
    licence = {"result": "licensed", "licence": "LA-7"}
    services.change_clearance(clearance=row, values=licence, actor=team["quality"])
    assert (codes(team), is_met(team)) == ([], True)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"subject": ""}, "/subject"),
        ({"searched_in": ""}, "/searched_in"),
        ({"result": "licensed"}, "/licence"),
        ({"searched_on": dt.date(2999, 1, 1)}, "/searched_on"),
        ({"valid_to": dt.date(2000, 1, 1)}, "/valid_to"),
    ],
)
def test_an_incomplete_search_is_refused(team: Team, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        search(team, **fields)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]
    assert not IpClearance.objects.exists()


def test_a_change_of_a_former_version_is_refused(team: Team) -> None:
    row = search(team)
    services.change_clearance(clearance=row, values={"note": "a"}, actor=team["quality"])
    answer = refusal(
        services.change_clearance, clearance=row, values={"note": "b"}, actor=team["quality"],
        expected=1,
    )  # fmt: skip
    assert answer == ["stale"]


def test_finance_records_no_search(team: Team) -> None:
    answer = refusal(
        services.add_clearance, case=team.case, actor=team["sponsor"], kind="claim", subject="x",
        searched_in="y",
    )  # fmt: skip
    assert answer == ["not_permitted"]


def test_an_expired_clearance_blocks_the_approval(team: Team) -> None:
    today = clock.business_day()
    search(team, valid_to=today)
    team.jump_to(State.APPROVAL)
    team.do_items()
    services.sign(case=team.case, function="engineering", actor=team["engineering"])
    with clock.at(today + dt.timedelta(days=1)):
        assert services.refresh_dated_work(actor=JOB) == 1
        assert services.refresh_dated_work(actor=JOB) == 0
        assert (codes(team), is_met(team)) == (["clearance_expired"], False)
        assert not team.case.sign_offs.filter(gate="approval", voided_at=None).exists()
        assert "work_open" in refused_move(team, "pass")
        answer = refusal(
            services.give_interim, case=team.case, quantity=5, until=clock.business_day(),
            note="line stop", actor=team["quality"],
        )  # fmt: skip
        assert answer == ["clearance_expired"]
        services.change_clearance(
            clearance=IpClearance.objects.get(), actor=team["engineering"],
            values={"searched_on": clock.business_day(), "valid_to": None},
        )  # fmt: skip
        assert is_met(team)


def test_conditions_travel_to_the_approval(team: Team) -> None:
    compare(team, [NEED], [{"name": "Current", "minimum": 2.5, "unit": "A"}])
    [made] = services.decide(
        case=team.case, chosen=[services.ChosenLine("Current")], actor=team["engineering"],
        decision="accept_with_condition", condition="At most 2 A", reason="DC-118 draws 1.8 A",
    )  # fmt: skip
    services.confirm(disposition=made, actor=team["quality"])
    search(team)
    team.jump_to(State.APPROVAL)
    services.give_interim(
        case=team.case, quantity=5, until=clock.business_day(), note="line stop",
        actor=team["quality"],
    )  # fmt: skip
    team.pass_gate()
    kept = dict(Approval.objects.filter(source=team.source).values_list("kind", "conditions"))
    assert kept == {"interim": "Current: At most 2 A", "case": "Current: At most 2 A"}


def test_the_page_records_and_changes_a_search(team: Team, browse: Any) -> None:
    client = browse(team.people["quality"])
    url = f"/q/{team.case.key}/clearances/"
    values = {
        "kind": "clone", "subject": "Register map", "searched_in": "Datasheets", "result": "open",
        "searched_by": team.people["engineering"].pk,
        "searched_on": clock.business_day().isoformat(),
    }  # fmt: skip
    assert client.post(f"{url}new/", values).status_code == 302
    row = IpClearance.objects.get()
    text = client.get(f"/q/{team.case.key}/spec-review/").content.decode()
    assert "Register map" in text
    answer = client.post(f"{url}{row.public_id}/", values | {"result": "licensed", "expected": 1})
    assert (answer.status_code, "Name the licence agreement." in answer.content.decode()) == (
        422, True,
    )  # fmt: skip
    done = values | {"result": "clear", "expected": 1}
    assert client.post(f"{url}{row.public_id}/", done).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.searched_by) == ("clear", team.people["engineering"])
