"""A signature holds for what it was given on, and only of who may give it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts import services as catalogue
from qualification import services
from qualification.models import Case, ChecklistItem, TeamMember
from qualification.models.cases import State
from qualification.services.pilot_plans import PlannedModel, lock_pilot_plan
from secondsource.core import attachments, clock
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services as sourcing
from suppliers.models import Source
from tests import factories
from tests.case_work import FLOOR, draft_pilot, pilot_products
from tests.exchange.bulk.files import take
from tests.factories import Team, text_file

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
    team.go_to(State.PILOT_BUILD)
    team.do_items()
    team.sign()
    with pytest.raises(RuleRefused) as refused:
        team.plan(pilot_quantity=90_000)
    assert [reason.code for reason in refused.value.reasons] == ["quantity_of_plan"]
    assert standing(team, "pilot_build") == ["engineering", "quality"]
    models = [PlannedModel(product=one, units=45_000, floor=FLOOR) for one in pilot_products(team)]
    lock_pilot_plan(
        plan=draft_pilot(team, models=models, reason="More units"), actor=team["quality"]
    )
    assert team.reload().pilot_quantity == 90_000
    assert standing(team, "pilot_build") == []
    assert standing(team, "fmea") == ["engineering", "quality"]


def test_another_sponsor_signs_anew(team: Team) -> None:
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    team.sign()
    other = factories.person("executive")
    services.name_sponsor(case=team.case, sponsor=other, actor=team["sponsor"], note="moves on")
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
    TeamMember.objects.create(case=team.case, user=boss.user, function="quality")
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
    source = factories.alternate(factories.part())
    team = Team(source)
    team.fire("submit")
    team.fire("reject", by="quality", note="drifts")
    with pytest.raises(RuleRefused):
        sourcing.approve_legacy(source=source, evidence_ref="in use", actor=factories.JOB)
    assert team.reload().source.status == "candidate"


def test_only_a_first_source_is_approved_as_legacy(db: None) -> None:
    part = factories.part()
    factories.incumbent(part)
    other = factories.alternate(part)
    with pytest.raises(RuleRefused) as refused:
        sourcing.approve_legacy(source=other, evidence_ref="in use", actor=factories.JOB)
    assert [reason.code for reason in refused.value.reasons] == ["not_an_incumbent"]
    other.refresh_from_db()
    assert (other.role, other.status) == ("alternate", "candidate")


# --- what is signed on, and changes afterwards --------------------------------------------------


def why_void(team: Team, gate: str) -> set[str]:
    """The reasons for which signatures of the gate became void."""
    given = team.reload().sign_offs.filter(gate=gate).exclude(voided_at=None)
    return {str(signature.void_reason) for signature in given}


def signed(team: Team, gate: State = State.SPEC_REVIEW) -> ChecklistItem:
    """At the gate, its work done and signed; answers its first step."""
    team.jump_to(gate)
    team.do_items()
    team.sign()
    return team.case.checklist.filter(gate=gate).order_by("position")[0]


def test_an_added_step_voids_the_signatures(team: Team) -> None:
    signed(team)
    item = services.add_item(
        case=team.case, gate=State.SPEC_REVIEW, text="Nobody signed this", actor=team.lead
    )
    services.set_item(item=item, done=True, actor=team.lead)
    assert standing(team, "spec_review") == []
    assert why_void(team, "spec_review") == {"the step “Nobody signed this” was added"}
    with pytest.raises(RuleRefused):
        team.fire("pass")


def test_a_step_of_a_later_gate_voids_nothing(team: Team) -> None:
    signed(team)
    services.add_item(case=team.case, gate=State.FMEA, text="Later", actor=team.lead)
    assert len(standing(team, "spec_review")) == 2


def test_an_added_file_voids_the_signatures(team: Team) -> None:
    item = signed(team)
    services.add_evidence(item=item, upload=text_file("late.txt"), actor=team.lead)
    assert standing(team, "spec_review") == []
    assert why_void(team, "spec_review") == {"the file “late.txt” was added"}


def test_an_added_file_over_the_api_voids_them(team: Team, api: Any) -> None:
    item = signed(team)
    body = {"item": item.key, "file": text_file("late.txt")}
    caller = api(user=team.people["engineering"])
    assert caller.upload(f"/cases/{team.case.key}/evidence/", body).status_code == 201
    assert standing(team, "spec_review") == []


def test_a_signed_file_is_not_removed(team: Team) -> None:
    item = signed(team)
    (file,) = attachments.of(item)
    with pytest.raises(RuleRefused):
        services.remove_evidence(item=item, attachment=file, actor=team.lead, reason="why")
    assert len(standing(team, "spec_review")) == 2


def test_another_note_of_a_step_voids_them_and_its_owner_does_not(team: Team) -> None:
    item = signed(team)
    values = {"owner": team.people["quality"], "due_date": clock.business_day()}
    services.change_item(item=item, values=values, actor=team.lead)
    assert len(standing(team, "spec_review")) == 2
    services.change_item(item=item, values={"note": "2 of 5 failed"}, actor=team.lead)
    assert standing(team, "spec_review") == []


def test_an_optional_step_ticked_later_voids_them(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    item = services.add_item(
        case=team.case, gate=State.SPEC_REVIEW, text="Optional", actor=team.lead, required=False
    )
    team.do_items()
    team.sign()
    services.set_item(item=item, done=True, actor=team.lead)
    assert why_void(team, "spec_review") == {"“Optional” was ticked after signing"}


@pytest.mark.parametrize(
    ("gate", "values"),
    [
        (State.BUSINESS_CASE, {"summary": "another case"}),
        (State.BUSINESS_CASE, {"start_reason": "another reason"}),
        (State.BUSINESS_CASE, {"due_date": dt.date(2030, 1, 2)}),
        (State.FMEA, {"pilot_quantity": 90_000}),
        (State.FMEA, {"risk_class": "high"}),
        (State.APPROVAL, {"rollback_stock": 1}),
    ],
)
def test_a_changed_plan_voids_what_rests_on_it(
    team: Team, gate: State, values: dict[str, Any]
) -> None:
    signed(team, gate)
    team.plan(**{name: getattr(team.case, name) for name in values})
    assert standing(team, gate) != []
    team.plan(**values)
    assert standing(team, gate) == []


def test_who_leaves_a_function_loses_the_signature(team: Team) -> None:
    signed(team)
    other = factories.person("quality")
    pairs = [(team.people["engineering"], "engineering"), (other, "quality")]
    services.set_team(case=team.case, members=pairs, actor=team.lead)
    assert standing(team, "spec_review") == ["engineering"]
    assert why_void(team, "spec_review") == {"the signer no longer holds the function"}


def requirement(**fields: Any) -> dict[str, Any]:
    return {"parameter": "supply", "rule": "at_least", "minimum": 2.5, "unit": "V"} | fields


@pytest.mark.parametrize("gate", [State.SPEC_REVIEW, State.FMEA, State.PILOT_BUILD, State.APPROVAL])
def test_another_requirement_of_the_part_voids_them(team: Team, gate: State) -> None:
    part = team.source.part
    catalogue.set_requirements(part=part, requirements=[requirement()], actor=team.lead)
    signed(team, gate)
    catalogue.set_requirements(part=part, requirements=[requirement()], actor=team.lead)
    assert standing(team, gate) != []
    catalogue.set_requirements(part=part, requirements=[requirement(minimum=3)], actor=team.lead)
    assert standing(team, gate) == []
    assert why_void(team, gate) == {f"the requirements of {part.ipn} changed"}


@pytest.mark.parametrize("role", ["alternate", "incumbent"])
def test_another_datasheet_voids_them(team: Team, role: str) -> None:
    of = Source.objects.get(part=team.source.part, role=role).manufacturer_part
    line = {"name": "supply", "minimum": 1.8, "unit": "V"}
    sourcing.set_parameters(manufacturer_part=of, parameters=[line], actor=team.lead)
    signed(team)
    sourcing.set_parameters(manufacturer_part=of, parameters=[line], actor=team.lead)
    assert len(standing(team, "spec_review")) == 2
    line = line | {"minimum": 2.2}
    sourcing.set_parameters(manufacturer_part=of, parameters=[line], actor=team.lead)
    assert standing(team, "spec_review") == []


def test_an_imported_datasheet_voids_them(team: Team) -> None:
    signed(team)
    made = team.source.manufacturer_part
    header = "Manufacturer,MPN,Parameter,Min,Unit"
    row = f"{made.manufacturer.name},{made.mpn},supply,2.2,V"
    take(f"{header}\n{row}\n", "manufacturer_parts", team.lead)
    assert standing(team, "spec_review") == []
    team.sign()
    take(f"{header},Description\n{row},Buck\n", "manufacturer_parts", team.lead)
    assert len(standing(team, "spec_review")) == 2


def test_the_signer_and_the_page_are_told_why(team: Team, browse: Any) -> None:
    item = signed(team)
    services.add_evidence(item=item, upload=text_file("late.txt"), actor=team.lead)
    event = Event.objects.get(action="qualification.case.signatures_voided")
    signers = {entry["person"] for entry in event.data["signed"]}
    assert signers == {team.people["engineering"].pk, team.people["quality"].pk}
    client = browse(team.people["quality"])
    work = client.get("/work/").content.decode()
    assert "your signature is void: the file “late.txt” was added" in work
    page = client.get(team.case.get_absolute_url()).content.decode()
    assert "<b>Void:</b> Quality" in page
    assert "made signatures void" in page


def test_the_signer_sees_a_step_that_has_to_be_done_first(team: Team, browse: Any) -> None:
    item = signed(team)
    services.set_item(item=item, done=False, actor=team.lead)
    work = browse(team.people["quality"]).get("/work/").content.decode()
    assert "Sign Spec review again after the checklist" in work
