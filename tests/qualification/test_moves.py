"""Every move of the table: where it leads and what it does besides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification.models import GatePassage
from qualification.models.cases import GATES, State
from qualification.workflow import CASE_FLOW
from secondsource.core import clock
from secondsource.core.models import Event
from suppliers.models import Source
from tests.factories import Team
from tests.qualification.asking import refused_move


def test_submit_leads_to_the_business_case(team: Team) -> None:
    assert team.fire("submit").state == State.BUSINESS_CASE
    passage = GatePassage.objects.get(case=team.case)
    assert (passage.gate, passage.left_at, passage.passed) == ("business_case", None, False)


def test_pass_leads_through_every_gate_in_order(team: Team) -> None:
    team.fire("submit")
    seen = [team.case.state]
    while team.case.state != State.TRANSITION:
        seen.append(team.pass_gate().state)
    assert seen == [str(gate) for gate in GATES]
    passages = GatePassage.objects.filter(case=team.case).order_by("id")
    assert [(p.gate, p.passed) for p in passages] == [
        *((str(gate), True) for gate in GATES[:-1]),
        ("transition", False),
    ]


def test_passing_approval_starts_the_transition_with_three_hold_points(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    with clock.at(dt.date(2027, 1, 31)):
        team.pass_gate()
    assert team.case.transition_started == dt.date(2027, 1, 31)
    assert [point.due for point in team.case.hold_points.all()] == [
        dt.date(2027, 2, 28),
        dt.date(2027, 3, 31),
        dt.date(2027, 4, 30),
    ]


def test_close_ends_the_transition(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.finish_transition()
    assert team.case.state == State.CLOSED
    assert team.case.closed_at is not None
    assert not GatePassage.objects.filter(case=team.case, left_at=None).exists()


def test_send_back_leads_to_the_gate_before(team: Team) -> None:
    team.jump_to(State.FMEA)
    assert team.fire("send_back", note="a mode was forgotten").state == State.SPEC_REVIEW


def test_send_back_leads_to_the_named_earlier_gate(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.fire("send_back", note="wrong package", data={"to": "business_case"})
    assert team.case.state == State.BUSINESS_CASE


def test_hold_and_resume_come_back_to_the_gate(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("hold", note="no samples")
    assert (team.case.state, team.case.held_from) == (State.ON_HOLD, "spec_review")
    team.fire("resume")
    assert (team.case.state, team.case.held_from) == (State.SPEC_REVIEW, "")


def test_a_hold_leaves_the_gate_open(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("hold", note="no samples")
    assert GatePassage.objects.get(case=team.case, left_at=None).gate == "spec_review"


@pytest.mark.parametrize("by", ["quality", "sponsor"])
def test_quality_or_the_sponsor_rejects(team: Team, by: str) -> None:
    team.jump_to(State.SPEC_REVIEW)
    assert team.fire("reject", by, note="limit missed").state == State.REJECTED


@pytest.mark.parametrize("gate", [State.DRAFT, State.PILOT_BUILD])
def test_the_lead_withdraws_an_open_case(team: Team, gate: State) -> None:
    team.jump_to(gate)
    assert team.fire("withdraw", note="the part is dropped").state == State.WITHDRAWN


def test_a_held_case_can_be_withdrawn(team: Team) -> None:
    team.jump_to(State.FMEA)
    team.fire("hold", note="no time")
    assert team.fire("withdraw", note="never mind").state == State.WITHDRAWN


@pytest.mark.parametrize("by", ["engineering", "quality"])
def test_lead_or_quality_rolls_back_from_transition(team: Team, by: str) -> None:
    team.jump_to(State.TRANSITION)
    assert team.fire("roll_back", by, note="field returns").state == State.ROLLED_BACK


def test_a_closed_case_can_be_rolled_back(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.finish_transition()
    assert team.fire("roll_back", note="field returns").state == State.ROLLED_BACK


def test_a_rejected_case_reopens_at_the_business_case(team: Team) -> None:
    team.jump_to(State.FMEA)
    team.fire("reject", "quality", note="no")
    assert team.fire("reopen", "quality", note="new revision").state == State.BUSINESS_CASE


@pytest.mark.parametrize(
    ("to", "state"),
    [
        ({}, "pilot_build"),
        ({"to": "pilot_build"}, "pilot_build"),
        ({"to": "spec_review"}, "spec_review"),
    ],
)
def test_a_rolled_back_case_reopens_where_it_is_told(
    team: Team, to: dict[str, str], state: str
) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="field returns")
    assert team.fire("reopen", "sponsor", note="cause found", data=to).state == state


def test_every_move_is_an_event_with_from_to_and_why(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("hold", note="no samples")
    event = Event.objects.filter(action="qualification.case.hold").get()
    assert (event.data, event.note) == ({"from": "spec_review", "to": "on_hold"}, "no samples")
    assert event.actor_id == team.lead.user_id


MOVES = {
    "draft": {"submit", "withdraw"},
    "business_case": {"pass", "send_back", "hold", "reject", "withdraw"},
    "transition": {"close", "send_back", "hold", "reject", "withdraw", "roll_back"},
    "on_hold": {"resume", "withdraw"},
    "closed": {"roll_back"},
    "rejected": {"reopen"},
    "rolled_back": {"reopen"},
    "withdrawn": set(),
}
ALL_MOVES = list(CASE_FLOW.transitions)


@pytest.mark.parametrize("state", MOVES)
def test_no_other_move_is_possible(team: Team, state: str) -> None:
    type(team.case).objects.filter(pk=team.case.pk).update(
        state=state, held_from="fmea" if state == "on_hold" else ""
    )
    for move in ALL_MOVES:
        if move not in MOVES[state]:
            assert refused_move(team, move, note="why") == ["wrong_state"]


def test_an_unknown_move_is_refused(team: Team) -> None:
    assert refused_move(team, "approve") == ["unknown_move"]


def test_a_move_that_changes_no_status_writes_no_source(team: Team) -> None:
    before = Source.objects.get(pk=team.source.pk)
    events = Event.objects.filter(subject_type="suppliers.source").count()
    versions = team.source.history.count()
    with CaptureQueriesContext(connection) as asked:
        team.fire("submit")
    after = Source.objects.get(pk=team.source.pk)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    assert team.source.history.count() == versions
    assert Event.objects.filter(subject_type="suppliers.source").count() == events
    assert len(asked) <= 20  # two of them re-read the case for this test
