"""Opening a case, its plan, its team."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models import Case, TeamMember
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event
from suppliers.models import Source
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal, row


@pytest.fixture
def source(db: None) -> Source:
    of = factories.part()
    factories.incumbent(of)
    return factories.alternate(of)


def test_it_opens_as_a_draft_of_its_opener(source: Source) -> None:
    who = factories.actor("procurement")
    case = services.open_case(source=source, actor=who)
    assert (case.state, case.lead, case.part) == (State.DRAFT, who.user, source.part)
    assert case.key == f"SSQ-{case.number:04d}"
    assert row(source)[0] == "in_qualification"
    assert Event.objects.filter(action="qualification.case.opened", subject_id=case.pk).count() == 1


@pytest.mark.parametrize(("risk_class", "steps"), [("low", 14), ("medium", 18), ("high", 19)])
def test_the_risk_class_sets_the_checklists(db: None, risk_class: str, steps: int) -> None:
    of = factories.part(risk_class=risk_class)
    factories.incumbent(of)
    case = services.open_case(source=factories.alternate(of), actor=factories.actor())
    assert (case.risk_class, case.checklist.count()) == (risk_class, steps)


def test_a_source_has_one_open_case(source: Source) -> None:
    services.open_case(source=source, actor=factories.actor())
    assert refusal(services.open_case, source=source, actor=factories.actor()) == ["duplicate"]
    assert Case.objects.count() == 1


def test_after_a_withdrawn_case_another_can_open(team: Team) -> None:
    team.fire("withdraw", note="why")
    second = services.open_case(source=team.source, actor=factories.actor())
    assert second.number == team.case.number + 1


def test_the_incumbent_needs_no_second_source_case(source: Source) -> None:
    first = Source.objects.get(part=source.part, role="incumbent")
    assert refusal(services.open_case, source=first, actor=factories.actor()) == ["incumbent"]
    case = services.open_case(source=first, actor=factories.actor(), kind="requalification")
    assert (case.kind, row(first)[0]) == ("requalification", "approved")


@pytest.mark.parametrize("role", ["finance", "executive", "viewer", "admin"])
def test_only_case_workers_open(source: Source, role: str) -> None:
    found = refusal(services.open_case, source=source, actor=factories.actor(role))
    assert found == ["not_permitted"]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"transition_share": Decimal(0)}, "/transition_share"),
        ({"transition_share": Decimal("1.01")}, "/transition_share"),
        ({"pilot_quantity": -1}, "/pilot_quantity"),
        ({"rollback_hours": Decimal(-1)}, "/rollback_hours"),
        ({"rollback_stock": -1}, "/rollback_stock"),
    ],
)
def test_a_plan_out_of_range_is_refused(team: Team, values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        team.plan(**values)
    assert [p.pointer for p in caught.value.problems] == [pointer]


def test_a_rehearsal_lies_in_the_past(team: Team) -> None:
    with pytest.raises(ValuesRefused) as caught:
        team.plan(rollback_rehearsed_on=clock.business_day() + dt.timedelta(days=1))
    assert [p.code for p in caught.value.problems] == ["in_future"]


def test_a_sponsor_is_an_executive(team: Team) -> None:
    with pytest.raises(ValuesRefused) as caught:
        team.plan(sponsor=team.people["quality"])
    assert [p.code for p in caught.value.problems] == ["not_executive"]


def test_a_case_that_is_over_is_not_changed(team: Team) -> None:
    team.fire("withdraw", note="why")
    assert refusal(team.plan, summary="late") == ["case_over"]
    found = refusal(services.set_team, case=team.case, members=[], actor=team.lead)
    assert found == ["case_over"]


def test_a_plan_seen_in_another_version_is_refused(team: Team) -> None:
    values = {"summary": "mine"}
    found = refusal(
        services.change_case, case=team.case, values=values, actor=team.lead, expected=1
    )
    assert found == ["stale"]


def members(team: Team) -> set[tuple[int, str]]:
    return set(TeamMember.objects.filter(case=team.case).values_list("user_id", "function"))


def test_the_team_is_replaced(team: Team) -> None:
    tester = factories.person("engineer")
    pairs = [(tester, "test"), (tester, "manufacturing")]
    services.set_team(case=team.case, members=pairs, actor=team.lead)
    assert members(team) == {(tester.pk, "test"), (tester.pk, "manufacturing")}


@pytest.mark.parametrize("function", ["sponsor", "sales"])
def test_a_team_has_known_functions(team: Team, function: str) -> None:
    before = members(team)
    pairs = [(team.people["quality"], function)]
    with pytest.raises(ValuesRefused) as caught:
        services.set_team(case=team.case, members=pairs, actor=team.lead)
    assert [p.code for p in caught.value.problems] == ["unknown_function"]
    assert members(team) == before


def test_nobody_stands_twice_for_a_function(team: Team) -> None:
    pairs = [(team.people["quality"], "quality")] * 2
    with pytest.raises(ValuesRefused):
        services.set_team(case=team.case, members=pairs, actor=team.lead)


def test_somebody_who_left_joins_no_team(team: Team) -> None:
    gone = factories.person("quality", is_active=False)
    with pytest.raises(ValuesRefused) as caught:
        services.set_team(case=team.case, members=[(gone, "quality")], actor=team.lead)
    assert [p.code for p in caught.value.problems] == ["inactive"]


def test_lead_or_quality_staffs(team: Team) -> None:
    found = refusal(services.set_team, case=team.case, members=[], actor=team["procurement"])
    assert found == ["not_permitted"]
    services.set_team(case=team.case, members=[], actor=team["quality"])
    assert members(team) == set()


def test_a_team_edit_on_an_old_reading_undoes_no_move(team: Team) -> None:
    seen_before = Case.objects.get(pk=team.case.pk)
    team.fire("submit")
    services.set_team(case=seen_before, members=[], actor=team.lead)
    assert team.reload().state == State.BUSINESS_CASE


def test_a_team_seen_in_another_version_is_refused(team: Team) -> None:
    found = refusal(services.set_team, case=team.case, members=[], actor=team.lead, expected=1)
    assert found == ["stale"]
