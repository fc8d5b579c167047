"""Services for pilot plans: drafted by one person, locked by another one of quality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from parts.models import PartUsage, Product
from qualification.house_rules import PilotPolicy
from qualification.models import Case, PilotLot, PilotModel, PilotParameter, PilotPlan
from qualification.models.cases import State
from qualification.pilot_material import material_of
from qualification.pilot_verdicts import draft_plan, least_units, locked_plan
from qualification.services.plan import set_pilot_quantity
from qualification.services.scope import sites_of
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock, policies, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    Stale,
    refuse_values,
)
from secondsource.core.formats import day, number
from secondsource.core.records import checked
from suppliers.models import Site

GATE = State.PILOT_BUILD
LEAST_MODELS = 2
#: The most pieces of the part that a pilot may take.
MOST_PIECES = 2_000_000_000
_FLOOR_PLACES = Decimal("0.00001")


@dataclass(frozen=True, kw_only=True)
class PlannedModel:
    """A product model of a plan.

    Without a ``floor`` it is the incumbent's yield less the margin. ``rerun`` starts its count
    again, which is otherwise done only where floor, incumbent, margin or confidence are others.
    """

    product: Product
    units: int
    floor: Decimal | None = None
    incumbent_good: int = 0
    incumbent_started: int = 0
    incumbent_days: int = 90
    rerun: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedParameter:
    """A measured parameter of a plan; see ``PilotParameter``."""

    name: str
    unit: str = ""
    lower_limit: float | None = None
    upper_limit: float | None = None
    difference: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedLot:
    """A lot of the alternate that is built from, and the manufacturer's site that makes it."""

    lot: str
    site: Site | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedPilot:
    """The content of a plan; margin and confidence are those of the policy when not given."""

    models: Sequence[PlannedModel]
    parameters: Sequence[PlannedParameter] = ()
    planned_lots: Sequence[PlannedLot] = ()
    margin: Decimal | None = None
    confidence: Decimal | None = None
    lots: int = 1
    reason: str = ""
    note: str = ""


@transaction.atomic
def save_pilot_plan(
    *, case: Case, planned: PlannedPilot, actor: Actor, expected: int | None = None
) -> PilotPlan:
    """Draft the next version of a case's plan, or replace its draft.

    ``expected`` is the version of the draft that was read, 0 for none. A draft decides nothing, so
    it voids no signature. Raises ``ValuesRefused`` with every problem, ``Stale``.
    """
    case = case_for_work(case, GATE, actor)
    if actor.user is None:
        raise PermissionRefused("Only a person drafts a pilot plan.")
    draft = draft_plan(case)
    seen = draft.version if draft else 0
    if expected is not None and expected != seen:
        raise Stale(expected=expected, current=seen)
    last = case.pilot_plans.filter(locked_at__isnull=False).aggregate(n=Max("number"))["n"] or 0
    policy, _ = policies.active(PilotPolicy)
    plan = draft or PilotPlan(case=case, number=last + 1)
    plan.margin = planned.margin if planned.margin is not None else Decimal(str(policy.margin))
    usual = 1 - Decimal(str(policy.alpha))
    plan.confidence = usual if planned.confidence is None else planned.confidence
    plan.heterogeneity_p = Decimal(str(policy.heterogeneity_p))
    plan.lots, plan.drafted_by = planned.lots, actor.user
    plan.reason, plan.note = planned.reason.strip(), planned.note.strip()
    refuse_values(_problems(plan, planned))
    checked(plan, exclude=("case",))
    audit.save_as(plan, actor, plan.reason or "draft")
    _write_rows(plan, planned, actor)
    audit.record("qualification.pilot_plan.drafted", case, actor, note=f"v{plan.number}")
    return plan


def change_pilot_plan(
    *, plan: PilotPlan, planned: PlannedPilot, actor: Actor, expected: int | None = None
) -> PilotPlan:
    """Replace a draft. A locked plan never changes: the next version is drafted."""
    refuse_locked(plan)
    return save_pilot_plan(case=plan.case, planned=planned, actor=actor, expected=expected)


def refuse_locked(plan: PilotPlan) -> None:
    """Raise ``RuleRefused`` for a plan that is locked."""
    if plan.locked_at is not None:
        raise RuleRefused.one(
            "plan_locked",
            f"Plan v{plan.number} is locked since {day(plan.locked_at)}.",
            f"Make v{plan.number + 1} before the next build.",
        )


def _problems(plan: PilotPlan, planned: PlannedPilot) -> Iterator[FieldProblem]:
    if not 0 < plan.margin < 1:
        yield FieldProblem("/margin", "out_of_range", "Above 0 and below 100 points.")
    if not Decimal("0.5") <= plan.confidence < 1:
        yield FieldProblem("/confidence", "out_of_range", "From 50 % to below 100 %.")
    if plan.lots < 1:
        yield FieldProblem("/lots", "out_of_range", "At least one lot.")
    if plan.number > 1 and not plan.reason:
        detail = f"Say why plan v{plan.number} replaces v{plan.number - 1}."
        yield FieldProblem("/reason", "required", detail)
    if not planned.models:
        yield FieldProblem("/models", "required", "Name the product models of the pilot.")
    seen: set[int] = set()
    for index, model in enumerate(planned.models):
        if model.product.pk in seen:
            yield FieldProblem(f"/models/{index}/product", "duplicate", "Name each model once.")
        seen.add(model.product.pk)
        yield from _model_problems(f"/models/{index}", model, plan.margin)
    names: set[str] = set()
    for index, parameter in enumerate(planned.parameters):
        if parameter.name.strip() in names:
            detail = "Name each parameter once."
            yield FieldProblem(f"/parameters/{index}/name", "duplicate", detail)
        names.add(parameter.name.strip())
        yield from _parameter_problems(f"/parameters/{index}", parameter)
    yield from _lot_problems(plan, planned.planned_lots)


def _lot_problems(plan: PilotPlan, lots: Sequence[PlannedLot]) -> Iterator[FieldProblem]:
    if len(lots) > plan.lots:
        detail = f"{number(len(lots))} lots are named below."
        yield FieldProblem("/lots", "below_named", detail)
    made_at = set(sites_of(plan.case).values_list("pk", flat=True)) if lots else set()
    seen: set[str] = set()
    for index, one in enumerate(lots):
        at, name = f"/planned_lots/{index}", one.lot.strip()
        if not name:
            yield FieldProblem(f"{at}/lot", "required", "Name the lot.")
        elif name in seen:
            yield FieldProblem(f"{at}/lot", "duplicate", "Name each lot once.")
        seen.add(name)
        if one.site is not None and one.site.pk not in made_at:
            detail = f"{plan.case.source.manufacturer_part} is not made at {one.site.name}."
            yield FieldProblem(f"{at}/site", "not_made_there", detail)


def _model_problems(at: str, model: PlannedModel, margin: Decimal) -> Iterator[FieldProblem]:
    code = model.product.code
    if model.units < 1:
        yield FieldProblem(f"{at}/units", "out_of_range", "At least one unit.")
    if not 0 <= model.incumbent_good <= model.incumbent_started:
        detail = f"Good is above started, {number(model.incumbent_started)}."
        yield FieldProblem(f"{at}/incumbent_good", "above_started", detail)
        return
    if model.floor is None and not model.incumbent_started:
        detail = f"{code} has no units of the incumbent: give its floor."
        yield FieldProblem(f"{at}/floor", "required", detail)
        return
    if not 0 < floor_of(model, margin) < 1:
        detail = "The floor is above 0 and below 100 %."
        yield FieldProblem(f"{at}/floor", "out_of_range", detail)


def _parameter_problems(at: str, parameter: PlannedParameter) -> Iterator[FieldProblem]:
    low, high = parameter.lower_limit, parameter.upper_limit
    if not parameter.name.strip():
        yield FieldProblem(f"{at}/name", "required", "Name the parameter.")
    if low is None and high is None:
        yield FieldProblem(f"{at}/lower_limit", "required", "Give at least one limit.")
    if low is not None and high is not None and low >= high:
        detail = f"The lower limit must be below the upper one, {high:g}."
        yield FieldProblem(f"{at}/lower_limit", "limit_order", detail)
    if parameter.difference is not None and parameter.difference <= 0:
        yield FieldProblem(f"{at}/difference", "out_of_range", "Above 0.")


def floor_of(model: PlannedModel, margin: Decimal) -> Decimal:
    """The floor given, else the incumbent's yield less the margin."""
    if model.floor is not None:
        return model.floor
    found = Decimal(model.incumbent_good) / model.incumbent_started - margin
    return found.quantize(_FLOOR_PLACES)


def _write_rows(plan: PilotPlan, planned: PlannedPilot, actor: Actor) -> None:
    """Replace models, parameters and named lots of a draft."""
    traces.attribute(actor, plan.reason or "draft")
    plan.models.all().delete()
    plan.parameters.all().delete()
    plan.planned_lots.all().delete()
    PilotLot.objects.bulk_create(
        PilotLot(plan=plan, lot=one.lot.strip(), site=one.site) for one in planned.planned_lots
    )
    before = locked_plan(plan.case)
    models = {m.product_id: m for m in before.models.all()} if before else {}
    PilotModel.objects.bulk_create(
        _row_of(plan, one, before, models.get(one.product.pk)) for one in planned.models
    )
    parameters = {p.name: p for p in before.parameters.all()} if before else {}
    PilotParameter.objects.bulk_create(
        _parameter_of(plan, one, parameters.get(one.name.strip())) for one in planned.parameters
    )


def _row_of(
    plan: PilotPlan, given: PlannedModel, before: PilotPlan | None, old: PilotModel | None
) -> PilotModel:
    """The row of a model; results of an earlier version count where nothing they met is changed."""
    row = PilotModel(
        plan=plan,
        product=given.product,
        floor=floor_of(given, plan.margin),
        units=given.units,
        incumbent_good=given.incumbent_good,
        incumbent_started=given.incumbent_started,
        incumbent_days=given.incumbent_days,
        counts_from=plan.number,
    )
    same = ("floor", "incumbent_good", "incumbent_started")
    if (
        before is not None
        and old is not None
        and not given.rerun
        and (before.margin, before.confidence) == (plan.margin, plan.confidence)
        and all(getattr(row, name) == getattr(old, name) for name in same)
    ):
        row.counts_from = old.counts_from
    return row


def _parameter_of(
    plan: PilotPlan, given: PlannedParameter, old: PilotParameter | None
) -> PilotParameter:
    values: Mapping[str, Any] = {
        "unit": given.unit.strip(),
        "lower_limit": given.lower_limit,
        "upper_limit": given.upper_limit,
        "difference": given.difference,
    }
    same = old is not None and all(getattr(old, name) == value for name, value in values.items())
    since = old.counts_from if old is not None and same else plan.number
    return PilotParameter(plan=plan, name=given.name.strip(), counts_from=since, **values)


@transaction.atomic
def lock_pilot_plan(*, plan: PilotPlan, actor: Actor, expected: int | None = None) -> PilotPlan:
    """Lock a draft, by somebody of quality who did not draft it.

    From then on it never changes, and the material that it needs may be ordered at the pilot build.
    Raises ``RuleRefused`` with every reason, ``Stale``.
    """
    case = case_for_work(plan.case, GATE, actor, permission="qualification.approve_pilotplan")
    if actor.user is None:
        raise PermissionRefused("Only a person locks a pilot plan.")
    plan = (
        PilotPlan.objects.select_for_update(of=("self",))
        .select_related("drafted_by")
        .get(pk=plan.pk)
    )
    refuse_locked(plan)
    audit.check_version(plan, expected)
    if reasons := list(reasons_against_locking(plan, actor)):
        raise RuleRefused(reasons)
    pieces = material_of(plan)
    if pieces > MOST_PIECES:
        raise RuleRefused.one(
            "too_much_material",
            f"The plan needs {number(pieces)} pieces of {case.part.ipn}.",
            f"Plan fewer units: at most {number(MOST_PIECES)} pieces.",
        )
    plan.locked_at, plan.locked_by = clock.now(), actor.user
    audit.save_as(plan, actor, "locked")
    audit.record("qualification.pilot_plan.locked", case, actor, note=f"v{plan.number}")
    set_pilot_quantity(case, pieces, actor)
    work_changed(case, GATE, actor, f"pilot plan v{plan.number} was locked")
    return plan


def reasons_against_locking(plan: PilotPlan, actor: Actor) -> Iterator[Reason]:
    """Everything that forbids this actor to lock the draft as it stands."""
    if actor.user_id == plan.drafted_by_id:
        yield Reason("four_eyes", "You drafted this plan.", "Somebody else of quality locks it.")
    models = list(plan.models.select_related("product"))
    usages = PartUsage.objects.filter(part=plan.case.part_id).exclude(
        product__phase=Product.Phase.END_OF_LIFE
    )
    users = set(usages.values_list("product", flat=True))
    # An assembly is built into products, which are the models.
    sold = usages.filter(product__part__isnull=True).count()
    if len(models) < min(LEAST_MODELS, sold):
        yield Reason(
            "too_few_models",
            f"The plan has one product model, and {sold} use the part.",
            "Add a second model.",
        )
    for model in models:
        yield from _against_model(plan, model, used=model.product_id in users)


def _against_model(plan: PilotPlan, model: PilotModel, *, used: bool) -> Iterator[Reason]:
    code = model.product.code
    if not used:
        yield Reason(
            "part_not_used",
            f"{code} does not use {plan.case.part.ipn}, or is at its end of life.",
            "Take it out of the plan, or import its BOM.",
        )
    least = least_units(plan, model)
    if model.units < least:
        yield Reason(
            "too_few_units",
            f"{code}: {number(model.units)} units show no yield of {100 * model.floor:.4g}\u202f%,"
            " even without a failure.",
            f"Plan at least {number(least)} units.",
        )
