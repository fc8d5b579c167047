"""Services for the plan of a case: pilot quantity, ramp of the transition, rollback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qualification import facts
from qualification.gate_plan import PLANNED
from qualification.guards import gate_of
from qualification.models import Case, Pilot, PlannedGate, RampStep, Rehearsal, RollbackPlan
from qualification.models.cases import State
from qualification.pilot_verdicts import locked_plan
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused

_ROLLBACK = {
    "rollback_hours": "hours", "rollback_stock": "stock", "rollback_rehearsed_on": "rehearsed_on",
}  # fmt: skip
ROLLBACK_FIELDS = frozenset(_ROLLBACK)
#: The values of :func:`write_plan`. ``ramp`` is a list of ``(month, share)`` that includes month 1;
#: ``transition_share`` is a ramp of one step.
PLAN_FIELDS = frozenset({"pilot_quantity", "transition_share", "ramp", "planned_gates", *_ROLLBACK})

#: Gate → the fields of the plan whose change voids its signatures.
SIGNED_PLAN = {
    State.BUSINESS_CASE: {"summary", "start_reason", "due_date", "ramp", "planned_gates"},
    State.FMEA: {"pilot_quantity"},
    State.PILOT_BUILD: {"pilot_quantity"},
    State.APPROVAL: {"ramp", *_ROLLBACK},
}


def plan_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    """Problems of these values."""
    problems = []
    share = values.get("transition_share")
    if share is not None and not Decimal(0) < share <= Decimal(1):
        problems.append(
            FieldProblem("/transition_share", "out_of_range", "Above 0, at most 100 %.")
        )
    problems += _ramp_problems(values.get("ramp") or [])
    problems += [
        FieldProblem("/planned_gates", "unknown_gate", f"{gate} has no planned day.")
        for gate in values.get("planned_gates") or {}
        if gate not in PLANNED
    ]
    if {"ramp", "transition_share"} <= set(values):
        detail = "Give the ramp or its one share, not both."
        problems.append(FieldProblem("/transition_share", "beside_ramp", detail))
    rehearsed = values.get("rollback_rehearsed_on")
    if rehearsed is not None and rehearsed > clock.business_day():
        problems.append(
            FieldProblem("/rollback_rehearsed_on", "in_future", "A rehearsal is in the past.")
        )
    problems.extend(
        FieldProblem(f"/{name}", "negative", "0 or more.")
        for name in ("pilot_quantity", "rollback_hours", "rollback_stock")
        if values.get(name) is not None and values[name] < 0
    )
    return problems


def _ramp_problems(ramp: list[tuple[int, Decimal]]) -> list[FieldProblem]:
    months = [month for month, _ in ramp]
    if ramp and (1 not in months or len(set(months)) < len(months) or min(months) < 1):
        detail = "Name month 1 and each month once."
        return [FieldProblem("/ramp", "months", detail)]
    return [
        FieldProblem(f"/ramp/{index}/share", "out_of_range", "Above 0, at most 100 %.")
        for index, (_, share) in enumerate(ramp)
        if not Decimal(0) < share <= Decimal(1)
    ]


def write_plan(case: Case, values: Mapping[str, Any], actor: Actor) -> set[str]:
    """Write checked values in the caller's transaction.

    Returns the names that changed. The event contains the values before and after. Raises
    ``RuleRefused`` for the ramp of a running transition, and for another pilot quantity than that
    of the locked pilot plan.
    """
    before = _plan_of(case)
    changed = set()
    if "pilot_quantity" in values and values["pilot_quantity"] != case.pilot_quantity:
        _refuse_beside_plan(case)
        _write_pilot(case, values["pilot_quantity"], actor)
        changed.add("pilot_quantity")
    if _write_ramp(case, values, actor):
        changed.add("ramp")
    if _write_gates(case, values.get("planned_gates") or {}, actor):
        changed.add("planned_gates")
    changed |= _write_rollback(case, values, actor)
    if changed:
        case = Case.objects.get(pk=case.pk)
        after = _plan_of(case)
        changes = [
            {"field": name, "from": before[name], "to": after[name]}
            for name in sorted(before)
            if before[name] != after[name]
        ]
        audit.record("qualification.case.planned", case, actor, data={"changes": changes})
    return changed


def _plan_of(case: Case) -> dict[str, Any]:
    """The plan as JSON."""
    values = {name: getattr(case, name) for name in ("pilot_quantity", *_ROLLBACK)}
    plan = {name: _as_text(value) for name, value in values.items()}
    steps = case.ramp
    ramp = [f"{step.share} from month {step.month}" for step in steps]
    return plan | {
        "transition_share": str(steps[-1].share) if steps else None,
        "planned_gates": ", ".join(
            f"{State(gate).label} {due.isoformat()}"
            for gate, due in case.planned_gates.values_list("gate", "due")
        ),
        "ramp": ", ".join(ramp) if len(ramp) > 1 else None,
    }


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def set_pilot_quantity(case: Case, quantity: int, actor: Actor) -> None:
    """Set the pilot quantity by a locked pilot plan, in the caller's transaction."""
    before = case.pilot_quantity
    if quantity == before:
        return
    _write_pilot(case, quantity, actor)
    change = {"field": "pilot_quantity", "from": _as_text(before), "to": str(quantity)}
    audit.record("qualification.case.planned", case, actor, data={"changes": [change]})


def _refuse_beside_plan(case: Case) -> None:
    """A locked pilot plan sets the quantity; nobody sets another one by hand."""
    if locked := locked_plan(case):
        raise RuleRefused.one(
            "quantity_of_plan",
            f"Pilot plan v{locked.number} sets the pilot quantity.",
            "Draft and lock another version of the pilot plan.",
        )


def _write_gates(case: Case, days: Mapping[str, dt.date | None], actor: Actor) -> bool:
    """Write the days of these gates; None removes one. Returns whether one changed."""
    present = dict(case.planned_gates.values_list("gate", "due"))
    changed = {str(gate): due for gate, due in days.items() if present.get(str(gate)) != due}
    traces.attribute(actor, "planned gates")
    for gate, due in changed.items():
        if due is None:
            case.planned_gates.filter(gate=gate).delete()
        else:
            PlannedGate.objects.update_or_create(case=case, gate=gate, defaults={"due": due})
    return bool(changed)


def _write_pilot(case: Case, quantity: int | None, actor: Actor) -> None:
    Pilot.objects.create(
        case=case, quantity=quantity, actor_id=actor.user_id, job=actor.job, created_at=clock.now()
    )
    if gate_of(case) == State.PILOT_BUILD:
        facts.resolve_source(case, actor)


def _write_ramp(case: Case, values: Mapping[str, Any], actor: Actor) -> bool:
    if "ramp" in values:
        wanted = sorted(values["ramp"] or [])
    elif "transition_share" in values:
        share = values["transition_share"]
        if share == case.transition_share:
            return False
        wanted = [] if share is None else [(1, share)]
    else:
        return False
    if wanted == [(step.month, step.share) for step in case.ramp]:
        return False
    if gate_of(case) == State.TRANSITION:
        raise RuleRefused.one(
            "ramp_fixed", "The ramp is approved: its share cannot be changed by hand."
        )
    run = facts.planned_run(case, actor)
    traces.attribute(actor, "ramp")
    run.ramp.all().delete()
    steps = [RampStep(transition=run, month=month, share=share) for month, share in wanted]
    audit.bulk_create_as(RampStep, steps, actor, "ramp")
    return True


def _write_rollback(case: Case, values: Mapping[str, Any], actor: Actor) -> set[str]:
    plan = RollbackPlan.objects.select_for_update().filter(case=case).first()
    plan = plan or RollbackPlan(case=case)
    given = {name: values[name] for name in _ROLLBACK if name in values}
    changed = {name for name, value in given.items() if getattr(plan, _ROLLBACK[name]) != value}
    for name in changed:
        setattr(plan, _ROLLBACK[name], given[name])
    if changed:
        audit.save_as(plan, actor, "rollback plan")
        case.rollback_plan = plan
    if "rollback_rehearsed_on" in changed and plan.rehearsed_on is not None:
        passed = Rehearsal(
            plan=plan, held_on=plan.rehearsed_on, result=Rehearsal.Result.PASSED,
            held_by=actor.user,
        )  # fmt: skip
        audit.save_as(passed, actor, "rehearsed")
    return changed
