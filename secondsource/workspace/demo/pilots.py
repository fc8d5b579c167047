"""The demonstration's pilot builds: plans, results with defects, a life test. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from parts.models import Product
from qualification.models import Case
from qualification.pilot_verdicts import locked_plan
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from qualification.services.pilot_plans import (
    PlannedLot,
    PlannedModel,
    PlannedParameter,
    PlannedPilot,
    lock_pilot_plan,
    save_pilot_plan,
)
from qualification.services.reliability_tests import TestResult, record_reliability_test
from qualification.services.scope import sites_of
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: Product → planned units, good units, incumbent's good and started units of 90 days.
YIELDS = {
    "DC-210": (400, 397, 21_578, 21_840),
    "DC-340": (300, 297, 9_456, 9_610),
    "DC-118": (320, 318, 5_074, 5_120),
    "DC-515": (300, 297, 4_319, 4_380),
}
#: Product → started and good units of a build that is not finished.
SO_FAR = {"DC-210": (400, 397), "DC-340": (110, 109)}
DEFECTS = (("FCT: rail brown-out", 2), ("AOI: lead skew", 1), ("ICT: open pin", 1))
#: Days before the results on which the plan is locked, and the units are built.
PLANNED, BUILT = dt.timedelta(days=9), dt.timedelta(days=4)


def lock_plan(case: Case, cast: Cast) -> None:
    """Draft a plan over the products that use the part, and lock it, some days before the build."""
    models = [
        PlannedModel(product=one, units=YIELDS[one.code][0], incumbent_good=YIELDS[one.code][2],
                     incumbent_started=YIELDS[one.code][3])
        for one in Product.objects.filter(usages__part=case.part_id, code__in=YIELDS)
    ]  # fmt: skip
    parameters = [
        PlannedParameter(name="Supply current", unit="mA", lower_limit=18, upper_limit=34),
        PlannedParameter(name="Output rise time", unit="ns", upper_limit=12, difference=0.8),
    ]
    lots = [PlannedLot(lot=_lot(case), site=sites_of(case).first())]
    planned = PlannedPilot(models=models, parameters=parameters, planned_lots=lots)
    with clock.at(clock.now() - PLANNED):
        plan = save_pilot_plan(case=case, planned=planned, actor=cast["engineer"])
        with clock.at(clock.now() + dt.timedelta(hours=1)):
            lock_pilot_plan(plan=plan, actor=cast["quality"])


def _lot(case: Case) -> str:
    return f"{case.source.manufacturer_part.mpn[:8]}-P1"


def enter_results(case: Case, cast: Cast, *, whole: bool) -> None:
    """Enter the results of every model; without ``whole`` some units are still to be built."""
    plan = locked_plan(case)
    assert plan is not None
    built_on = clock.business_day() - BUILT
    for model in plan.models.select_related("product"):
        units, good, *_ = YIELDS[model.product.code]
        started, good = (units, good) if whole else SO_FAR[model.product.code]
        result = BuildResult(
            product=model.product, lot=_lot(case),
            built_on=built_on, plant=model.product.plants.first(), line="Line 2", started=started,
            good=good, defects=_defects(started - good),
        )  # fmt: skip
        record_pilot_build(case=case, result=result, actor=cast["engineer"])
    test = TestResult(
        name="HTOL, 1,000 h", devices=77, hours=Decimal(1000), use_c=Decimal(55),
        stress_c=Decimal(125),
    )  # fmt: skip
    record_reliability_test(case=case, result=test, actor=cast["quality"])


def _defects(failed: int) -> list[tuple[str, int]]:
    found = []
    for name, count in DEFECTS:
        if failed <= 0:
            break
        found.append((name, min(count, failed)))
        failed -= count
    return found
