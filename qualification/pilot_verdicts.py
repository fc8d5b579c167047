"""The verdict of a case's pilot builds: the facts of a locked plan, judged by ``pilot``.

It calculates nothing itself. What counts for a model are its standing builds from the plan on
that its row names (``PilotModel.counts_from``), since the last rollback of a reopened case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from qualification import sample_size
from qualification.models import (
    Case,
    PilotBuild,
    PilotDefect,
    PilotLot,
    PilotModel,
    PilotPlan,
)
from qualification.models.fmea import OPEN_HIGH, FmeaRow, Priority
from qualification.pilot import ModelBuild, ModelVerdict, PilotVerdict, pilot_verdict
from qualification.reopened import before_rollback


@dataclass(frozen=True)
class ModelResult:
    """One product model: what was built, and how it is judged; not judged without a unit."""

    model: PilotModel
    started: int
    good: int
    judged: ModelVerdict | None
    #: Further good units without a failure that would make it pass; None where no number does.
    needed: int | None

    @property
    def code(self) -> str:
        """The product's code."""
        return self.model.product.code

    @property
    def verdict(self) -> str:
        """``pass``, ``fail`` or ``not_enough_data``."""
        return self.judged.verdict if self.judged else "not_enough_data"


@dataclass(frozen=True)
class PilotResults:
    """A locked plan with the results that count for it."""

    plan: PilotPlan
    models: tuple[ModelResult, ...]
    judged: PilotVerdict | None
    lots: int
    open_ap_high: int
    accepted_ap_high: int
    #: Lots that the plan names and nothing was built from yet.
    lots_to_build: tuple[PilotLot, ...] = ()

    @property
    def started(self) -> int:
        """Units started of all models."""
        return sum(one.started for one in self.models)

    @property
    def good(self) -> int:
        """Good units of all models."""
        return sum(one.good for one in self.models)

    @property
    def lots_missing(self) -> int:
        """Lots that the plan asks for and nothing was built from yet."""
        return max(0, self.plan.lots - self.lots)

    @cached_property
    def verdict(self) -> str:
        """``pass``, ``fail`` or ``not_enough_data``, over models, lots and failure modes."""
        judged = self.judged.verdict if self.judged else "not_enough_data"
        lots = not self.lots_missing and not self.lots_to_build
        whole = lots and all(one.judged for one in self.models)
        return judged if whole or judged != "pass" else "not_enough_data"

    def of(self, verdict: str) -> list[ModelResult]:
        """The models with this verdict."""
        return [one for one in self.models if one.verdict == verdict]


def locked_plan(case: Case) -> PilotPlan | None:
    """The newest locked plan of a case."""
    locked = case.pilot_plans.filter(locked_at__isnull=False).order_by("-number")
    found: PilotPlan | None = locked.select_related("drafted_by", "locked_by").first()
    return found


def draft_plan(case: Case) -> PilotPlan | None:
    """The plan of a case that is not locked yet."""
    found: PilotPlan | None = (
        case.pilot_plans.filter(locked_at=None).select_related("drafted_by").first()
    )
    return found


def counted_builds(plan: PilotPlan) -> QuerySet[PilotBuild]:
    """The standing builds that count for a plan."""
    model = PilotModel.objects.filter(plan=plan, product=OuterRef("product"))
    return PilotBuild.objects.standing().filter(
        ~before_rollback(plan.case_id, "created_at"),
        plan__case=plan.case_id,
        plan__number__lte=plan.number,
        plan__number__gte=Subquery(model.values("counts_from")),
    )


def defects_of(plan: PilotPlan) -> list[tuple[str, int]]:
    """What failed in the builds that count, most first."""
    found = PilotDefect.objects.filter(build__in=counted_builds(plan))
    counts = found.order_by().values_list("description").annotate(n=Sum("count"))
    return sorted(counts, key=lambda one: (-one[1], one[0]))


def results_of(plan: PilotPlan) -> PilotResults:
    """The results of a locked plan as they stand now."""
    builds = counted_builds(plan).order_by()
    sums = {
        product: (started, good)
        for product, started, good in builds.values_list("product").annotate(
            Sum("started"), Sum("good")
        )
    }
    lots = set(builds.values_list("lot", flat=True))
    models = list(plan.models.select_related("product"))
    named = plan.planned_lots.select_related("site")
    to_build = tuple(one for one in named if one.lot not in lots)
    found = judge(plan, models, sums, len(lots), high_rows(plan))
    return replace(found, lots_to_build=to_build)


def judge(
    plan: PilotPlan,
    models: list[PilotModel],
    sums: dict[int, tuple[int, int]],
    lots: int,
    high: tuple[int, int] = (0, 0),
) -> PilotResults:
    """Judge these sums of started and good units by product; ``high``: see ``high_rows``."""
    built = [_build(model, *sums[model.product_id]) for model in models if model.product_id in sums]
    judged = None
    if built:
        judged = pilot_verdict(
            built,
            margin=float(plan.margin),
            open_ap_high=high[0],
            alpha=plan.alpha,
            heterogeneity_p=float(plan.heterogeneity_p),
        )
    verdicts = {one.model: one for one in judged.models} if judged else {}
    results = tuple(
        _result(plan, model, sums.get(model.product_id, (0, 0)), verdicts.get(model.product.code))
        for model in models
    )
    return PilotResults(plan, results, judged, lots, *high)


def _build(model: PilotModel, started: int, good: int) -> ModelBuild:
    return ModelBuild(
        model=model.product.code,
        passed=good,
        built=started,
        incumbent_passed=model.incumbent_good,
        incumbent_built=model.incumbent_started,
        floor=float(model.floor),
    )


def _result(
    plan: PilotPlan, model: PilotModel, sums: tuple[int, int], judged: ModelVerdict | None
) -> ModelResult:
    if judged is None:
        needed: int | None = least_units(plan, model)
    else:
        needed = judged.good_units_to_decide
    return ModelResult(model, *sums, judged=judged, needed=needed)


def least_units(plan: PilotPlan, model: PilotModel) -> int:
    """Units without a failure that show the floor of a model."""
    return sample_size.success_run(
        confidence=float(plan.confidence), reliability=float(model.floor)
    ).n


def high_rows(plan: PilotPlan) -> tuple[int, int]:
    """Failure modes of priority High in the case's FMEA: those that are open, and accepted ones."""
    rows = FmeaRow.objects.filter(fmea__case=plan.case_id, priority_now=Priority.HIGH)
    found = rows.aggregate(
        open=Count("pk", OPEN_HIGH), accepted=Count("pk", Q(accepted_at__isnull=False))
    )
    return found["open"], found["accepted"]
