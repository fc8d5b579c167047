"""Services for the business case: its inputs, planned cost, actual cost, and the version signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from parts.house_rules import CompanyPolicy
from qualification.economics import facts, figures, readers
from qualification.house_rules import BusinessCasePolicy, StartSmallPolicy
from qualification.models import (
    BusinessCase,
    BusinessCaseVersion,
    Case,
    CostEntry,
    CostKind,
    PlannedCost,
)
from qualification.models.cases import State
from qualification.services.work import case_for_work, locked_case, work_changed
from qualification.signals import costs_changed
from secondsource.core import attachments, audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.models import Attachment
from secondsource.core.money import is_currency, round_half_up
from secondsource.core.records import change, create

GATE = State.BUSINESS_CASE
INPUTS = frozenset({
    "saving_per_year", "currency", "share", "discount_rate", "horizon_months", "exposure_note",
    "no_cost_reason", "note",
})  # fmt: skip
_MOST = Decimal("1e12")
_MOST_HOURS = Decimal(100_000)
_CHANGED = "the business case was changed"


def company_currency() -> str:
    """The currency of all figures."""
    return policies.active(CompanyPolicy)[0].currency


@transaction.atomic
def change_business_case(
    *, case: Case, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> BusinessCase:
    """Write inputs (``INPUTS``) of the business case, until its gate is passed.

    None makes the proposal hold again. It voids the gate's signatures. ``expected`` is the version
    of the inputs, 0 before the first. A saving that comes back as an actor without prices sees it
    stays as it is. Raises ``Stale``, ``ValuesRefused``, ``RuleRefused``.
    """
    case = case_for_work(case, GATE, actor)
    if unknown := set(values) - INPUTS:
        raise KeyError(f"not changeable: {sorted(unknown)}")
    row = facts.inputs_of(case)
    audit.check_version(row, expected)
    shown = readers.inputs(row, actor).saving_per_year
    if shown is not None and values.get("saving_per_year") == shown:
        values = {**values, "saving_per_year": row.saving_per_year}
    refuse_values(_input_problems({name: values.get(name, getattr(row, name)) for name in INPUTS}))
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    if row.saving_per_year is None:
        row.currency = ""
    row.version = max(row.version, 1) if row.pk else 1
    audit.save_as(row, actor, "business case")
    audit.record("qualification.business_case.changed", case, actor,
                 data={"fields": sorted(changed)})  # fmt: skip
    work_changed(case, GATE, actor, _CHANGED)
    return row


def _input_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    saving, share = values["saving_per_year"], values["share"]
    if saving is not None:
        if abs(saving) > _MOST:
            problems.append(_problem("saving_per_year", "out_of_range", "At most 1e12."))
        problems += _currency_problems(values["currency"])
    if share is not None and not 0 < share <= 1:
        problems.append(_problem("share", "out_of_range", "Above 0, at most 100 %."))
    rate, months = values["discount_rate"], values["horizon_months"]
    if rate is not None and not 0 <= rate <= 1:
        problems.append(_problem("discount_rate", "out_of_range", "From 0 to 100 %."))
    if months is not None and not 1 <= months <= 120:
        problems.append(_problem("horizon_months", "out_of_range", "From 1 to 120 months."))
    return problems


def _currency_problems(code: str) -> list[FieldProblem]:
    if is_currency(code):
        return []
    detail = "The currency is an ISO 4217 code such as EUR."
    return [_problem("currency", "unknown_currency", detail)]


def _problem(name: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(f"/{name}", code, detail)


def propose_costs(case: Case, actor: Actor) -> list[PlannedCost]:
    """Plan the working hours that the house rule names for the risk class of a new case."""
    small, _ = policies.active(StartSmallPolicy)
    rules, _ = policies.active(BusinessCasePolicy)
    days: Decimal = getattr(small, f"effort_days_{case.risk_class}")
    if not days:
        return []
    hours = days * rules.hours_a_day
    note = f"Proposed: {days.normalize():f} days for risk class {case.risk_class}."
    row = PlannedCost(case=case, **_worth(CostKind.HOURS, None, hours, ""), note=note)
    return audit.bulk_create_as(PlannedCost, [row], actor, "proposal")


def _worth(kind: str, amount: Decimal | None, hours: Decimal | None, currency: str) -> Any:
    """The fields of a cost; working hours are priced at today's rate of the house rules."""
    if kind != CostKind.HOURS:
        return {"kind": kind, "amount": amount, "currency": currency, "hours": None, "rate": None}
    rate = policies.active(BusinessCasePolicy)[0].rate_per_hour
    return {
        "kind": kind, "hours": hours, "rate": rate, "currency": company_currency(),
        "amount": round_half_up((hours or Decimal(0)) * rate),
    }  # fmt: skip


def _cost_problems(
    kind: str, amount: Decimal | None, hours: Decimal | None, currency: str, note: str
) -> list[FieldProblem]:
    if kind not in CostKind.values:
        return [_problem("kind", "unknown_kind", "Choose a kind of cost.")]
    problems = []
    if kind == CostKind.HOURS:
        if amount is not None:
            told = "Working hours are priced by the house rules: leave the amount empty."
            problems.append(_problem("amount", "beside_hours", told))
        if hours is None or not 0 < hours <= _MOST_HOURS:
            problems.append(_problem("hours", "not_positive", "Enter the hours, above 0."))
        return problems
    if hours is not None:
        told = "Only the kind “working hours” has hours."
        problems.append(_problem("hours", "not_hours", told))
    if amount is None or not 0 < amount <= _MOST:
        problems.append(_problem("amount", "not_positive", "Enter an amount above 0."))
    if kind == CostKind.OTHER and not note.strip():
        problems.append(_problem("note", "required", "Say what it is for."))
    return problems + _currency_problems(currency)


@transaction.atomic
def plan_cost(
    *,
    case: Case,
    kind: str,
    actor: Actor,
    amount: Decimal | None = None,
    hours: Decimal | None = None,
    currency: str = "",
    note: str = "",
) -> PlannedCost:
    """Plan a one-time cost: an amount, or working hours at the rate of the house rules."""
    case = _case_for_costs(case, actor)
    currency = currency or company_currency()
    refuse_values(_cost_problems(kind, amount, hours, currency, note))
    row = create(
        PlannedCost(case=case, note=note.strip(), **_worth(kind, amount, hours, currency)),
        actor,
        duplicate="This cost is planned already.",
    )
    _planned(case, row, "added", actor)
    return row


@transaction.atomic
def change_planned_cost(
    *, cost: PlannedCost, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> PlannedCost:
    """Change kind, amount or hours, currency and note of a planned cost."""
    case = _case_for_costs(cost.case, actor)
    row = PlannedCost.objects.select_for_update(of=("self",)).get(pk=cost.pk)
    audit.check_version(row, expected)
    now = {name: getattr(row, name) for name in ("kind", "hours", "currency", "note")}
    now["amount"] = None if row.kind == CostKind.HOURS else row.amount
    wanted = {**now, **values}
    refuse_values(_cost_problems(**wanted))
    if wanted == now:
        return row
    note = wanted.pop("note").strip()
    worth = _worth(**wanted)
    row = change(row, {**worth, "note": note}, actor, allowed=frozenset({*worth, "note"}))
    _planned(case, row, "changed", actor)
    return row


@transaction.atomic
def remove_planned_cost(*, cost: PlannedCost, actor: Actor, expected: int | None = None) -> None:
    """Remove a planned cost; its history stays."""
    case = _case_for_costs(cost.case, actor)
    row = PlannedCost.objects.select_for_update(of=("self",)).filter(pk=cost.pk).first()
    if row is None:
        raise RuleRefused.one("removed", "Somebody removed this cost already.")
    audit.check_version(row, expected)
    audit.delete_as(row, actor, "removed")
    _planned(case, row, "removed", actor)


def _planned(case: Case, row: PlannedCost, verb: str, actor: Actor) -> None:
    label = CostKind(row.kind).label
    audit.record(f"qualification.planned_cost.{verb}", case, actor, note=row.note,
                 data={"kind": row.kind})  # fmt: skip
    work_changed(case, GATE, actor, f"the planned cost of {label} was {verb}")


def _case_for_costs(case: Case, actor: Actor) -> Case:
    """The locked case, for a change of its planned cost by somebody who sees it."""
    row = case_for_work(case, GATE, actor, permission="qualification.plan_cost")
    _require_sight(row, actor)
    return row


def _require_sight(case: Case, actor: Actor) -> None:
    """Raise ``PermissionRefused`` unless the actor, a token by its scopes, sees the cost."""
    if not readers.sees_costs(actor, case):
        raise PermissionRefused(
            f"You do not see the cost of {case.key}.",
            "Its team and people who see prices do. The lead can change the team.",
        )


@transaction.atomic
def log_cost(
    *,
    case: Case,
    kind: str,
    day: dt.date,
    actor: Actor,
    amount: Decimal | None = None,
    hours: Decimal | None = None,
    currency: str = "",
    note: str = "",
    upload: UploadedFile | None = None,
) -> CostEntry:
    """Log an actual cost with its evidence, in any state of the case: invoices come late.

    Members of the team log working hours too, whatever their role. It voids no signature, because
    nobody signs the actual cost.
    """
    case = locked_case(case)
    actor.require("qualification.log_cost", case)
    _require_sight(case, actor)
    if kind != CostKind.HOURS:
        actor.require("qualification.plan_cost", case)
    currency = currency or company_currency()
    problems = _cost_problems(kind, amount, hours, currency, note)
    if day > clock.business_day():
        problems.append(_problem("day", "in_future", "The day cannot be in the future."))
    refuse_values(problems)
    entry = create(
        CostEntry(case=case, day=day, entered_by=actor.user, note=note.strip(),
                  **_worth(kind, amount, hours, currency)),
        actor,
        duplicate="This cost is logged already.",
    )  # fmt: skip
    if upload is not None:
        attachments.attach(subject=entry, upload=upload, actor=actor)
    audit.record("qualification.cost.logged", case, actor, data={"kind": kind})
    costs_changed.send(sender=CostEntry, case=case, actor=actor)
    return entry


@transaction.atomic
def add_cost_evidence(*, entry: CostEntry, upload: UploadedFile, actor: Actor) -> Attachment:
    """Attach a file to a cost that is logged, by whoever logged it or the lead."""
    case = locked_case(entry.case)
    _require_own(entry, case, actor)
    found = attachments.attach(subject=entry, upload=upload, actor=actor)
    audit.record("qualification.cost.evidence_added", case, actor, note=found.name,
                 data={"sha256": found.sha256})  # fmt: skip
    return found


def _require_own(entry: CostEntry, case: Case, actor: Actor) -> None:
    actor.require("qualification.log_cost", case)
    _require_sight(case, actor)
    if actor.user_id not in (entry.entered_by_id, case.lead_id):
        raise PermissionRefused(
            "You did not log this cost.", "Whoever logged it or the lead changes it."
        )


@transaction.atomic
def correct_cost(*, entry: CostEntry, reason: str, actor: Actor) -> CostEntry:
    """Record the counter-entry of a wrong cost; neither of the two counts.

    By whoever logged it or the lead. Raises ``RuleRefused``, ``ValuesRefused`` without a reason.
    """
    case = locked_case(entry.case)
    _require_own(entry, case, actor)
    reason = reason.strip()
    if not reason or len(reason) > 300:
        detail = "Say what was wrong, in at most 300 characters."
        raise ValuesRefused.one("/reason", "required", detail)
    if reasons := _against_correcting(entry):
        raise RuleRefused(reasons)
    made = create(
        CostEntry(
            case=case, kind=entry.kind, day=entry.day, amount=-entry.amount, rate=entry.rate,
            hours=None if entry.hours is None else -entry.hours, currency=entry.currency,
            note=reason, entered_by=entry.entered_by, corrects=entry,
        ),
        actor,
        duplicate="This cost was corrected already.",
    )  # fmt: skip
    audit.record("qualification.cost.corrected", case, actor, note=reason,
                 data={"kind": entry.kind})  # fmt: skip
    costs_changed.send(sender=CostEntry, case=case, actor=actor)
    return made


def _against_correcting(entry: CostEntry) -> list[Reason]:
    if entry.corrects_id is not None:
        return [Reason("is_correction", "This is a counter-entry itself.", "Log the right cost.")]
    if CostEntry.objects.filter(corrects=entry).exists():
        return [Reason("corrected", "This cost was corrected already.")]
    return []


def freeze(case: Case, actor: Actor) -> BusinessCaseVersion | None:
    """Store the figures on which the gate is signed, before its first standing signature."""
    if case.sign_offs.filter(gate=GATE, voided_at=None).exists():
        return None
    found = facts.read(case)
    last = case.business_case_versions.aggregate(last=Max("number"))["last"] or 0
    return BusinessCaseVersion.objects.create(
        case=case,
        number=last + 1,
        exact=figures.calculate(found).as_json(),
        rounded=figures.calculate(found, rounded=True).as_json(),
        actor_id=actor.user_id,
        created_at=clock.now(),
    )


def signed_version(case: Case) -> BusinessCaseVersion | None:
    """The version on which the standing signatures of the gate were given; None without any."""
    if not case.sign_offs.filter(gate=GATE, voided_at=None).exists():
        return None
    return case.business_case_versions.order_by("-number").first()
