"""The demonstration's pilot builds: plans, results with defects, a life test. All invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from parts.models import Product
from qualification.models import Case
from qualification.pilot_verdicts import locked_plan
from qualification.services.measurements import add_batch
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


@dataclass(frozen=True)
class Rerun:
    """A model whose first build did not decide: units and good ones of both builds."""

    model: str
    first: tuple[int, int]
    second: tuple[int, int]


#: Candidate → what its pilot needed more of.
NEEDED_MORE = {"MESV040": Rerun("DC-118", (110, 108), (220, 219))}
MORE_REASON = "108 of 110 units of DC-118 do not decide: more of them are built."
#: Measured values of 60 units with either source: parameter, mean, spread, shift of the alternate.
MEASURED = (("Supply current", 26.0, 1.3, 0.4), ("Output rise time", 9.1, 0.5, 0.12))
MEASUREMENTS = """
SELECT p.parameter, a.arm, CASE a.arm WHEN 'alternate' THEN {lot} ELSE 'series' END,
       upper(left(a.arm, 1)) || '-' || lpad(n::text, 3, '0'),
       round((p.mean + CASE a.arm WHEN 'alternate' THEN p.shift ELSE 0 END + p.spread * (
           (n * 7919 + length(a.arm) * 31) %% 101 / 50.0
           + (n * 3571 + length(p.parameter) * 17) %% 97 / 48.0 - 2.0))::numeric, 3)::float8
  FROM (VALUES {values}) p (parameter, mean, spread, shift)
 CROSS JOIN (VALUES ('alternate'), ('incumbent')) a (arm)
 CROSS JOIN generate_series(1, 60) n WHERE %s IS NOT NULL
"""
#: Days before the results on which the plan is locked, and the units are built.
PLANNED, BUILT = dt.timedelta(days=9), dt.timedelta(days=4)
#: Days before the results on which the second plan is locked.
AGAIN = dt.timedelta(days=2)


def lock_plan(case: Case, cast: Cast) -> None:
    """Draft a plan over the products that use the part, and lock it, some days before the build."""
    more = NEEDED_MORE.get(case.source.manufacturer_part.mpn)
    with clock.at(clock.now() - PLANNED):
        _lock(case, cast, {more.model: more.first[0]} if more else {})


def _lock(case: Case, cast: Cast, units: dict[str, int], reason: str = "") -> None:
    """Lock a plan of these units by product, else of the usual ones."""
    models = [
        PlannedModel(
            product=one, units=units.get(one.code, YIELDS[one.code][0]),
            incumbent_good=YIELDS[one.code][2], incumbent_started=YIELDS[one.code][3],
        )
        for one in Product.objects.filter(usages__part=case.part_id, code__in=YIELDS)
    ]  # fmt: skip
    parameters = [
        PlannedParameter(name="Supply current", unit="mA", lower_limit=18, upper_limit=34),
        PlannedParameter(name="Output rise time", unit="ns", upper_limit=12, difference=0.8),
    ]
    lots = [PlannedLot(lot=_lot(case), site=sites_of(case).first())]
    planned = PlannedPilot(models=models, parameters=parameters, planned_lots=lots, reason=reason)
    plan = save_pilot_plan(case=case, planned=planned, actor=cast["engineer"])
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        lock_pilot_plan(plan=plan, actor=cast["quality"])


def _lot(case: Case) -> str:
    return f"{case.source.manufacturer_part.mpn[:8]}-P1"


def enter_results(case: Case, cast: Cast, *, whole: bool) -> None:
    """Enter the results of every model; without ``whole`` some units are still to be built."""
    more = NEEDED_MORE.get(case.source.manufacturer_part.mpn)
    built_on = clock.business_day() - BUILT
    if more is None:
        _build(case, cast, built_on, {}, whole=whole)
    else:
        with clock.at(clock.now() - dt.timedelta(days=3)):
            _build(case, cast, built_on, {more.model: more.first})
        with clock.at(clock.now() - AGAIN):
            _lock(case, cast, {more.model: more.first[0] + more.second[0]}, MORE_REASON)
        again = clock.business_day() - dt.timedelta(days=1)
        _build(case, cast, again, {more.model: more.second}, only=more.model)
    _measure(case, cast)
    test = TestResult(
        name="HTOL, 1,000 h", devices=77, hours=Decimal(1000), use_c=Decimal(55),
        stress_c=Decimal(125),
    )  # fmt: skip
    record_reliability_test(case=case, result=test, actor=cast["quality"])


def _build(
    case: Case, cast: Cast, built_on: dt.date, counts: dict[str, tuple[int, int]], *,
    whole: bool = True, only: str = "",
) -> None:  # fmt: skip
    """Enter a build of each model, or of one: units and good ones of ``counts``, else the usual."""
    plan = locked_plan(case)
    assert plan is not None
    for model in plan.models.select_related("product"):
        code = model.product.code
        if only and code != only:
            continue
        usual = YIELDS[code][:2] if whole else SO_FAR.get(code, YIELDS[code][:2])
        started, good = counts.get(code, usual)
        result = BuildResult(
            product=model.product, lot=_lot(case), built_on=built_on, line="Line 2",
            plant=model.product.plants.first(), started=started, good=good,
            defects=_defects(started - good),
        )  # fmt: skip
        record_pilot_build(case=case, result=result, actor=cast["engineer"])


def _measure(case: Case, cast: Cast) -> None:
    """Measured values of units with either source, as a file of the tester brings them."""
    values = ", ".join(f"('{name}', {a}, {b}, {c})" for name, a, b, c in MEASURED)
    rows = MEASUREMENTS.format(lot=f"'{_lot(case)}'", values=values)
    add_batch(
        case=case, ref=uuid4(), origin=f"tester-{case.number:02}.csv", rows=rows,
        actor=cast["engineer"],
    )  # fmt: skip


def _defects(failed: int) -> list[tuple[str, int]]:
    found = []
    for name, count in DEFECTS:
        if failed <= 0:
            break
        found.append((name, min(count, failed)))
        failed -= count
    return found
