"""A signature holds for what it was given on, and only of who may give it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qualification import services
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db


def standing(team: Team, gate: str) -> list[str]:
    """Functions whose signature under the gate holds."""
    given = team.reload().sign_offs.filter(gate=gate, voided_at=None)
    return [str(signature.function) for signature in given]


def test_a_plan_changed_on_hold_voids_the_signatures(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    team.fire("hold", note="a moment")
    team.plan(transition_share=Decimal(1))
    team.fire("resume")
    assert standing(team, "approval") == []
    with pytest.raises(RuleRefused):
        team.fire("pass")
    assert team.reload().state == State.APPROVAL


def test_the_ramp_is_not_changed_on_hold_either(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("hold", note="a moment")
    with pytest.raises(RuleRefused) as refused:
        team.plan(transition_share=Decimal(1))
    assert [reason.code for reason in refused.value.reasons] == ["ramp_fixed"]
    assert team.reload().transition_share == Decimal("0.4")


def test_a_plan_changed_back_in_between_voids_the_signatures(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    seen = Case.objects.get(pk=team.case.pk)  # as somebody else's page had it
    team.plan(transition_share=Decimal("0.9"))
    team.sign()
    services.change_case(case=seen, values={"transition_share": Decimal("0.4")}, actor=team.lead)
    assert standing(team, "approval") == []


def test_another_pilot_quantity_voids_the_signatures_of_the_pilot(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    team.sign()
    team.plan(pilot_quantity=90_000)
    assert standing(team, "pilot_build") == []
    assert standing(team, "fmea") == ["engineering", "quality"]


def test_another_sponsor_signs_anew(team: Team) -> None:
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    team.sign()
    team.plan(sponsor=factories.person("executive"))
    assert standing(team, "business_case") == ["engineering", "procurement", "quality"]
    with pytest.raises(RuleRefused) as refused:
        team.fire("pass")
    assert [reason.code for reason in refused.value.reasons] == ["not_signed"]


def test_a_case_opens_with_an_executive_as_sponsor_or_none(team: Team) -> None:
    source = factories.alternate(team.source.part)
    with pytest.raises(ValuesRefused) as refused:
        services.open_case(source=source, actor=team.lead, sponsor=team.lead.user)
    assert [problem.pointer for problem in refused.value.problems] == ["/sponsor"]
    assert Case.objects.filter(source=source).count() == 0


@pytest.mark.parametrize("role", ["viewer", "executive", "finance", "admin"])
def test_who_does_no_work_leads_no_case(team: Team, role: str) -> None:
    source = factories.alternate(team.source.part)
    with pytest.raises(ValuesRefused) as refused:
        services.open_case(source=source, actor=team.lead, lead=factories.person(role))
    assert [problem.code for problem in refused.value.problems] == ["not_a_worker"]
    assert Case.objects.filter(source=source).count() == 0


def test_an_executive_signs_as_sponsor_alone(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    boss = factories.actor("executive")
    pairs = [(boss.user, "quality"), (team.people["procurement"], "procurement")]
    services.set_team(case=team.case, members=pairs, actor=team.lead)
    with pytest.raises(PermissionRefused):
        services.sign(case=team.reload(), function="quality", actor=boss)
    assert standing(team, "spec_review") == []


def test_who_is_no_executive_any_more_signs_for_no_sponsor(team: Team) -> None:
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    for function in ("engineering", "procurement", "quality"):
        services.sign(case=team.reload(), function=function, actor=team[function])
    former = team.people["sponsor"]
    former.roles = ["finance"]
    former.save()
    with pytest.raises(PermissionRefused):
        services.sign(case=team.reload(), function="sponsor", actor=team["sponsor"])
    assert "sponsor" not in standing(team, "business_case")


def test_a_rejected_source_is_not_approved_as_legacy(db: None) -> None:
    from suppliers import services as sourcing

    source = factories.alternate(factories.part())
    team = Team(source)
    team.fire("submit")
    team.fire("reject", by="quality", note="drifts")
    with pytest.raises(RuleRefused):
        sourcing.approve_legacy(source=source, evidence_ref="in use", actor=factories.JOB)
    assert team.reload().source.status == "candidate"
