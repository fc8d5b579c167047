"""The days by which a case is to pass its gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification import services
from qualification.gate_plan import planned_days
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from tests.factories import Team

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 8, 3)


def test_template_by_risk_class_moves_weekends_to_monday() -> None:
    days = planned_days("low", MONDAY)
    assert [day.isoformat() for day in days.values()] == [
        "2026-08-10",
        "2026-08-20",
        "2026-08-27",
        "2026-09-17",
        "2026-09-24",
    ]
    late = planned_days("low", dt.date(2026, 8, 1))
    assert late[State.BUSINESS_CASE] == dt.date(2026, 8, 10)
    assert planned_days("high", MONDAY)[State.APPROVAL] > days[State.APPROVAL]


def test_given_approval_goes_before_the_template() -> None:
    approval = dt.date(2026, 8, 25)
    days = planned_days("low", MONDAY, approval=approval)
    assert days[State.SPEC_REVIEW] == dt.date(2026, 8, 20)
    assert {days[State.FMEA], days[State.PILOT_BUILD], days[State.APPROVAL]} == {approval}


def test_case_opens_with_its_days(team: Team) -> None:
    planned = dict(team.case.planned_gates.values_list("gate", "due"))
    assert planned == {
        str(gate): day for gate, day in planned_days("medium", clock.business_day()).items()
    }


def test_page_changes_a_day_and_the_rail_shows_it(
    team: Team, browse: Callable[[Any], Client]
) -> None:
    team.go_to(State.BUSINESS_CASE)
    browser = browse(team.people["engineering"])
    url = reverse("case_gates", args=[team.case.number])
    refused = browser.post(url, {"fmea": "2026-02-30", "expected": team.case.version})
    assert refused.status_code == 422
    body = {"business_case": "2026-01-05", "fmea": "2031-02-03", "expected": team.case.version}
    assert browser.post(url, body).status_code == 302
    days = dict(team.case.planned_gates.values_list("gate", "due"))
    assert (days["fmea"], "spec_review" in days) == (dt.date(2031, 2, 3), False)
    page = browser.get(team.case.get_absolute_url()).content.decode()
    assert "Due 3 Feb 2031" in page
    assert "overdue since 5 Jan" in page


def test_gate_without_a_day_is_refused(team: Team) -> None:
    days = {"transition": dt.date(2031, 1, 1)}
    with pytest.raises(ValuesRefused) as refusal:
        team.plan(planned_gates=days)
    assert [problem.pointer for problem in refusal.value.problems] == ["/planned_gates"]
    assert not team.case.planned_gates.filter(gate="transition").exists()


def test_another_day_voids_signatures_of_the_business_case(team: Team) -> None:
    team.go_to(State.BUSINESS_CASE)
    team.do_items()
    signature = services.sign(case=team.case, function="quality", actor=team["quality"])
    team.plan(planned_gates={"fmea": dt.date(2031, 2, 3)})
    signature.refresh_from_db()
    assert "planned gates" in signature.void_reason


def test_api_reads_and_changes_days(team: Team, api: Callable[..., Any]) -> None:
    caller = api(user=team.people["engineering"])
    body = {"planned_gates": [{"gate": "fmea", "due": "2031-02-03"}]}
    answer = caller.patch(f"/cases/{team.case.key}/", body)
    assert answer.status_code == 200
    assert {"gate": "fmea", "due": "2031-02-03"} in answer.json()["planned"]["gates"]
