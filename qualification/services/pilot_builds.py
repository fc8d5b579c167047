"""Services for the results of pilot builds: added, corrected by counter-entries, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from parts.models import Product
from qualification.models import Case, PilotBuild, PilotDefect, PilotModel, PilotPlan
from qualification.models.cases import State
from qualification.pilot_verdicts import counted_builds, locked_plan
from qualification.reopened import before_rollback
from qualification.services.work import case_for_work, require_current, work_changed
from secondsource.accounts.models import Plant
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.bulk import insert_rows
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.formats import day, number

GATE = State.PILOT_BUILD


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """The result of a build: units of one product model, lot and day, with what failed."""

    product: Product
    lot: str
    built_on: dt.date
    started: int
    good: int
    plant: Plant | None = None
    line: str = ""
    note: str = ""
    defects: Sequence[tuple[str, int]] = ()

    @property
    def failed(self) -> int:
        """Units that were not good at first pass."""
        return self.started - self.good

    @property
    def told(self) -> str:
        """The result in words."""
        counts = f"{number(self.good)} of {number(self.started)} good"
        return f"{self.product.code}, lot {self.lot}: {counts}"


@transaction.atomic
def record_pilot_build(*, case: Case, result: BuildResult, actor: Actor) -> PilotBuild:
    """Add the result of a build under the locked plan.

    Raises ``ValuesRefused`` with every problem, and ``RuleRefused`` without a locked plan, beyond
    its units, or for a result that is on record.
    """
    case, plan = plan_for_results(case, actor)
    model = plan.models.select_related("product").filter(product=result.product).first()
    refuse_values(_problems(plan, model, result))
    assert model is not None  # a result of another model was refused
    if reasons := list(_reasons(plan, model, result)):
        raise RuleRefused(reasons)
    (build,) = add_builds(plan, [result], actor)
    audit.record("qualification.pilot_build.recorded", case, actor, note=result.told)
    work_changed(case, GATE, actor, f"a pilot result was added: {result.told}")
    return build


def plan_for_results(case: Case, actor: Actor) -> tuple[Case, PilotPlan]:
    """The locked case at its pilot build, and the plan under which results are added."""
    case = case_for_work(case, GATE, actor)
    require_current(case, GATE)
    if actor.user is None:
        raise PermissionRefused("Only a person enters results.")
    plan = locked_plan(case)
    if plan is None:
        raise RuleRefused.one(
            "no_locked_plan",
            f"{case.key} has no locked pilot plan.",
            "Draft one and let quality lock it: a plan comes before its data.",
        )
    return case, plan


def _problems(
    plan: PilotPlan, model: PilotModel | None, result: BuildResult
) -> Iterator[FieldProblem]:
    if model is None:
        detail = f"{result.product.code} is not in plan v{plan.number}."
        yield FieldProblem("/product", "not_planned", detail)
    if not result.lot.strip():
        yield FieldProblem("/lot", "required", "Name the lot of the alternate.")
    yield from _day_problems(plan, result.built_on)
    if result.started < 1:
        yield FieldProblem("/started", "out_of_range", "At least one unit.")
    elif not 0 <= result.good <= result.started:
        detail = f"Good is above started, {number(result.started)}."
        yield FieldProblem("/good", "above_started", detail)
    else:
        yield from _defect_problems(result)


def _day_problems(plan: PilotPlan, built_on: dt.date) -> Iterator[FieldProblem]:
    if built_on > clock.business_day():
        yield FieldProblem("/built_on", "in_future", "This day has not come yet.")
    if plan.locked_on is not None and built_on < plan.locked_on:
        detail = f"Plan v{plan.number} was locked on {day(plan.locked_at)}, after this build."
        yield FieldProblem("/built_on", "before_plan", detail)


def _defect_problems(result: BuildResult) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for index, (description, count) in enumerate(result.defects):
        at = f"/defects/{index}"
        if not description.strip():
            yield FieldProblem(f"{at}/description", "required", "Say what failed.")
        elif description.strip().casefold() in seen:
            yield FieldProblem(f"{at}/description", "duplicate", "Name each defect once.")
        seen.add(description.strip().casefold())
        if not 1 <= count <= result.failed:
            detail = f"From 1 to the failed units, {number(result.failed)}."
            yield FieldProblem(f"{at}/count", "above_failed", detail)


def _reasons(plan: PilotPlan, model: PilotModel, result: BuildResult) -> Iterator[Reason]:
    same = PilotBuild.objects.standing().filter(
        plan__case=plan.case_id, product=result.product, lot=result.lot.strip(),
        line=result.line.strip(), plant=result.plant, built_on=result.built_on,
    )  # fmt: skip
    if same.exists():
        yield Reason(
            "duplicate",
            f"{result.product.code}, lot {result.lot}, {day(result.built_on)} is on record.",
            "Correct that result, or name the line or shift that tells the two apart.",
        )
    builds = counted_builds(plan).filter(product=result.product)
    started = builds.aggregate(n=Sum("started"))["n"] or 0
    if started + result.started > model.units:
        yield Reason(
            "beyond_plan",
            f"{result.product.code} would have {number(started + result.started)} of"
            f" {number(model.units)} planned units.",
            f"Make plan v{plan.number + 1} with more units before the next build.",
        )


def add_builds(
    plan: PilotPlan, results: Sequence[BuildResult], actor: Actor, *, batch: UUID | None = None
) -> list[PilotBuild]:
    """Insert checked results with their defects, in the caller's transaction."""
    assert actor.user is not None
    builds = PilotBuild.objects.bulk_create(
        PilotBuild(
            plan=plan, product=one.product, plant=one.plant, line=one.line.strip(),
            lot=one.lot.strip(), built_on=one.built_on, started=one.started, good=one.good,
            note=one.note.strip(), batch=batch, entered_by=actor.user, created_at=clock.now(),
        )
        for one in results
    )  # fmt: skip
    rows = [
        (build.pk, description.strip(), count)
        for build, one in zip(builds, results, strict=True)
        for description, count in one.defects
    ]
    insert_rows(PilotDefect, ("build_id", "description", "count"), rows)
    return builds


@transaction.atomic
def correct_pilot_build(*, build: PilotBuild, reason: str, actor: Actor) -> PilotBuild:
    """Exclude a wrong result by a counter-entry; the right one is entered afterwards."""
    case, _ = plan_for_results(build.plan.case, actor)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say what is wrong with the result.")
    build = PilotBuild.objects.select_related("product").get(pk=build.pk)
    if build.corrects_id or PilotBuild.objects.filter(corrects=build).exists():
        raise RuleRefused.one("corrected", "This result is corrected already.")
    if PilotBuild.objects.filter(before_rollback(case.pk, "created_at"), pk=build.pk).exists():
        raise RuleRefused.one(
            "before_rollback", "This result is from before the rollback: it does not count."
        )
    assert actor.user is not None
    entry = PilotBuild.objects.create(
        plan=build.plan, product=build.product, plant=build.plant, line=build.line, lot=build.lot,
        built_on=build.built_on, started=-build.started, good=-build.good, corrects=build,
        note=reason.strip()[:300], entered_by=actor.user, created_at=clock.now(),
    )  # fmt: skip
    told = f"{build.product.code}, lot {build.lot}"
    audit.record("qualification.pilot_build.corrected", case, actor, note=f"{told}: {entry.note}")
    work_changed(case, GATE, actor, f"a pilot result was corrected: {told}")
    return entry
