"""What keeps a move from happening: every condition by its code, all at once."""

from __future__ import annotations

import datetime as dt

import pytest

from qualification import services
from qualification.models import Case, HoldPoint
from qualification.models.cases import State
from qualification.workflow import CASE_FLOW
from secondsource.core import clock
from secondsource.core.actors import Actor
from tests import factories
from tests.case_work import FINISH
from tests.factories import Team
from tests.qualification.asking import refusal, refused_move


@pytest.mark.parametrize("phase", ["design_freeze", "pilot", "mass_production", "end_of_life"])
def test_a_late_start_needs_a_reason(team: Team, phase: str) -> None:
    factories.product("LATE-1", uses={team.source.part: 1}, phase=phase)
    assert refused_move(team, "submit") == ["late_start"]
    team.plan(start_reason="the incumbent ends")
    assert team.fire("submit").state == State.BUSINESS_CASE


@pytest.mark.parametrize("phase", ["concept", "development"])
def test_an_early_start_needs_none(team: Team, phase: str) -> None:
    factories.product("EARLY-1", uses={team.source.part: 1}, phase=phase)
    assert team.fire("submit").state == State.BUSINESS_CASE


def test_everything_unmet_is_told_at_once(team: Team) -> None:
    services.set_team(case=team.case, members=[], actor=team.lead)
    Case.objects.filter(pk=team.case.pk).update(sponsor=None)
    team.fire("submit")
    found = refused_move(team, "pass")
    assert found == [
        "no_sponsor", *["function_missing"] * 3, *["work_open"] * 2, *["not_signed"] * 4,
    ]  # fmt: skip


@pytest.mark.parametrize("function", ["engineering", "quality", "procurement"])
def test_a_case_needs_its_core_team(team: Team, function: str) -> None:
    team.fire("submit")
    team.do_items()
    team.sign()
    rest = [(team.people[f], f) for f in ("engineering", "quality", "procurement") if f != function]
    services.set_team(case=team.case, members=rest, actor=team.lead)
    assert refused_move(team, "pass") == ["function_missing", "not_signed"]


def test_a_sponsor_is_an_executive(team: Team) -> None:
    team.fire("submit")
    team.do_items()
    team.sign()
    engineer = team.people["engineering"]
    Case.objects.filter(pk=team.case.pk).update(sponsor=engineer)
    assert refused_move(team, "pass") == ["no_sponsor"]


def test_an_open_step_blocks_the_gate(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    team.sign()
    item = team.case.checklist.filter(gate="spec_review").first()
    services.set_item(item=item, done=False, actor=team.lead)
    assert refused_move(team, "pass") == ["item_open", "not_signed", "not_signed"]


def test_a_step_that_is_not_required_blocks_nothing(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    services.add_item(
        case=team.case, gate="spec_review", text="nice", actor=team.lead, required=False
    )
    item = team.case.checklist.get(text="nice")
    team.do_items()
    services.set_item(item=item, done=False, actor=team.lead)
    team.sign()
    assert team.fire("pass").state == State.FMEA


def test_a_ticked_step_without_its_file_blocks_the_gate(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    for item in team.case.checklist.filter(gate="spec_review"):
        if item.link:
            FINISH[item.link](team)
        else:
            services.set_item(item=item, done=True, actor=team.lead)
    found = refused_move(team, "pass")
    assert found == ["item_open", "not_signed", "not_signed"]


def test_a_missing_signature_blocks_the_gate(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    services.sign(case=team.case, function="engineering", actor=team.lead)
    assert refused_move(team, "pass") == ["not_signed"]


def test_the_pilot_build_needs_a_quantity(team: Team) -> None:
    team.jump_to(State.FMEA)
    team.plan(pilot_quantity=None)
    team.do_items()
    team.sign()
    assert refused_move(team, "pass") == ["no_pilot_quantity"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"rollback_rehearsed_on": None}, ["rollback_not_rehearsed"]),
        ({"rollback_hours": None}, ["rollback_not_planned"]),
        ({"rollback_stock": None}, ["rollback_not_planned"]),
        ({"transition_share": None}, ["no_ramp"]),
    ],
)
def test_approval_needs_a_way_back_and_a_ramp(
    team: Team, values: dict[str, None], found: list[str]
) -> None:
    team.jump_to(State.APPROVAL)
    team.plan(**values)
    team.do_items()
    team.sign()
    assert refused_move(team, "pass") == found


def test_a_rehearsal_in_the_future_is_none(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    with clock.at(clock.business_day() - dt.timedelta(days=1)):
        assert refused_move(team, "pass") == ["rollback_not_rehearsed"]


def test_closing_needs_every_hold_point_passed(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    assert refused_move(team, "close") == ["hold_point_ahead"] * 3 + ["not_signed"] * 2


def test_a_failed_hold_point_is_rolled_back_not_closed(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    HoldPoint.objects.filter(transition__case=team.case).update(
        verdict="fail", judged_at=clock.now()
    )
    team.sign()
    assert refused_move(team, "close") == ["hold_point_failed"] * 3


def test_a_transition_without_hold_points_is_not_closed(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    HoldPoint.objects.filter(transition__case=team.case).delete()
    team.sign()
    assert refused_move(team, "close") == ["no_hold_points"]


def test_the_first_gate_has_none_before_it(team: Team) -> None:
    team.fire("submit")
    assert refused_move(team, "send_back", note="why") == ["first_gate"]


@pytest.mark.parametrize("to", ["fmea", "pilot_build", "closed", "nowhere"])
def test_a_case_is_sent_back_to_an_earlier_gate_only(team: Team, to: str) -> None:
    team.jump_to(State.FMEA)
    assert refused_move(team, "send_back", note="why", data={"to": to}) == ["not_earlier"]


@pytest.mark.parametrize("to", ["approval", "transition", "draft"])
def test_a_rolled_back_case_reopens_at_two_gates_only(team: Team, to: str) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="why")
    found = refused_move(team, "reopen", "quality", note="why", data={"to": to})
    assert found == ["not_reopenable_there"]


@pytest.mark.parametrize("move", ["send_back", "hold", "withdraw"])
def test_grave_moves_need_a_reason(team: Team, move: str) -> None:
    team.jump_to(State.FMEA)
    assert refused_move(team, move, note="  ") == ["note_missing"]


def test_reject_needs_a_reason(team: Team) -> None:
    team.jump_to(State.FMEA)
    assert refused_move(team, "reject", "quality") == ["note_missing"]


def test_roll_back_and_reopen_need_a_reason(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    assert refused_move(team, "roll_back") == ["note_missing"]
    team.fire("roll_back", note="returns")
    assert refused_move(team, "reopen", "quality") == ["note_missing"]


LEADS_MOVES = {
    "submit": State.DRAFT,
    "pass": State.BUSINESS_CASE,
    "send_back": State.SPEC_REVIEW,
    "hold": State.SPEC_REVIEW,
    "withdraw": State.DRAFT,
}


@pytest.mark.parametrize("move", LEADS_MOVES)
@pytest.mark.parametrize("by", ["quality", "procurement", "sponsor"])
def test_only_the_lead_leads(team: Team, move: str, by: str) -> None:
    team.jump_to(LEADS_MOVES[move])
    assert refused_move(team, move, by, note="why") == ["not_permitted"]


def test_the_lead_neither_rejects_nor_reopens(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    assert refused_move(team, "reject", note="why") == ["not_permitted"]
    team.fire("reject", "quality", note="why")
    assert refused_move(team, "reopen", note="why") == ["not_permitted"]


def test_procurement_does_not_roll_back(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    assert refused_move(team, "roll_back", "procurement", note="why") == ["not_permitted"]


@pytest.mark.parametrize("role", ["viewer", "finance", "admin"])
def test_outsiders_move_nothing(team: Team, role: str) -> None:
    from qualification.workflow import CASE_FLOW

    outsider = factories.actor(role)
    found = refusal(CASE_FLOW.fire, team.case.pk, "submit", actor=outsider)
    assert found == ["not_permitted"]


def test_a_lead_who_lost_the_role_moves_nothing(team: Team) -> None:
    lead = team.people["engineering"]
    lead.roles = ["viewer"]
    lead.save()
    assert refused_move(team, "submit") == ["not_permitted"]


def test_a_token_without_approve_passes_no_gate(team: Team) -> None:
    from qualification.workflow import CASE_FLOW

    team.fire("submit")
    by_token = Actor(team.people["engineering"], scopes=frozenset({"read", "write"}), origin="api")
    assert refusal(CASE_FLOW.fire, team.case.pk, "pass", actor=by_token) == ["not_permitted"]


def test_who_saw_another_version_is_refused(team: Team) -> None:
    found = refused_move(team, "submit", expected=team.case.version - 1)
    assert found == ["stale"]


def test_a_case_does_not_reopen_beside_another_one(team: Team) -> None:
    team.fire("submit")
    team.fire("reject", by="quality", note="drifts")
    other = services.open_case(source=team.source, actor=team.lead)
    offers = {offer.name: offer for offer in CASE_FLOW.offered(team.case, team["quality"])}
    assert offers["reopen"].allowed is False
    assert refused_move(team, "reopen", "quality", note="cause found") == ["other_case"]
    assert (team.reload().state, other.state) == ("rejected", "draft")


def test_a_member_or_sponsor_who_left_is_not_named(team: Team) -> None:
    team.fire("submit")
    for function in ("procurement", "sponsor"):
        team.people[function].is_active = False
        team.people[function].save()
    found = refused_move(team, "pass")
    assert {"no_sponsor", "function_missing"} <= set(found)


def test_steps_of_a_case_on_hold_or_over_are_left_alone(team: Team) -> None:
    (step,) = team.with_steps(1)
    new = {"case": team.case, "gate": State.SPEC_REVIEW, "text": "More", "actor": team.lead}
    team.fire("hold", note="The budget is frozen")
    assert refusal(services.add_item, **new) == ["on_hold"]
    team.fire("withdraw", note="It stays frozen")
    assert refusal(services.add_item, **new) == ["case_over"]
    changed = {"item": step, "values": {"note": "Later"}, "actor": team.lead}
    assert refusal(services.change_item, **changed) == ["case_over"]
