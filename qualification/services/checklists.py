"""What a case takes over from its SOP when it opens, and when its risk class rises."""

from __future__ import annotations

from django.db.models import Max

from qualification import linked_work
from qualification.gate_requirements import signers
from qualification.guards import is_ahead
from qualification.models import Case, ChecklistItem, RequiredSignature, Sop
from qualification.models.cases import GATES
from secondsource.core import audit, traces
from secondsource.core.actors import Actor


def take_over(case: Case, sop: Sop, actor: Actor, *, raised: bool = False) -> set[str]:
    """Add the steps of an SOP that the case does not have, and the signatures that they need.

    With ``raised`` passed gates do not change. Returns the gates with a new step or signature.
    """
    gates = [str(gate) for gate in GATES if not raised or is_ahead(case, gate)]
    reason = f"risk class {case.risk_class}" if raised else f"SOP {sop}"
    steps = _new_steps(case, sop, gates)
    audit.bulk_create_as(ChecklistItem, steps, actor, reason)
    signatures = _new_signatures(case, gates)
    traces.attribute(actor, reason)
    RequiredSignature.objects.bulk_create(signatures)
    linked_work.refresh(case, actor)
    return {step.gate for step in steps} | {one.gate for one in signatures}


def _new_steps(case: Case, sop: Sop, gates: list[str]) -> list[ChecklistItem]:
    """Unsaved steps, after those of their gate; a step is known by its code or its text."""
    known: set[tuple[str, str]] = set()
    for gate, code, text in case.checklist.values_list("gate", "code", "text"):
        known |= {(gate, code), (gate, text)}
    last = dict(case.checklist.order_by("gate").values_list("gate").annotate(Max("position")))
    steps = []
    for item in sop.items.filter(gate__in=gates):
        if {(item.gate, item.code), (item.gate, item.text)} & known:
            continue
        last[item.gate] = last.get(item.gate, 0) + 1
        frozen = {name: getattr(item, name) for name in ChecklistItem.FROZEN}
        steps.append(ChecklistItem(case=case, gate=item.gate, position=last[item.gate], **frozen))
    return steps


def _new_signatures(case: Case, gates: list[str]) -> list[RequiredSignature]:
    known = set(case.required_signatures.values_list("gate", "function"))
    functions: dict[str, set[str]] = {gate: set() for gate in gates}
    for gate, named in case.checklist.filter(gate__in=gates).values_list("gate", "functions"):
        functions[gate].update(named)
    return [
        RequiredSignature(case=case, gate=str(gate), function=str(function))
        for gate in GATES
        if gate in functions
        for function in signers(gate, functions[gate])
        if (str(gate), str(function)) not in known
    ]
