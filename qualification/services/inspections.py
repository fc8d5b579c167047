"""Services for samples and incoming inspections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qualification.inspection_work import next_lot
from qualification.models import Case, InspectionLot, Sample
from qualification.models.cases import State
from qualification.services.work import case_for_work, work_changed
from secondsource.core import attachments, audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.formats import number
from secondsource.core.records import change, create

GATE = State.PILOT_BUILD
SAMPLE_FIELDS = frozenset(
    {"lot", "quantity", "received_on", "date_code", "certificate", "purpose", "note"}
)


@transaction.atomic
def receive_sample(*, case: Case, actor: Actor, **values: Any) -> Sample:
    """Record units of a lot that came in."""
    case = case_for_work(case, GATE, actor)
    refuse_values(_sample_problems(values))
    sample = create(Sample(case=case, **values), actor, duplicate="This sample is on record.")
    audit.record("qualification.sample.received", case, actor, note=_in_words(sample))
    work_changed(case, GATE, actor, f"a sample of lot {sample.lot} was received")
    return sample


@transaction.atomic
def change_sample(
    *, sample: Sample, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Sample:
    """Change fields of a sample (``SAMPLE_FIELDS``)."""
    case = case_for_work(sample.case, GATE, actor)
    refuse_values(_sample_problems(values))
    row = change(sample, values, actor, allowed=SAMPLE_FIELDS, expected=expected)
    if row.version != sample.version:
        audit.record("qualification.sample.changed", case, actor, note=_in_words(row))
        work_changed(case, GATE, actor, f"the sample of lot {row.lot} was changed")
    return row


def _sample_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    if not str(values.get("lot", "x")).strip():
        problems.append(FieldProblem("/lot", "required", "Enter the lot."))
    if values.get("quantity", 1) < 1:
        problems.append(FieldProblem("/quantity", "not_positive", "At least 1."))
    received = values.get("received_on")
    if received is not None and received > clock.business_day():
        problems.append(FieldProblem("/received_on", "in_future", "It was received in the past."))
    return problems


@transaction.atomic
def remove_sample(
    *, sample: Sample, actor: Actor, reason: str, expected: int | None = None
) -> None:
    """Remove a sample that was entered by mistake and has no files, with the reason."""
    case = case_for_work(sample.case, GATE, actor)
    row = case.samples.select_for_update(of=("self",)).filter(pk=sample.pk).first()
    if row is None:
        raise RuleRefused.one("sample_removed", "Somebody removed this sample.")
    audit.check_version(row, expected)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why it is removed.")
    if attachments.of(row).exists():
        raise RuleRefused.one("has_files", "This sample has files.", "Remove them first.")
    told = f"{_in_words(row)}: {reason.strip()}"
    audit.delete_as(row, actor, reason.strip())
    audit.record("qualification.sample.removed", case, actor, note=told)
    work_changed(case, GATE, actor, f"the sample of lot {sample.lot} was removed")


def _in_words(sample: Sample) -> str:
    purpose = sample.get_purpose_display()
    return f"{number(sample.quantity)} of lot {sample.lot} for {purpose}"


@transaction.atomic
def record_inspection(
    *,
    case: Case,
    lot: str,
    size: int,
    inspected: int,
    defects: int,
    actor: Actor,
    inspected_on: dt.date | None = None,
    resubmitted: bool = False,
    note: str = "",
) -> InspectionLot:
    """Record the inspection of a lot by the plan of the source's present level.

    A resubmitted lot, one that was sorted after a rejection, does not count for switching. After
    inspection has stopped, the note says what the supplier improved.
    """
    case = case_for_work(case, GATE, actor)
    if actor.user is None:
        raise PermissionRefused("Only a person inspects a lot.")
    day = inspected_on or clock.business_day()
    rule = next_lot(case)
    problems = _lot_problems(case, lot.strip(), size, inspected, defects, day, resubmitted)
    if not problems:
        plan = rule.plan(size)
        if inspected < plan.sample:
            detail = (
                f"{number(plan.sample)} units of a lot of {number(size)} are inspected at "
                f"{plan.level} level."
            )
            problems.append(FieldProblem("/inspected", "too_few", detail))
    if rule.switching.discontinued and not note.strip():
        detail = "Inspection has stopped: say what the supplier improved."
        problems.append(FieldProblem("/note", "required", detail))
    refuse_values(problems)
    accepted = defects <= plan.accept
    row = create(
        InspectionLot(
            case=case, source_id=case.source_id, lot=lot.strip(), size=size, aql=rule.aql,
            level=plan.level, sample_size=inspected, accept_number=plan.accept, defects=defects,
            result="accepted" if accepted else "rejected", resubmitted=resubmitted,
            inspected_on=day, inspected_by=actor.user, note=note.strip(),
        ),
        actor,
        duplicate="This lot is on record.",
    )  # fmt: skip
    audit.record(
        "qualification.lot.inspected", case, actor,
        note=f"lot {row.lot} {row.result}: {defects} of {number(inspected)} defective",
        data={"level": row.level, "result": row.result, "next": next_lot(case).level},
    )  # fmt: skip
    work_changed(case, GATE, actor, f"lot {row.lot} was inspected")
    return row


def _lot_problems(
    case: Case, lot: str, size: int, inspected: int, defects: int, day: dt.date, resubmitted: bool
) -> list[FieldProblem]:
    problems = []
    if not lot:
        problems.append(FieldProblem("/lot", "required", "Enter the lot."))
    if size < 1:
        problems.append(FieldProblem("/size", "not_positive", "At least 1."))
    if inspected > size:
        problems.append(FieldProblem("/inspected", "too_many", "More than the lot has."))
    if defects > inspected:
        problems.append(FieldProblem("/defects", "too_many", "More than were inspected."))
    if day > clock.business_day():
        problems.append(FieldProblem("/inspected_on", "in_future", "It was inspected in the past."))
    before = case.inspections.filter(lot=lot, voided_at=None)
    if resubmitted and not before.filter(result="rejected").exists():
        detail = "Only a lot that was rejected before is resubmitted."
        problems.append(FieldProblem("/resubmitted", "not_rejected", detail))
    if not resubmitted and before.exists():
        detail = f"Lot {lot} was inspected before. Mark it as resubmitted."
        problems.append(FieldProblem("/lot", "inspected", detail))
    return problems


@transaction.atomic
def decide_lot(
    *, lot: InspectionLot, decision: str, reason: str, actor: Actor, expected: int | None = None
) -> InspectionLot:
    """Decide on a rejected lot, by quality, once, with a reason."""
    case, row = _locked(lot, actor, expected, permission="qualification.decide_lot")
    problems = []
    if decision not in InspectionLot.Decision.values:
        problems.append(FieldProblem("/decision", "unknown", "Choose what happens to the lot."))
    if not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Say why."))
    refuse_values(problems)
    if row.result != InspectionLot.Result.REJECTED:
        raise RuleRefused.one("lot_accepted", f"Lot {row.lot} was accepted.")
    if row.decision:
        decided = row.get_decision_display()
        raise RuleRefused.one("lot_decided", f"Lot {row.lot} is decided already: {decided}.")
    row.decision, row.decision_reason = decision, reason.strip()[:300]
    row.decided_by = actor.user
    audit.save_as(row, actor, reason)
    audit.record(
        "qualification.lot.decided", case, actor,
        note=f"lot {row.lot} {row.get_decision_display().lower()}: {reason.strip()}",
        data={"decision": decision},
    )  # fmt: skip
    work_changed(case, GATE, actor, f"lot {row.lot} was decided on")
    return row


@transaction.atomic
def void_inspection(
    *, lot: InspectionLot, actor: Actor, reason: str, expected: int | None = None
) -> InspectionLot:
    """Void an inspection that was entered wrongly; it stays on record and counts no more."""
    case, row = _locked(lot, actor, expected)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say what was wrong.")
    row.voided_at, row.void_reason = clock.now(), reason.strip()[:300]
    audit.save_as(row, actor, reason)
    audit.record("qualification.lot.voided", case, actor, note=f"lot {row.lot}: {reason.strip()}")
    work_changed(case, GATE, actor, f"the inspection of lot {row.lot} was voided")
    return row


def _locked(
    lot: InspectionLot,
    actor: Actor,
    expected: int | None,
    *,
    permission: str = "qualification.write_case",
) -> tuple[Case, InspectionLot]:
    case = case_for_work(lot.case, GATE, actor, permission=permission)
    row = InspectionLot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    audit.check_version(row, expected)
    if row.voided_at is not None:
        raise RuleRefused.one("lot_voided", f"The inspection of lot {row.lot} is void.")
    return case, row
