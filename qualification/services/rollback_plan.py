"""Services for the rollback plan: triggers, steps with owners, rehearsals.

Every change voids the signatures of the approval. A rehearsal shows that the steps work: when they
change afterwards, the plan counts as not rehearsed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from qualification.house_rules import RollbackPolicy
from qualification.models import (
    Case,
    ChecklistItem,
    Metric,
    Operator,
    Rehearsal,
    RollbackPlan,
    RollbackStep,
    RollbackTrigger,
)
from qualification.models.cases import State
from qualification.owners import owner_problems
from qualification.services.work import case_for_work, work_changed
from secondsource.accounts.models import User
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from secondsource.core.formats import day
from secondsource.core.records import change, create

GATE = State.APPROVAL
TRIGGER_FIELDS = frozenset({"metric", "operator", "threshold", "window_days"})
STEP_FIELDS = frozenset({"position", "text", "owner", "hours"})
_TWICE = "This limit is in the plan already."
_CHANGED = "the rollback plan was changed"


def plan_of(case: Case, actor: Actor) -> RollbackPlan:
    """The plan of a locked case; it is made with its first row."""
    plan = RollbackPlan.objects.select_for_update(of=("self",)).filter(case=case).first()
    if plan is None:
        plan = audit.save_as(RollbackPlan(case=case), actor, "rollback plan")
        case.rollback_plan = plan
    return plan


def propose_triggers(case: Case, actor: Actor) -> None:
    """The limits of the house rules, in the plan of a new case; people change them."""
    policy, _ = policies.active(RollbackPolicy)
    limits = (
        (Metric.DPPM, Operator.ABOVE, policy.dppm_above, policy.dppm_days),
        (Metric.OTD, Operator.BELOW, policy.otd_below, policy.otd_days),
    )
    plan = plan_of(case, actor)
    rows = [
        RollbackTrigger(plan=plan, metric=metric, operator=side, threshold=limit, window_days=days)
        for metric, side, limit, days in limits
    ]
    audit.bulk_create_as(RollbackTrigger, rows, actor, "proposed by the house rules")


@transaction.atomic
def add_trigger(*, case: Case, actor: Actor, **values: Any) -> RollbackTrigger:
    """Add a limit (``TRIGGER_FIELDS``). Raises ``ValuesRefused``, ``Duplicate``."""
    case = case_for_work(case, GATE, actor)
    refuse_values(_trigger_problems(values))
    made = RollbackTrigger(plan=plan_of(case, actor), **values)
    row = create(made, actor, duplicate=_TWICE)
    _changed(case, actor, "added the trigger", str(row))
    return row


@transaction.atomic
def change_trigger(
    *,
    trigger: RollbackTrigger,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> RollbackTrigger:
    """Change a limit."""
    case = case_for_work(trigger.case, GATE, actor)
    whole = {name: getattr(trigger, name) for name in TRIGGER_FIELDS} | dict(values)
    refuse_values(_trigger_problems(whole))
    row = change(trigger, values, actor, allowed=TRIGGER_FIELDS, expected=expected)
    if row.version != trigger.version:
        _changed(case, actor, "changed the trigger", str(row))
    return row


def _trigger_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    threshold, days = values["threshold"], values["window_days"]
    if threshold < 0:
        problems.append(FieldProblem("/threshold", "negative", "0 or more."))
    if values["metric"] in (Metric.YIELD, Metric.OTD) and threshold > 100:
        problems.append(FieldProblem("/threshold", "out_of_range", "At most 100 %."))
    if not 1 <= days <= 730:
        problems.append(FieldProblem("/window_days", "out_of_range", "1 to 730 days."))
    return problems


@transaction.atomic
def remove_trigger(
    *, trigger: RollbackTrigger, reason: str, actor: Actor, expected: int | None = None
) -> None:
    """Remove a limit, with a reason."""
    case = case_for_work(trigger.case, GATE, actor)
    _remove(trigger, reason, actor, expected)
    _changed(case, actor, "removed the trigger", f"{trigger}: {reason.strip()}")


@transaction.atomic
def add_step(
    *, case: Case, text: str, owner: User, hours: Decimal, actor: Actor, position: int | None = None
) -> RollbackStep:
    """Add a step, by default as the last."""
    case = case_for_work(case, GATE, actor)
    refuse_values(_step_problems({"text": text, "hours": hours, "owner": owner}))
    plan = plan_of(case, actor)
    last = plan.steps.count()
    row = create(
        RollbackStep(
            plan=plan, text=text.strip(), owner=owner, hours=hours, position=position or last + 1
        ),
        actor,
        duplicate="This step is in the plan already.",
    )
    _steps_changed(case, plan, actor, "added the rollback step", row.text)
    return row


@transaction.atomic
def change_step(
    *, step: RollbackStep, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> RollbackStep:
    """Change a step (``STEP_FIELDS``)."""
    case = case_for_work(step.case, GATE, actor)
    refuse_values(_step_problems(values))
    row = change(step, values, actor, allowed=STEP_FIELDS, expected=expected)
    if row.version != step.version:
        _steps_changed(case, plan_of(case, actor), actor, "changed the rollback step", row.text)
    return row


def _step_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    if not values.get("text", "x").strip():
        problems.append(FieldProblem("/text", "required", "Say what is done."))
    if values.get("hours", 0) < 0:
        problems.append(FieldProblem("/hours", "negative", "0 or more."))
    return problems + owner_problems(values.get("owner"))


@transaction.atomic
def remove_step(
    *, step: RollbackStep, reason: str, actor: Actor, expected: int | None = None
) -> None:
    """Remove a step, with a reason."""
    case = case_for_work(step.case, GATE, actor)
    _remove(step, reason, actor, expected)
    said = f"{step.text}: {reason.strip()}"
    _steps_changed(case, plan_of(case, actor), actor, "removed the rollback step", said)


@transaction.atomic
def record_rehearsal(
    *,
    case: Case,
    held_on: dt.date,
    result: str,
    actor: Actor,
    hours: Decimal | None = None,
    note: str = "",
    held_by: User | None = None,
) -> Rehearsal:
    """Record a rehearsal. One that passed makes the plan a rehearsed one; one that failed ends it.

    Raises ``ValuesRefused`` for a day in the future and for a failure without a note.
    """
    case = case_for_work(case, GATE, actor)
    refuse_values(_rehearsal_problems(held_on, result, hours, note))
    plan = plan_of(case, actor)
    row = create(
        Rehearsal(
            plan=plan, held_on=held_on, result=result, hours=hours, note=note.strip(),
            held_by=held_by or actor.user,
        ),
        actor,
        duplicate="This rehearsal is on record already.",
    )  # fmt: skip
    _rehearsed(plan, held_on if result == Rehearsal.Result.PASSED else None, actor)
    _changed(case, actor, f"recorded a rehearsal that {result}:", f"{day(held_on)} {note}".strip())
    return row


def _rehearsal_problems(
    held_on: dt.date, result: str, hours: Decimal | None, note: str
) -> list[FieldProblem]:
    problems = []
    if held_on > clock.business_day():
        problems.append(FieldProblem("/held_on", "in_future", "A rehearsal is in the past."))
    if result not in Rehearsal.Result.values:
        problems.append(FieldProblem("/result", "unknown_result", "Choose passed or failed."))
    if result == Rehearsal.Result.FAILED and not note.strip():
        problems.append(FieldProblem("/note", "required", "Say what failed."))
    if hours is None:
        problems.append(FieldProblem("/hours", "required", "Enter the hours that it took."))
    elif hours < 0:
        problems.append(FieldProblem("/hours", "negative", "0 or more."))
    return problems


def _remove(row: Any, reason: str, actor: Actor, expected: int | None) -> None:
    """Delete a row under its lock."""
    audit.check_version(type(row).objects.select_for_update(of=("self",)).get(pk=row.pk), expected)
    if not reason.strip():
        refuse_values([FieldProblem("/reason", "required", "Give the reason.")])
    audit.delete_as(row, actor, reason.strip())


def _steps_changed(case: Case, plan: RollbackPlan, actor: Actor, what: str, note: str) -> None:
    _rehearsed(plan, None, actor)
    _changed(case, actor, what, note)


def _rehearsed(plan: RollbackPlan, on: dt.date | None, actor: Actor) -> None:
    if plan.rehearsed_on != on:
        plan.rehearsed_on = on
        audit.save_as(plan, actor, "rehearsed" if on else "not rehearsed as it is now")


def _changed(case: Case, actor: Actor, what: str, note: str) -> None:
    """Write the event and void what was signed on the former plan."""
    case = Case.objects.get(pk=case.pk)  # without the plan as it was read before
    audit.record("qualification.rollback.planned", case, actor, note=note, data={"what": what})
    work_changed(case, GATE, actor, _CHANGED, links=(ChecklistItem.Link.ROLLBACK_PLAN,))
