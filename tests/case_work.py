"""The linked work of a case, finished through the services that the product uses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from parts.models import Product
from qualification import services as qualification
from qualification.models import (
    Case,
    MeasurementBatch,
    PilotBuild,
    PilotLot,
    PilotModel,
    PilotParameter,
    PilotPlan,
)
from qualification.pilot_verdicts import locked_plan
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedPilot,
    lock_pilot_plan,
    save_pilot_plan,
)
from secondsource.accounts.models import User
from secondsource.core import clock
from tests import component_work
from tests.approval_work import finish_accepted_risks, finish_customer_approvals
from tests.fmea_work import finish_fmea, fmea_rows
from tests.introduction_work import finish_introduction
from tests.rollback_work import finish_rollback_plan
from tests.spec_review_work import finish_clearance, finish_declarations, finish_deviations

if TYPE_CHECKING:
    from tests.factories import Team

#: A floor that a few good units show.
FLOOR = Decimal("0.9")


def pilot_products(team: Team) -> list[Product]:
    """Products that use the case's part; two are made when there are none."""
    from tests import factories  # it imports this module

    part = team.source.part
    found = Product.objects.filter(usages__part=part)
    if not found.exists():
        for _ in range(2):
            factories.product(uses={part: 1})
    return list(found.order_by("pk"))


def draft_pilot(team: Team, **fields: object) -> PilotPlan:
    """A draft of engineering over all products that use the part."""
    products = pilot_products(team)
    units = (team.case.pilot_quantity or 100) // len(products)
    models = [PlannedModel(product=one, units=units, floor=FLOOR) for one in products]
    planned = PlannedPilot(**{"models": models, **fields})  # type: ignore[arg-type]
    return save_pilot_plan(case=team.case, planned=planned, actor=team["engineering"])


def finish_pilot_plan(team: Team) -> None:
    """Lock a plan by quality."""
    if locked_plan(team.case) is None:
        lock_pilot_plan(plan=draft_pilot(team), actor=team["quality"])


def finish_pilot_results(team: Team) -> None:
    """Build every unit of the locked plan, all good."""
    finish_pilot_plan(team)
    plan = locked_plan(team.case)
    assert plan is not None
    for model in plan.models.select_related("product"):
        result = BuildResult(
            product=model.product, lot="PILOT-1", built_on=clock.business_day(),
            started=model.units, good=model.units,
        )  # fmt: skip
        record_pilot_build(case=team.case, result=result, actor=team["engineering"])


def pilot_rows(case: Case, product: Product, user: User) -> PilotBuild:
    """A locked plan with a build, and a draft, in a case that can be past its pilot."""
    shared = {"case": case, "margin": "0.02", "confidence": "0.95", "heterogeneity_p": "0.1"}
    plan = PilotPlan.objects.create(number=1, drafted_by=case.lead, **shared)
    model = {"product": product, "floor": FLOOR, "units": 50}
    PilotModel.objects.create(plan=plan, counts_from=1, **model)
    PilotPlan.objects.filter(pk=plan.pk).update(locked_at=clock.now(), locked_by=user)
    build = PilotBuild.objects.create(
        plan=plan, product=product, lot="P-1", built_on=clock.business_day(), started=9, good=9,
        entered_by=user,
    )  # fmt: skip
    MeasurementBatch.objects.create(plan=plan, origin="a file")
    draft = PilotPlan.objects.create(number=2, reason="More units", drafted_by=case.lead, **shared)
    PilotModel.objects.create(plan=draft, counts_from=2, **model)
    PilotLot.objects.create(plan=draft, lot="P-2")
    PilotParameter.objects.create(plan=draft, name="Vout", upper_limit=3.4, counts_from=2)
    return build


def finish_business_case(team: Team) -> None:
    """Enter the saving and the exposure; the cost is proposed when a case opens."""
    qualification.change_business_case(
        case=team.case, actor=team.lead,
        values={"saving_per_year": Decimal(12_000), "currency": "USD",
                "exposure_note": "One line stops within three weeks."},
    )  # fmt: skip


FINISH: dict[str, Callable[[Team], None]] = {
    "business_case": finish_business_case,
    "component_tests": component_work.finish_component_tests,
    "inspections": component_work.finish_inspections,
    "ppap": component_work.finish_ppap,
    "fmea": finish_fmea,
    "deviations": finish_deviations,
    "clearance": finish_clearance,
    "declarations": finish_declarations,
    "pilot_plan": finish_pilot_plan,
    "pilot_results": finish_pilot_results,
    "accepted_risks": finish_accepted_risks,
    "customer_approvals": finish_customer_approvals,
    "rollback_plan": finish_rollback_plan,
    "introduction": finish_introduction,
}

#: Link → the same in bulk, for a case that is past that gate; without one the step is only met.
BULK: dict[str, Callable[[Case], None]] = {"fmea": fmea_rows}
