"""Services for the steps of a gate and their files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from qualification import guards
from qualification.models import Case, ChecklistItem, StepKind
from qualification.models.cases import GATES, State
from qualification.owners import owner_problems
from qualification.services.work import locked_case, require_current, void_gate
from secondsource.core import attachments, audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.formats import quantity
from secondsource.core.models import Attachment
from secondsource.core.records import all_but, change, checked, create


@transaction.atomic
def add_item(
    *,
    case: Case,
    gate: str,
    text: str,
    actor: Actor,
    **fields: Any,
) -> ChecklistItem:
    """Add a step to a gate that is not passed yet; ``fields`` are those of ``Step`` and of owner,
    day and note.
    """
    actor.require("qualification.write_case", case)
    case = locked_case(case)
    _require_running(case)
    if gate not in GATES or not guards.is_ahead(case, gate):
        raise ValuesRefused.one("/gate", "gate_passed", "Choose a gate that is not passed yet.")
    if not text.strip():
        raise ValuesRefused.one("/text", "required", "Describe what is to be done.")
    refuse_values(owner_problems(fields.get("owner")))
    refuse_values(step_problems(fields))
    last = ChecklistItem.objects.filter(case=case, gate=gate).aggregate(n=Max("position"))["n"] or 0
    item = create(
        ChecklistItem(
case=case, gate=gate, position=last + 1, text=text.strip(), **fields),
        actor,
        duplicate="This place is taken.",
    )  # fmt: skip
    audit.record("qualification.item.added", case, actor, note=text, data={"gate": gate})
    void_gate(case, gate, actor, f"the step “{item.text}” was added")
    return item


def _require_running(case: Case) -> None:
    """Raise ``RuleRefused`` for a case that is over or on hold."""
    guards.require_open(case)
    if case.state == State.ON_HOLD:
        raise RuleRefused.one("on_hold", f"{case.key} is on hold.", "Resume it first.")


def step_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    """Problems of what a step asks for: a value has a unit, other kinds have no limits."""
    unit = str(values.get("unit") or "").strip()
    lower, upper = values.get("lower"), values.get("upper")
    if values.get("kind") != StepKind.VALUE:
        if unit or lower is not None or upper is not None:
            detail = "Only a value has a unit and limits."
            return [FieldProblem("/kind", "not_a_value", detail)]
        return []
    problems = []
    if not unit:
        problems.append(FieldProblem("/unit", "required", "A value needs a unit."))
    if lower is not None and upper is not None and lower > upper:
        problems.append(
            FieldProblem("/upper", "below_lower", "The upper limit is below the lower.")
        )
    return problems


ITEM_FIELDS = frozenset({"owner", "due_date", "note"})


@transaction.atomic
def change_item(
    *,
    item: ChecklistItem,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> ChecklistItem:
    """Change owner, day and note (``ITEM_FIELDS``) of an item of a gate that is not passed.

    Another note voids the signatures of the gate; owner and day do not.
    """
    case = locked_case(item.case)
    actor.require("qualification.write_case", case)
    guards.require_open(case)
    if not guards.is_ahead(case, item.gate):
        raise RuleRefused.one("gate_passed", "This gate is passed.")
    refuse_values(owner_problems(values.get("owner")))
    before = item.note
    item = change(item, values, actor, allowed=ITEM_FIELDS, expected=expected)
    if item.note != before:
        void_gate(case, item.gate, actor, f"the note of “{item.text}” was changed")
    return item


@transaction.atomic
def set_item(
    *, item: ChecklistItem, done: bool, actor: Actor, note: str | None = None,
    expected: int | None = None,
) -> ChecklistItem:  # fmt: skip
    """Tick or untick an item of the current gate and set its note.

    Each change voids the signatures of the gate.
    """
    case = locked_case(item.case)
    actor.require("qualification.write_case", case)
    require_current(case, item.gate)
    item = ChecklistItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _require_ticked(item)
    audit.check_version(item, expected)
    other_note = note is not None and note.strip() != item.note
    if note is not None:
        item.note = note.strip()
    changed = _mark(item, done, actor)
    audit.save_as(item, actor, "done" if done else "open")
    if changed:
        _tell(case, item, actor)
        why = "was ticked after signing" if done else "was opened again"
        void_gate(case, item.gate, actor, f"“{item.text}” {why}")
    elif other_note:
        void_gate(case, item.gate, actor, f"the note of “{item.text}” was changed")
    return item


def _require_ticked(item: ChecklistItem) -> None:
    """Raise ``RuleRefused`` for a step that is done by something else than a tick."""
    if item.is_ticked:
        return
    if item.link:
        done, fix = f"when its {item.get_link_display()} is", "Open that work."
    elif item.kind == StepKind.VALUE:
        done, fix = "with a value within its limits", "Enter the value."
    else:
        done, fix = "with a file", "Add the file."
    code = "linked" if item.link else f"{item.kind}_step"
    raise RuleRefused.one(code, f"“{item.text}” is not ticked: it is done {done}.", fix)


def _mark(item: ChecklistItem, done: bool, actor: Actor) -> bool:
    """Set whether a step is done; returns whether that changed."""
    if done == (item.done_at is not None):
        return False
    item.done_at = clock.now() if done else None
    item.done_by = actor.user if done else None
    return True


def _tell(case: Case, item: ChecklistItem, actor: Actor) -> None:
    action = "qualification.item.done" if item.done_at else "qualification.item.opened"
    audit.record(action, case, actor, note=item.text, data={"gate": item.gate})


@transaction.atomic
def set_value(
    *, item: ChecklistItem, value: Decimal | None, actor: Actor, expected: int | None = None
) -> ChecklistItem:
    """Enter the value of a step of the current gate, or remove it.

    Within its limits the step is done, outside it is open. Each change voids the signatures of the
    gate. Raises ``RuleRefused`` for a step of another kind, ``ValuesRefused``, ``Stale``.
    """
    case = locked_case(item.case)
    actor.require("qualification.write_case", case)
    require_current(case, item.gate)
    item = ChecklistItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.kind != StepKind.VALUE:
        raise RuleRefused.one("no_value", f"“{item.text}” has no value.")
    audit.check_version(item, expected)
    if value == item.value:
        return item
    if value is not None and actor.user is None:
        raise PermissionRefused("Only a person enters a value.")
    item.value = value
    checked(item, exclude=all_but(item, "value"))
    changed = _mark(item, value is not None and not item.problem, actor)
    shown = "" if value is None else quantity(value, item.unit)
    audit.save_as(item, actor, f"value {shown}" if shown else "value removed")
    audit.record(
        "qualification.item.measured", case, actor, note=item.text,
        data={"gate": item.gate, "value": shown, "problem": item.problem},
    )  # fmt: skip
    if changed:
        _tell(case, item, actor)
    void_gate(case, item.gate, actor, f"the value of “{item.text}” was changed")
    return item


def _follow_files(case: Case, item: ChecklistItem, actor: Actor) -> None:
    """A step that asks for a document is done while it has a file."""
    if item.link or item.kind != StepKind.DOCUMENT:
        return
    item = ChecklistItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    has_file = guards.items_with_evidence().get(pk=item.pk).has_evidence
    if _mark(item, has_file, actor):
        audit.save_as(item, actor, "file added" if has_file else "no file any more")
        _tell(case, item, actor)


@transaction.atomic
def add_evidence(*, item: ChecklistItem, upload: UploadedFile, actor: Actor) -> Attachment:
    """Attach a file to an item of the current gate; it is hashed and never changed.

    It voids the signatures of the gate.
    """
    case = locked_case(item.case)
    actor.require("qualification.write_case", case)
    require_current(case, item.gate)
    attachment = attachments.attach(subject=item, upload=upload, actor=actor)
    audit.record(
        "qualification.evidence.added", case, actor, note=attachment.name,
        data={"gate": item.gate, "sha256": attachment.sha256},
    )  # fmt: skip
    _follow_files(case, item, actor)
    void_gate(case, item.gate, actor, f"the file “{attachment.name}” was added")
    return attachment


@transaction.atomic
def remove_evidence(
    *, item: ChecklistItem, attachment: Attachment, actor: Actor, reason: str
) -> None:
    """Remove a file from an open gate. Refused if the gate is signed or passed."""
    case = locked_case(item.case)
    actor.require("qualification.write_case", case)
    require_current(case, item.gate)
    if case.sign_offs.filter(gate=item.gate, voided_at=None).exists():
        raise RuleRefused.one(
            "signed",
            "The gate is signed on this evidence.",
            "Untick the item; that voids the signatures."
            if item.is_ticked
            else "Another file voids the signatures.",
        )
    attachments.remove(attachment=attachment, actor=actor, reason=reason)
    audit.record("qualification.evidence.removed", case, actor, note=f"{attachment.name}: {reason}")
    _follow_files(case, item, actor)
