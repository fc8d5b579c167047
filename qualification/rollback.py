"""The rollback plan of a case: whether it is complete, and where it stands."""

from __future__ import annotations

from decimal import Decimal

from qualification import linked_work, work_files
from qualification.models import Case, ChecklistItem, Rehearsal, RollbackPlan
from qualification.models.cases import State
from secondsource.core.errors import Reason
from secondsource.core.formats import day, number

PAGE = "case_rollback"


def missing(case: Case) -> list[Reason]:
    """Triggers and steps that the plan lacks.

    Hours, stock and rehearsal are conditions of the approval itself (``guards.way_back_is_ready``).
    """
    plan: RollbackPlan | None = case.rollback
    reasons = []
    if plan is None or not plan.triggers.exists():
        detail = "The rollback plan has no trigger."
        reasons.append(Reason("no_trigger", detail, "Add at least one limit that is watched."))
    steps = list(plan.steps.select_related("owner")) if plan else []
    if not steps:
        detail = "The rollback plan has no steps."
        reasons.append(Reason("no_rollback_step", detail, "Write the steps with their owners."))
    for step in steps:
        if not step.owner.is_active:
            detail = f"“{step.text}” belongs to {step.owner.name}, who has left."
            reasons.append(Reason("owner_left", detail, "Name another owner.", step.key))
    hours = sum((step.hours for step in steps), Decimal(0))
    if plan and plan.hours is not None and hours > plan.hours:
        detail = f"The steps take {number(hours)} h, the plan allows {number(plan.hours)} h."
        reasons.append(Reason("steps_too_long", detail, "Shorten the steps or change the hours."))
    return reasons


def told(case: Case) -> str:
    """``2 triggers, 4 steps of 31 h. Rehearsed 3 Nov.``."""
    plan = case.rollback
    if plan is None:
        return "No rollback plan yet."
    triggers, steps = plan.triggers.count(), list(plan.steps.all())
    hours = number(sum((step.hours for step in steps), Decimal(0)))
    words = (
        f"{triggers} {'trigger' if triggers == 1 else 'triggers'}, "
        f"{len(steps)} {'step' if len(steps) == 1 else 'steps'} of {hours} h."
    )
    return f"{words} {rehearsal_in_words(plan)}"


def rehearsal_in_words(plan: RollbackPlan) -> str:
    """``Rehearsed 3 Nov.``, or why it does not count as rehearsed."""
    last = plan.rehearsals.last()
    if plan.rehearsed_on is not None:
        return f"Rehearsed {day(plan.rehearsed_on)}."
    if last is None:
        return "Not rehearsed yet."
    if last.result == Rehearsal.Result.FAILED:
        return f"The rehearsal of {day(last.held_on)} failed."
    return f"The plan was changed after the rehearsal of {day(last.held_on)}."


linked_work.register(
    linked_work.LinkedWork(ChecklistItem.Link.ROLLBACK_PLAN, PAGE, missing=missing, told=told)
)
work_files.register(
    work_files.RowKind("rehearsals", Rehearsal, PAGE, State.APPROVAL, to_case="plan__case")
)
