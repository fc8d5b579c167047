"""Plans are drafted by one, locked by another, and never change afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from qualification.models import PilotModel, PilotPlan
from qualification.models.cases import State
from qualification.pilot_verdicts import locked_plan
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedParameter,
    PlannedPilot,
    change_pilot_plan,
    lock_pilot_plan,
    save_pilot_plan,
)
from qualification.workflow import CASE_FLOW
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale, ValuesRefused
from secondsource.core.models import Event
from tests import case_work, factories
from tests.factories import Team
from tests.qualification.asking import refusal, row

pytestmark = pytest.mark.django_db


def problems(call: Any, **fields: Any) -> dict[str, str]:
    """Pointer → code of every refused value."""
    with pytest.raises(ValuesRefused) as caught:
        call(**fields)
    return {one.pointer: one.code for one in caught.value.problems}


def save(team: Team, *models: PlannedModel, by: str = "engineering", **fields: Any) -> PilotPlan:
    planned = PlannedPilot(models=models, **fields)
    return save_pilot_plan(case=team.case, planned=planned, actor=team[by])


def test_a_draft_is_locked_by_another_person_of_quality(team: Team) -> None:
    plan = case_work.draft_pilot(team)
    lock_pilot_plan(plan=plan, actor=team["quality"])
    plan.refresh_from_db()
    assert (plan.number, plan.drafted_by, plan.locked_by) == (
        1, team.people["engineering"], team.people["quality"],
    )  # fmt: skip
    assert locked_plan(team.case) == plan
    assert Event.objects.filter(action="qualification.pilot_plan.locked").count() == 1


def test_the_units_are_the_material_that_may_be_ordered(team: Team) -> None:
    first = factories.product(uses={team.source.part: 2})
    second = factories.product(uses={team.source.part: 1})
    models = [PlannedModel(product=p, units=40, floor=Decimal("0.9")) for p in (first, second)]
    team.jump_to(State.PILOT_BUILD)
    lock_pilot_plan(plan=save(team, *models), actor=team["quality"])
    assert team.reload().pilot_quantity == 40 * 2 + 40
    assert row(team.source) == ("in_qualification", Decimal(0), Decimal(120))


def test_the_quantity_of_a_locked_plan_is_not_set_by_hand(team: Team) -> None:
    case_work.finish_pilot_plan(team)
    with pytest.raises(RuleRefused) as caught:
        team.plan(pilot_quantity=9_999)
    assert caught.value.reasons[0].code == "quantity_of_plan"
    assert team.reload().pilot_quantity == 500


def test_a_floor_is_the_incumbents_yield_less_the_margin(team: Team) -> None:
    product = factories.product(uses={team.source.part: 1})
    save(team, PlannedModel(product=product, units=400, incumbent_good=980,
                            incumbent_started=1000))  # fmt: skip
    assert PilotModel.objects.get().floor == Decimal("0.96000")


def test_every_wrong_value_is_named(team: Team) -> None:
    product = factories.product(uses={team.source.part: 1})
    twice = PlannedModel(product=product, units=0, floor=Decimal("1.2"))
    above = PlannedModel(product=product, units=5, incumbent_good=9, incumbent_started=8)
    parameters = (
        PlannedParameter(name="Vout", lower_limit=2, upper_limit=1),
        PlannedParameter(name="Vout"),
    )
    planned = PlannedPilot(
        models=(twice, above), parameters=parameters, margin=Decimal(0), confidence=Decimal(1),
        lots=0,
    )  # fmt: skip
    found = problems(save_pilot_plan, case=team.case, planned=planned, actor=team["engineering"])
    assert found == {
        "/margin": "out_of_range", "/confidence": "out_of_range", "/lots": "out_of_range",
        "/models/0/units": "out_of_range", "/models/0/floor": "out_of_range",
        "/models/1/product": "duplicate", "/models/1/incumbent_good": "above_started",
        "/parameters/0/lower_limit": "limit_order", "/parameters/1/name": "duplicate",
        "/parameters/1/lower_limit": "required",
    }  # fmt: skip
    assert not PilotPlan.objects.exists()


def test_its_author_does_not_lock_it(team: Team) -> None:
    case_work.pilot_products(team)
    plan = case_work.draft_pilot(team)
    PilotPlan.objects.filter(pk=plan.pk).update(drafted_by=team.people["quality"])
    assert refusal(lock_pilot_plan, plan=plan, actor=team["quality"]) == ["four_eyes"]
    assert locked_plan(team.case) is None


def test_only_quality_locks(team: Team) -> None:
    plan = case_work.draft_pilot(team)
    with pytest.raises(PermissionRefused):
        lock_pilot_plan(plan=plan, actor=team["procurement"])
    assert locked_plan(team.case) is None


def test_two_models_at_least_where_two_use_the_part(team: Team) -> None:
    first, _ = case_work.pilot_products(team)
    plan = save(team, PlannedModel(product=first, units=40, floor=Decimal("0.9")))
    assert refusal(lock_pilot_plan, plan=plan, actor=team["quality"]) == ["too_few_models"]


def test_one_model_is_enough_where_only_one_uses_the_part(team: Team) -> None:
    only = factories.product(uses={team.source.part: 1})
    plan = save(team, PlannedModel(product=only, units=40, floor=Decimal("0.9")))
    assert lock_pilot_plan(plan=plan, actor=team["quality"]).locked_at


def test_units_that_cannot_show_the_floor_and_strange_products_are_refused(team: Team) -> None:
    case_work.pilot_products(team)
    used = case_work.pilot_products(team)[0]
    models = (
        PlannedModel(product=used, units=101, floor=Decimal("0.971")),
        PlannedModel(product=factories.product(), units=40, floor=Decimal("0.9")),
    )
    plan = save(team, *models)
    found = refusal(lock_pilot_plan, plan=plan, actor=team["quality"])
    assert found == ["too_few_units", "part_not_used"]


def test_a_locked_plan_is_not_edited(team: Team) -> None:
    case_work.finish_pilot_plan(team)
    plan = locked_plan(team.case)
    assert plan is not None
    planned = PlannedPilot(models=())
    codes = refusal(change_pilot_plan, plan=plan, planned=planned, actor=team["engineering"])
    assert codes == ["plan_locked"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE qualification_pilotplan SET margin = 0.5",
        "DELETE FROM qualification_pilotplan",
        "UPDATE qualification_pilotmodel SET floor = 0.5",
        "DELETE FROM qualification_pilotmodel",
    ],
)
def test_the_database_keeps_a_locked_plan(team: Team, statement: str) -> None:
    case_work.finish_pilot_plan(team)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert locked_plan(team.case) is not None


def test_the_next_version_says_why(team: Team) -> None:
    case_work.finish_pilot_plan(team)
    planned = PlannedPilot(models=_again(team))
    found = problems(save_pilot_plan, case=team.case, planned=planned, actor=team["engineering"])
    assert found == {"/reason": "required"}


def test_another_floor_starts_the_count_again(team: Team) -> None:
    case_work.finish_pilot_plan(team)
    kept, other = _again(team)
    other = PlannedModel(product=other.product, units=300, floor=Decimal("0.92"))
    plan = save(team, kept, other, reason="A floor that the customer asks for")
    assert [(m.product, m.counts_from) for m in plan.models.all()] == [
        (kept.product, 1), (other.product, 2),
    ]  # fmt: skip


def _again(team: Team) -> list[PlannedModel]:
    plan = locked_plan(team.case)
    assert plan is not None
    return [
        PlannedModel(product=m.product, units=m.units, floor=m.floor)
        for m in plan.models.select_related("product")
    ]


def test_a_draft_that_changed_meanwhile_is_stale(team: Team) -> None:
    plan = case_work.draft_pilot(team)
    with pytest.raises(Stale):
        save_pilot_plan(
            case=team.case, planned=PlannedPilot(models=()), actor=team["quality"], expected=0
        )
    with pytest.raises(Stale):
        lock_pilot_plan(plan=plan, actor=team["quality"], expected=plan.version + 1)


def test_a_case_past_its_pilot_gets_no_other_plan(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    codes = refusal(
        save_pilot_plan, case=team.case, planned=PlannedPilot(models=()), actor=team["engineering"]
    )
    assert codes == ["gate_passed"]


def test_a_lock_voids_the_signatures_of_the_gate(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    team.sign()
    kept, other = _again(team)
    plan = save(team, kept, other, reason="One more look")
    assert team.case.sign_offs.filter(gate="pilot_build", voided_at=None).count() == 2
    lock_pilot_plan(plan=plan, actor=team["quality"])
    voided = team.case.sign_offs.filter(gate="pilot_build").values_list("void_reason", flat=True)
    assert set(voided) == {"pilot plan v2 was locked"}


def test_the_gate_is_not_passed_without_plan_and_results(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    reasons = CASE_FLOW.offered(team.case, team.lead)
    told = [reason.detail for move in reasons if move.name == "pass" for reason in move.reasons]
    assert "There is no pilot plan." in told
    assert "There are no pilot results." in told


def test_a_confidence_of_zero_is_no_default(team: Team) -> None:
    found = problems(case_work.draft_pilot, team=team, confidence=Decimal(0))
    assert found == {"/confidence": "out_of_range"}


def test_a_plan_of_more_material_than_can_be_ordered_is_not_locked(team: Team) -> None:
    of = factories.product(uses={team.source.part: 5000})
    models = [PlannedModel(product=of, units=10_000_000, floor=Decimal("0.9"))]
    plan = save(team, *models)
    assert refusal(lock_pilot_plan, plan=plan, actor=team["quality"]) == ["too_much_material"]
    assert locked_plan(team.case) is None


@pytest.mark.parametrize("limit", ["1e999", "1" + "0" * 400])
def test_a_limit_is_a_finite_number(team: Team, api: Any, limit: str) -> None:
    factories.product("KX-1", uses={team.source.part: 1})
    body = (
        '{"models": [{"product": "KX-1", "units": 60, "floor": "0.9"}],'
        f' "parameters": [{{"name": "Vout", "lower_limit": {limit}}}]}}'
    )
    answer = api(user=team.people["engineering"]).post(f"/cases/{team.case.key}/pilot-plans/", body)
    assert (answer.status_code, PilotPlan.objects.count()) == (422, 0)
