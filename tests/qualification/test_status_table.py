"""The table of gates, source status, caps and /check/, row by row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import PartFigures
from qualification import services
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.core.errors import RuleRefused, ValuesRefused
from suppliers import services as sourcing
from suppliers.models import Approval
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import codes, row, verdict

ZERO = Decimal(0)


def needed(team: Team, volume: int = 1000) -> None:
    """A product that needs so many a month."""
    factories.product(uses={team.source.part: 1}, monthly_volume=volume)


def test_without_a_case_a_candidate_is_blocked(db: None) -> None:
    of = factories.part()
    factories.incumbent(of)
    source = factories.alternate(of)
    assert source.status == "candidate"
    assert (verdict(source), codes(source)) == ("block", ["candidate"])


@pytest.mark.parametrize("gate", ["draft", "business_case", "spec_review", "fmea", "approval"])
def test_under_way_nothing_may_be_ordered(team: Team, gate: str) -> None:
    team.jump_to(gate)
    assert row(team.source) == ("in_qualification", ZERO, ZERO)
    assert (verdict(team.source), codes(team.source)) == ("block", ["in_qualification"])


def test_the_pilot_build_allows_its_quantity(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    assert row(team.source) == ("in_qualification", ZERO, Decimal(500))
    assert (verdict(team.source, 500), codes(team.source, 500)) == ("allow", ["pilot_quantity"])
    assert (verdict(team.source, 501), codes(team.source, 501)) == (
        "block",
        ["above_pilot_quantity"],
    )


def test_receipts_use_the_pilot_quantity_up(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, purpose="pilot")
    assert row(team.source)[2] == Decimal(200)
    assert (verdict(team.source, 200), verdict(team.source, 201)) == ("allow", "block")
    factories.receipt(team.source, 200, purpose="pilot")
    assert codes(team.source, 1) == ["in_qualification"]


def test_a_new_pilot_quantity_counts_what_came_already(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, purpose="pilot")
    team.plan(pilot_quantity=700)
    assert row(team.source)[2] == Decimal(400)


def test_a_pilot_quantity_below_what_came_leaves_nothing(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, purpose="pilot")
    team.plan(pilot_quantity=100)
    assert row(team.source)[2] == ZERO


def test_sent_back_to_the_pilot_the_used_quantity_stays_used(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, purpose="pilot")
    team.pass_gate()
    assert row(team.source)[2] == ZERO
    team.fire("send_back", note="one model fails")
    assert row(team.source)[2] == Decimal(200)


def test_transition_approves_up_to_the_ramp(team: Team) -> None:
    needed(team)
    team.jump_to(State.TRANSITION)
    assert row(team.source) == ("approved", Decimal("0.4"), None)
    assert (verdict(team.source, 400), codes(team.source, 400)) == ("allow", [])
    assert (verdict(team.source, 401), codes(team.source, 401)) == ("warn", ["above_ramp"])


def test_receipts_of_the_month_count_towards_the_ramp(team: Team) -> None:
    needed(team)
    team.jump_to(State.TRANSITION)
    factories.receipt(team.source, 300)
    assert (verdict(team.source, 100), verdict(team.source, 101)) == ("allow", "warn")
    next_month = (clock.business_day().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    assert verdict(team.source, 400, next_month) == "allow"


def test_without_a_known_demand_the_share_is_unknown(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    assert (verdict(team.source), codes(team.source)) == ("warn", ["share_unknown"])


def test_the_approval_of_a_transition_names_its_case(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    approval = team.source.approval
    assert approval is not None
    assert (approval.kind, approval.evidence_ref, approval.valid_to) == (
        "case", team.case.key, None,
    )  # fmt: skip
    assert verdict(team.source, 1, approval.valid_from - dt.timedelta(days=1)) == "block"


def test_transition_ends_the_single_source(team: Team) -> None:
    needed(team)
    team.jump_to(State.APPROVAL)
    assert PartFigures.objects.get(part=team.source.part).single_source is True
    team.pass_gate()
    assert PartFigures.objects.get(part=team.source.part).single_source is False


def test_closed_lifts_every_cap(team: Team) -> None:
    needed(team)
    team.jump_to(State.TRANSITION)
    team.finish_transition()
    assert row(team.source) == ("approved", None, None)
    assert (verdict(team.source, 100_000), codes(team.source, 100_000)) == ("allow", [])


def test_rolled_back_blocks_and_ends_the_approval(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="field returns")
    assert row(team.source)[:2] == ("requalify", ZERO)
    assert (verdict(team.source), codes(team.source)) == ("block", ["requalify", "rolled_back"])
    assert not Approval.objects.filter(source=team.source, revocation=None).exists()
    needed(team)
    assert PartFigures.objects.get(part=team.source.part).single_source is True


def test_a_reopened_case_keeps_the_rolled_back_row_until_transition(team: Team) -> None:
    team.jump_to(State.TRANSITION, onward=True)
    team.fire("roll_back", note="field returns")
    team.fire("reopen", "quality", note="cause found")
    assert row(team.source)[:2] == ("requalify", ZERO)
    assert verdict(team.source) == "block"
    team.go_to(State.TRANSITION)
    assert row(team.source) == ("approved", Decimal("0.4"), None)


@pytest.mark.parametrize(("move", "by"), [("reject", "quality"), ("withdraw", "engineering")])
def test_rejected_and_withdrawn_leave_a_candidate(team: Team, move: str, by: str) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.fire(move, by, note="why")
    assert row(team.source) == ("candidate", ZERO, ZERO)
    assert verdict(team.source) == "block"
    assert codes(team.source) == ["candidate", str(team.case.state)]


@pytest.mark.parametrize("gate", ["draft", "fmea", "pilot_build", "approval"])
def test_a_source_approved_before_keeps_its_row(db: None, gate: str) -> None:
    of = factories.part()
    factories.incumbent(of)
    source = factories.approved(of)
    team = Team(source, kind="requalification")
    team.jump_to(gate)
    assert row(source) == ("approved", None, None)
    assert verdict(source, 10_000) == "allow"


@pytest.mark.parametrize(("move", "by"), [("reject", "quality"), ("withdraw", "engineering")])
def test_a_source_approved_before_survives_its_case(db: None, move: str, by: str) -> None:
    of = factories.part()
    factories.incumbent(of)
    source = factories.approved(of)
    team = Team(source, kind="requalification")
    team.jump_to(State.SPEC_REVIEW)
    team.fire(move, by, note="why")
    assert row(source) == ("approved", None, None)


def requalifying(risk_class: str) -> Team:
    """A case on a source whose approval ended yesterday."""
    of = factories.part(risk_class=risk_class)
    factories.incumbent(of)
    source = factories.alternate(of)
    yesterday = clock.business_day() - dt.timedelta(days=1)
    with clock.at(yesterday):
        sourcing.approve_source(
            source=source, kind="case", evidence_ref="SSQ-9999", actor=JOB, valid_to=yesterday
        )
    services.expire_approvals(actor=JOB)
    return Team(source, kind="requalification")


@pytest.mark.parametrize(("risk_class", "answer"), [("medium", "warn"), ("high", "block")])
def test_requalify_keeps_its_row_under_a_case(db: None, risk_class: str, answer: str) -> None:
    team = requalifying(risk_class)
    team.jump_to(State.PILOT_BUILD, onward=True)
    assert row(team.source)[0] == "requalify"
    assert (verdict(team.source), codes(team.source)) == (
        answer,
        ["requalify", "approval_expired", "case"],
    )
    team.go_to(State.TRANSITION)
    assert row(team.source)[0] == "approved"


@pytest.mark.parametrize(
    ("gate", "status"), [("fmea", "in_qualification"), ("transition", "approved")]
)
def test_a_hold_freezes_status_and_caps(team: Team, gate: str, status: str) -> None:
    team.jump_to(gate)
    before = row(team.source)
    team.fire("hold", note="why")
    assert row(team.source) == before
    assert before[0] == status


def test_a_held_pilot_keeps_what_is_left_and_takes_no_increase(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.fire("hold", note="why")
    team.plan(pilot_quantity=900)
    assert row(team.source)[2] == Decimal(500)
    factories.receipt(team.source, 100, purpose="pilot")
    assert row(team.source)[2] == Decimal(400)
    team.fire("resume")
    assert row(team.source)[2] == Decimal(800)


def test_resuming_a_transition_gives_no_approval_anew(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("hold", note="why")
    team.fire("resume")
    assert row(team.source) == ("approved", Decimal("0.4"), None)
    assert Approval.objects.filter(source=team.source).count() == 1


def test_resuming_cannot_approve_what_was_disqualified_meanwhile(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("hold", note="audit")
    factories.standing(team.source.manufacturer_part.manufacturer, "disqualified")
    team.fire("resume")
    assert row(team.source)[0] == "disqualified"


def test_a_case_that_is_over_changes_no_cap(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.finish_transition()
    with pytest.raises(Exception, match="cannot be changed any more"):
        services.change_case(
            case=team.case, values={"transition_share": Decimal("0.1")}, actor=team.lead
        )
    assert row(team.source) == ("approved", None, None)


@pytest.mark.parametrize(("move", "by"), [("reject", "quality"), ("withdraw", "engineering")])
def test_given_up_in_transition_the_source_is_a_candidate_again(
    team: Team, move: str, by: str
) -> None:
    team.jump_to("transition")
    team.fire(move, by=by, note="no")
    assert row(team.source) == ("candidate", ZERO, ZERO)
    assert verdict(team.source) == "block"
    assert not Approval.objects.filter(source=team.source, revocation=None).exists()


def test_sent_back_from_the_transition_the_source_is_in_qualification(team: Team) -> None:
    team.jump_to("transition")
    team.fire("send_back", note="once more", data={"to": "fmea"})
    assert row(team.source) == ("in_qualification", ZERO, ZERO)
    assert verdict(team.source) == "block"


def test_a_requalification_given_up_in_transition_needs_another(db: None) -> None:
    of = factories.part()
    source = factories.incumbent(of)
    team = Team(source, kind="requalification")
    team.jump_to("transition")
    team.fire("reject", by="quality", note="no")
    assert row(team.source) == ("requalify", ZERO, ZERO)
    assert not Approval.objects.filter(source=source, revocation=None).exists()


def test_a_plan_changed_after_signing_voids_the_signatures(team: Team) -> None:
    team.jump_to("approval")
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    team.plan(transition_share=Decimal("0.9"))
    assert [s.voided_at is None for s in team.case.sign_offs.filter(gate="approval")] == [False]


def test_the_same_plan_again_voids_nothing(team: Team) -> None:
    team.jump_to("approval")
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    team.plan(transition_share=team.case.transition_share)
    assert [s.voided_at is None for s in team.case.sign_offs.filter(gate="approval")] == [True]


def test_the_ramp_is_not_changed_by_hand(team: Team) -> None:
    team.jump_to("transition")
    with pytest.raises(RuleRefused) as refused:
        team.plan(transition_share=Decimal(1))
    assert [reason.code for reason in refused.value.reasons] == ["ramp_fixed"]
    assert team.reload().transition_share == Decimal("0.4")


def test_the_ramp_rises_by_month(team: Team) -> None:
    needed(team)
    team.plan(ramp=[(1, Decimal("0.1")), (3, Decimal("0.4"))])
    team.jump_to(State.TRANSITION)
    first = team.case.transition_started
    assert row(team.source)[1] == Decimal("0.1")
    assert (verdict(team.source, 100, first), verdict(team.source, 101, first)) == ("allow", "warn")
    assert verdict(team.source, 101, add_months(first, 1)) == "warn"
    third = add_months(first, 2)
    assert (verdict(team.source, 400, third), verdict(team.source, 401, third)) == ("allow", "warn")
    with clock.at(third):
        assert services.expire_approvals(actor=JOB) == 1
    assert row(team.source)[1] == Decimal("0.4")


def test_a_held_transition_keeps_the_ramps_month_of_that_day(team: Team) -> None:
    team.plan(ramp=[(1, Decimal("0.1")), (2, Decimal("0.4"))])
    team.jump_to(State.TRANSITION)
    team.fire("hold", note="audit")
    with clock.at(add_months(clock.business_day(), 2)):
        assert services.expire_approvals(actor=JOB) == 0
        assert row(team.source)[1] == Decimal("0.1")
        team.fire("resume")
        assert row(team.source)[1] == Decimal("0.4")


def test_a_ramp_without_its_first_month_is_refused(team: Team) -> None:
    with pytest.raises(ValuesRefused) as refused:
        team.plan(ramp=[(2, Decimal("0.1"))])
    assert [problem.pointer for problem in refused.value.problems] == ["/ramp"]
    assert team.reload().transition_share == Decimal("0.4")


def test_a_ramp_and_a_share_at_once_are_refused(team: Team) -> None:
    with pytest.raises(ValuesRefused) as refused:
        team.plan(ramp=[(1, Decimal("0.1"))], transition_share=Decimal("0.9"))
    assert [problem.pointer for problem in refused.value.problems] == ["/transition_share"]
    assert team.reload().transition_share == Decimal("0.4")
