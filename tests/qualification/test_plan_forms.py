"""The plan of a case by its form: bad values at their field, conflicts with both values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from tests import factories
from tests.factories import Team

Browse = Callable[..., Any]


@pytest.fixture
def lead(team: Team, browse: Browse) -> Any:
    return browse(team.people["engineering"])


def at(team: Team, path: str) -> str:
    return team.case.get_absolute_url() + path


PLAN = {
    "risk_class": "medium", "summary": "Second buck", "start_reason": "",
    "due_date": "2027-03-01", "pilot_quantity": "250", "transition_share": "12.5",
    "rollback_hours": "8", "rollback_stock": "40", "rollback_rehearsed_on": "",
}  # fmt: skip


def test_the_plan_is_saved_with_percent_as_fraction(team: Team, lead: Any) -> None:
    answer = lead.post(at(team, "plan/"), PLAN | {"expected": team.case.version})
    assert (answer.status_code, answer["Location"]) == (302, team.case.get_absolute_url())
    case = team.reload()
    assert (case.transition_share, case.pilot_quantity) == (Decimal("0.125"), 250)
    assert (case.due_date, case.sponsor) == (dt.date(2027, 3, 1), team.people["sponsor"])
    assert case.rollback_rehearsed_on is None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("transition_share", "0,98", "Use a point: 0.98"),
        ("transition_share", "101", "101 is above 100"),
        ("transition_share", "0", "Above 0, at most 100 %."),
        ("due_date", "2027-02-30", "February 2027 has 28 days."),
        ("due_date", "3/1/2027", "3 January or 1 March?"),
        ("pilot_quantity", "-1", "-1 is below 0"),
        ("rollback_rehearsed_on", "2099-01-01", "A rehearsal is in the past."),
    ],
)
def test_a_bad_plan_is_refused_with_what_was_typed(
    team: Team, lead: Any, name: str, value: str, told: str
) -> None:
    answer = lead.post(at(team, "plan/"), PLAN | {name: value, "expected": team.case.version})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Second buck" in answer.content.decode()
    assert team.reload().summary == ""


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"second_month_share": "20"}, "A ramp begins in month 1."),
        ({"first_month_share": "0"}, "Above 0, at most 100 %."),
        ({"first_month_share": "101"}, "101 is above 100 %."),
    ],
)
def test_a_bad_ramp_is_refused_at_its_field(
    team: Team, lead: Any, shares: dict[str, str], told: str
) -> None:
    answer = lead.post(at(team, "plan/"), PLAN | shares | {"expected": team.case.version})
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert team.reload().transition_share == Decimal("0.4")


def test_a_ramp_is_planned_by_month(team: Team, lead: Any) -> None:
    shares = {"first_month_share": "10", "second_month_share": "25", "transition_share": "40"}
    answer = lead.post(at(team, "plan/"), PLAN | shares | {"expected": team.case.version})
    assert answer.status_code == 302
    ramp = [(step.month, step.share) for step in team.reload().ramp]
    assert ramp == [(1, Decimal("0.1")), (2, Decimal("0.25")), (3, Decimal("0.4"))]
    page = lead.get(at(team, "plan/")).content.decode()
    assert 'value="10 %"' in page
    assert 'value="25 %"' in page


def test_a_longer_ramp_stays_when_only_other_fields_change(team: Team, lead: Any) -> None:
    ramp = [(1, Decimal("0.05")), (4, Decimal("0.2")), (12, Decimal("0.8"))]
    team.plan(ramp=ramp)
    form = PLAN | {"first_month_share": "5", "second_month_share": "", "transition_share": "80"}
    seen = {"expected": team.case.version}
    assert lead.post(at(team, "plan/"), form | seen).status_code == 302
    assert [(step.month, step.share) for step in team.reload().ramp] == ramp
    seen = {"expected": team.case.version}
    answer = lead.post(at(team, "plan/"), form | {"transition_share": "70"} | seen)
    assert answer.status_code == 422
    assert "change it over the API" in answer.content.decode()
    assert [(step.month, step.share) for step in team.reload().ramp] == ramp


def test_a_conflict_says_who_changed_what(team: Team, lead: Any) -> None:
    seen = team.case.version
    services.change_case(case=team.case, values={"pilot_quantity": 7}, actor=team["quality"])
    answer = lead.post(at(team, "plan/"), PLAN | {"expected": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{team.people['quality'].name} changed this" in text
    assert "Pilot quantity: you have 250, saved is 7" in text
    assert team.reload().pilot_quantity == 7


def test_keep_mine_saves_over_what_was_shown(team: Team, lead: Any) -> None:
    seen = team.case.version
    now = services.change_case(case=team.case, values={"pilot_quantity": 7}, actor=team["quality"])
    body = PLAN | {"expected": seen, "current": now.version, "keep": "1"}
    assert lead.post(at(team, "plan/"), body).status_code == 302
    assert team.reload().pilot_quantity == 250


def test_quality_may_plan_and_finance_may_not(team: Team, browse: Browse) -> None:
    assert browse(factories.person("quality")).get(at(team, "plan/")).status_code == 200
    assert browse(factories.person("finance")).get(at(team, "plan/")).status_code == 403
