"""The number beside My work: counted in SQL, it agrees with the tasks of the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification import my_work, services, task_counts
from qualification.guards import required_functions
from qualification.models import Case, HoldPoint, RollbackPlan
from qualification.models.cases import GATES, State
from secondsource.accounts.models import User
from secondsource.core import clock
from tests import factories, rollback_work
from tests.factories import Team

pytestmark = pytest.mark.django_db


def listed(user: User) -> int:
    """The tasks of the page that are the person's to do."""
    tasks = my_work.tasks_of(user, my_work.cases_of(user))
    return sum(task.group != my_work.WAITING for task in tasks)


def agreed(team: Team) -> list[int]:
    """The numbers of everybody in the case, once page and count say the same."""
    team.reload()
    people = [User.objects.get(pk=user.pk) for user in team.people.values()]
    counted = [task_counts.count(user, cap=99) for user in people]
    assert counted == [listed(user) for user in people]
    return counted


def test_it_agrees_while_a_rollback_is_under_way(team: Team) -> None:
    rollback_work.step(team)
    team.jump_to(State.TRANSITION, onward=True)
    team.fire("roll_back", by="quality", note="lots failed")
    assert agreed(team) == [1, 0, 1, 0]


@pytest.mark.parametrize("gate", GATES)
def test_it_agrees_at_every_step_of_a_gate(team: Team, gate: State) -> None:
    team.jump_to(gate)
    HoldPoint.objects.filter(transition__case=team.case).update(due=clock.business_day())
    assert sum(agreed(team)) > 0
    team.do_items()
    agreed(team)
    for point in team.case.hold_points.all():
        services.judge_hold_point(
            hold_point=point, verdict="pass", note="good", actor=team["quality"]
        )
        agreed(team)
    for function in ("engineering", "quality", "procurement", "sponsor"):
        needed = [f for f in required_functions(team.case, gate) if f == function]
        for one in needed:
            services.sign(case=team.reload(), function=one, actor=team[one])
            agreed(team)
    lead_has_the_move = agreed(team)[0]
    assert lead_has_the_move == 1


@pytest.mark.parametrize(
    ("gate", "values"),
    [
        (State.BUSINESS_CASE, {"sponsor": None}),
        (State.FMEA, {"plan": {"pilot_quantity": None}}),
        (State.APPROVAL, {"rollback": {"hours": None}}),
        (State.APPROVAL, {"plan": {"rollback_rehearsed_on": None, "transition_share": None}}),
        (State.APPROVAL, {"rollback": {"rehearsed_on": dt.date(2099, 1, 1)}}),
        (State.ON_HOLD, {"held_from": "fmea"}),
        (State.DRAFT, {}),
        (State.CLOSED, {}),
    ],
)
def test_it_agrees_where_the_plan_has_gaps(team: Team, gate: State, values: dict[str, Any]) -> None:
    if gate in GATES:
        team.jump_to(gate)
        team.do_items()
        team.sign()
    plain = dict(values)
    if plan := plain.pop("plan", None):
        team.plan(**plan)
    if way_back := plain.pop("rollback", None):
        RollbackPlan.objects.filter(case=team.case).update(**way_back)
    Case.objects.filter(pk=team.case.pk).update(state=gate, **plain)
    agreed(team)


def test_it_agrees_on_a_late_draft_and_on_a_team_without_quality(team: Team) -> None:
    factories.product(uses={team.source.part: 1}, phase="mass_production")
    assert agreed(team) == [1, 0, 0, 0]
    team.plan(start_reason="The incumbent ends.")
    assert agreed(team) == [1, 0, 0, 0]
    team.fire("submit")
    services.set_team(case=team.case, members=[], actor=team.lead)
    # The business case to complete, and the functions that the team lacks.
    assert agreed(team) == [2, 0, 0, 0]
    for text in ("Ask finance", "Ask sales"):
        services.add_item(case=team.case, gate=State.BUSINESS_CASE, text=text, actor=team.lead)
    assert agreed(team) == [4, 0, 0, 0]


def test_it_agrees_when_a_role_was_taken_away(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    User.objects.filter(pk=team.people["quality"].pk).update(roles=["procurement"])
    agreed(team)


def test_it_agrees_after_a_failed_hold_point(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    first = team.case.hold_points.order_by("due")[0]
    HoldPoint.objects.filter(pk=first.pk).update(
        verdict="fail", judged_at=clock.now(), judged_by=team.people["quality"]
    )
    agreed(team)


def test_one_statement_counts_any_number_of_cases(team: Team, browse: Any) -> None:
    Team(people=team.people)
    client = browse(team.people["engineering"])
    client.get("/work/count/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get("/work/count/").content == b'2<span class="vh"> to do</span>'
    assert len([q for q in seen if "qualification_" in q["sql"]]) == 1


def test_nothing_to_do_shows_no_number(browse: Any) -> None:
    assert browse(factories.person("engineer")).get("/work/count/").content == b""
