"""Services for the actions of an FMEA: owner, day, evidence, ratings after completion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qualification.fmea_sheet import RATINGS
from qualification.models import FmeaAction, FmeaRow
from qualification.owners import owner_problems
from qualification.services.fmea import (
    case_for_fmea,
    fmea_changed,
    judge_again,
    locked_row,
    rating_problem,
)
from secondsource.core import attachments, audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.formats import day
from secondsource.core.records import change, create

REVISED = tuple(f"revised_{name}" for name in RATINGS)
TARGET = tuple(f"target_{name}" for name in RATINGS)
#: What a completed action has.
RESULT = ("status", "completed_on", *REVISED)
#: The fields of an action that can be written.
ACTION_FIELDS = frozenset({"description", "kind", "owner", "due_date", *RESULT, *TARGET})
COMPLETED = FmeaAction.Status.COMPLETED


@transaction.atomic
def add_action(
    *, row: FmeaRow, values: Mapping[str, Any], actor: Actor, upload: UploadedFile | None = None
) -> FmeaAction:
    """Add an action to a row (``ACTION_FIELDS``), completed at once only with evidence."""
    case = case_for_fmea(row.fmea.case, actor)
    action = write_new_action(row, values, actor, upload)
    audit.record(
        "qualification.fmea.action_added", case, actor, note=f"{action.row}: {action.description}"
    )
    fmea_changed(case, actor, f"an action on row {action.row.position} of the FMEA was added")
    return action


def write_new_action(
    row: FmeaRow, values: Mapping[str, Any], actor: Actor, upload: UploadedFile | None = None
) -> FmeaAction:
    """Add an action to a row of a locked case."""
    row = locked_row(row)
    action = FmeaAction(row=row)
    values = _whole(action, _known(values))
    refuse_values(_problems(action, values, has_evidence=upload is not None))
    later = {} if upload is None else {n: values.pop(n) for n in RESULT if n in values}
    for name, value in values.items():
        setattr(action, name, value)
    action = create(action, actor, duplicate="This action is on record already.")
    if upload is not None:  # the file belongs to the action, which has to be there first
        later["evidence"] = attachments.attach(subject=action, upload=upload, actor=actor)
        action = change(action, later, actor, allowed=frozenset((*RESULT, "evidence")))
    action.row = judge_again(row, actor, "action added")
    return action


@transaction.atomic
def change_action(
    *,
    action: FmeaAction,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
    upload: UploadedFile | None = None,
) -> FmeaAction:
    """Change an action. ``completed`` needs evidence (a file here or before) and revised ratings.

    The revised severity is that of the row unless the design changes. An action that is not
    completed any more loses its revised ratings.
    """
    case = case_for_fmea(action.row.fmea.case, actor)
    row = locked_row(action.row)
    changed, before = change_fields(action, row, values, actor, expected, upload)
    if changed.version == before.version:
        return changed
    judge_again(row, actor, "action changed")
    verb = "action_completed" if _is_newly(before, changed) else "action_changed"
    audit.record(f"qualification.fmea.{verb}", case, actor, note=f"{row}: {changed.description}")
    fmea_changed(case, actor, f"an action on row {row.position} of the FMEA was changed")
    return changed


def change_fields(
    action: FmeaAction, row: FmeaRow, values: Mapping[str, Any], actor: Actor,
    expected: int | None = None, upload: UploadedFile | None = None,
) -> tuple[FmeaAction, FmeaAction]:  # fmt: skip
    """Write fields of an action on a locked row. Returns the action as it is and as it was."""
    before = FmeaAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    audit.check_version(before, expected)
    before.row = row
    values = _whole(before, _known(values))
    has_evidence = upload is not None or before.evidence_id is not None
    refuse_values(_problems(before, values, has_evidence=has_evidence))
    if upload is not None:
        values["evidence"] = attachments.attach(subject=before, upload=upload, actor=actor)
    return change(before, values, actor, allowed=ACTION_FIELDS | {"evidence"}), before


@transaction.atomic
def add_action_evidence(*, action: FmeaAction, upload: UploadedFile, actor: Actor) -> FmeaAction:
    """Attach a file as the evidence of an action that is not completed yet."""
    return change_action(action=action, values={}, upload=upload, actor=actor)


@transaction.atomic
def remove_action(*, action: FmeaAction, actor: Actor, expected: int | None = None) -> None:
    """Remove an action without completion; its history stays."""
    case = case_for_fmea(action.row.fmea.case, actor)
    row = locked_row(action.row)
    found = FmeaAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    audit.check_version(found, expected)
    if found.status == COMPLETED:
        detail = "A completed action stays on record."
        raise ValuesRefused.one("/status", "completed", detail)
    audit.delete_as(found, actor, "removed")
    judge_again(row, actor, "action removed")
    audit.record("qualification.fmea.action_removed", case, actor, note=f"{row}: {found}")
    fmea_changed(case, actor, f"an action on row {row.position} of the FMEA was removed")


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - ACTION_FIELDS:
        raise KeyError(f"not changeable: {sorted(unknown)}")
    return dict(values)


def _is_newly(before: FmeaAction, after: FmeaAction) -> bool:
    return after.status == COMPLETED != before.status


def _whole(action: FmeaAction, values: dict[str, Any]) -> dict[str, Any]:
    """The values with what follows from the status."""
    if "description" in values:
        values["description"] = values["description"].strip()
    status = values.get("status", action.status)
    if status == COMPLETED:
        if values.get("completed_on", action.completed_on) is None:
            values["completed_on"] = clock.business_day()
        if values.get("revised_severity", action.revised_severity) is None:
            values["revised_severity"] = action.row.severity
    elif action.status == COMPLETED:  # reopened: what it had shown does not hold any more
        values = {"completed_on": None, **dict.fromkeys(REVISED), **values}
    return values


def _problems(
    action: FmeaAction, values: Mapping[str, Any], *, has_evidence: bool
) -> list[FieldProblem]:
    """All problems of an action with these values."""
    whole = {name: values.get(name, getattr(action, name)) for name in ACTION_FIELDS}
    found = [
        FieldProblem(f"/{name}", "not_a_rating", detail)
        for name in (*REVISED, *TARGET)
        if (detail := rating_problem(whole[name]))
    ]
    if not whole["description"]:
        found.append(FieldProblem("/description", "required", "Describe the action."))
    found += owner_problems(values.get("owner"))
    check = _against_completion if whole["status"] == COMPLETED else _against_results
    return found + check(action, whole, has_evidence)


def _against_completion(
    action: FmeaAction, whole: Mapping[str, Any], has_evidence: bool
) -> list[FieldProblem]:
    found = []
    if not has_evidence:
        detail = "An action is completed with evidence: attach a file."
        found.append(FieldProblem("/evidence", "required", detail))
    if whole["completed_on"] > clock.business_day():
        detail = f"The day of completion is after today, {day(clock.business_day())}."
        found.append(FieldProblem("/completed_on", "in_future", detail))
    found += [
        FieldProblem(f"/{name}", "required", "Rate it again after the action.")
        for name in REVISED
        if whole[name] is None
    ]
    severity, saved = whole["revised_severity"], action.row.severity
    if severity is not None and severity != saved and whole["kind"] != FmeaAction.Kind.DESIGN:
        detail = f"Severity changes only with the design: it stays {saved}."
        found.append(FieldProblem("/revised_severity", "not_a_design_action", detail))
    return found


def _against_results(
    action: FmeaAction, whole: Mapping[str, Any], has_evidence: bool
) -> list[FieldProblem]:
    detail = "Only a completed action has a result. Enter a target instead."
    return [
        FieldProblem(f"/{name}", "not_completed", detail)
        for name in ("completed_on", *REVISED)
        if whole[name] is not None
    ]
