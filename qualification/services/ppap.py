"""Services for the production part approval: level, elements, warrant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from qualification import ppap_work
from qualification.models import Case, PpapElement, PpapSubmission
from qualification.models.cases import State
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)

GATE = State.APPROVAL
Status, Disposition = PpapElement.Status, PpapSubmission.Disposition
#: Statuses that only quality gives.
JUDGED = (Status.ACCEPTED, Status.REJECTED)
_UNTOUCHED = (Status.PENDING, Status.NOT_REQUIRED)


class Judgement(NamedTuple):
    """A status of an element with its reason, on the version that the caller saw."""

    status: str
    reason: str = ""
    expected: int | None = None


@transaction.atomic
def set_ppap_level(
    *, case: Case, actor: Actor, level: int | None = None, expected: int | None = None
) -> PpapSubmission:
    """Start the submission at a level, by default that of the risk class, or change the level.

    Elements that nobody worked on follow the level. A decision on the warrant becomes void.
    """
    case = case_for_work(case, GATE, actor)
    level = ppap_work.default_level(case) if level is None else level
    if not 1 <= level <= 5:
        raise ValuesRefused.one("/level", "out_of_range", "A level is 1 to 5.")
    found = _submission(case, expected)
    if found is not None and found.level == level:
        return found
    found = found or PpapSubmission(case=case)
    found.level = level
    _undecide(found)
    audit.save_as(found, actor, f"level {level}")
    _follow_level(case, level, actor)
    audit.record("qualification.ppap.level", case, actor, data={"level": level})
    work_changed(case, GATE, actor, f"the PPAP level was set to {level}")
    return found


def _follow_level(case: Case, level: int, actor: Actor) -> None:
    there = {e.number: e for e in case.ppap_elements.select_for_update(of=("self",))}
    new = []
    for number, status in ppap_work.first_statuses(level).items():
        element = there.get(number)
        if element is None:
            new.append(PpapElement(case=case, number=number, status=status))
        elif element.status in _UNTOUCHED and element.status != status:
            element.status = status
            audit.save_as(element, actor, f"level {level}")
    audit.bulk_create_as(PpapElement, new, actor, f"level {level}")


@transaction.atomic
def set_ppap_elements(
    *,
    case: Case,
    elements: Mapping[int, Judgement],
    actor: Actor,
    expected: int | None = None,
) -> PpapSubmission:
    """Set statuses of elements by number; only quality accepts and rejects.

    What does not apply and what is rejected needs a reason. A change voids the decision on the
    warrant.
    """
    case = case_for_work(case, GATE, actor)
    found = _started(case, expected)
    rows = {e.number: e for e in case.ppap_elements.select_for_update(of=("self",))}
    refuse_values(_element_problems(elements, rows))
    for number, said in elements.items():
        audit.check_version(rows[number], said.expected)
    changed = {
        number: said
        for number, said in elements.items()
        if (rows[number].status, rows[number].reason) != (said.status, said.reason.strip())
    }
    if not changed:
        return found
    judged = any(rows[n].status != s.status and s.status in JUDGED for n, s in changed.items())
    if judged:
        actor.require("qualification.judge_ppap", case)
    for number, said in changed.items():
        row = rows[number]
        row.status, row.reason = said.status, said.reason.strip()
        audit.save_as(row, actor, said.reason)
    _undecide(found)
    audit.save_as(found, actor, "elements")
    audit.record(
        "qualification.ppap.elements", case, actor,
        data={"elements": {str(number): said.status for number, said in changed.items()}},
    )  # fmt: skip
    work_changed(case, GATE, actor, "the PPAP elements were changed")
    return found


def _element_problems(
    elements: Mapping[int, Judgement], rows: Mapping[int, PpapElement]
) -> list[FieldProblem]:
    problems = []
    for number, said in elements.items():
        if number not in rows:
            problems.append(FieldProblem(f"/{number}", "unknown", "There are elements 1 to 18."))
        elif said.status not in Status.values:
            problems.append(FieldProblem(f"/{number}/status", "unknown", "Choose a status."))
        elif said.status in (Status.NOT_APPLICABLE, Status.REJECTED) and not said.reason.strip():
            why = "it does not apply" if said.status == Status.NOT_APPLICABLE else "it is rejected"
            problems.append(FieldProblem(f"/{number}/reason", "required", f"Say why {why}."))
    return problems


@transaction.atomic
def decide_warrant(
    *,
    case: Case,
    disposition: str,
    actor: Actor,
    reason: str = "",
    interim_until: dt.date | None = None,
    interim_quantity: int | None = None,
    expected: int | None = None,
) -> PpapSubmission:
    """Decide on the part submission warrant, by quality.

    Approved once every element that applies is accepted; interim up to a last day or a quantity,
    and rejected, with a reason.
    """
    case = case_for_work(case, GATE, actor, permission="qualification.judge_ppap")
    if actor.user is None:
        raise PermissionRefused("Only a person decides on a warrant.")
    found = _started(case, expected)
    refuse_values(_warrant_problems(disposition, reason, interim_until, interim_quantity))
    if disposition == Disposition.APPROVED:
        reasons = [r for r in ppap_work.missing(case) if r.code != "warrant_open"]
        if reasons:
            raise RuleRefused(reasons)
    interim = disposition == Disposition.INTERIM
    found.disposition, found.reason = disposition, reason.strip()[:300]
    found.interim_until = interim_until if interim else None
    found.interim_quantity = interim_quantity if interim else None
    found.decided_by, found.decided_at = actor.user, clock.now()
    audit.save_as(found, actor, reason)
    audit.record(
        "qualification.ppap.decided", case, actor, note=reason.strip(),
        data={"disposition": disposition},
    )  # fmt: skip
    work_changed(case, GATE, actor, "the warrant was decided on")
    return found


def _warrant_problems(
    disposition: str, reason: str, until: dt.date | None, quantity: int | None
) -> list[FieldProblem]:
    problems = []
    if disposition not in Disposition.values:
        problems.append(FieldProblem("/disposition", "unknown", "Choose a disposition."))
    if disposition in (Disposition.INTERIM, Disposition.REJECTED) and not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Say why."))
    if disposition == Disposition.INTERIM and until is None and not quantity:
        detail = "An interim approval ends on a day or after a quantity."
        problems.append(FieldProblem("/interim_until", "required", detail))
    if until is not None and until < clock.business_day():
        problems.append(FieldProblem("/interim_until", "in_past", "The last day is in the future."))
    if quantity is not None and quantity < 1:
        problems.append(FieldProblem("/interim_quantity", "not_positive", "At least 1."))
    return problems


def _submission(case: Case, expected: int | None) -> PpapSubmission | None:
    found = PpapSubmission.objects.select_for_update(of=("self",)).filter(case=case).first()
    if found is not None:
        audit.check_version(found, expected)
    return found


def _started(case: Case, expected: int | None) -> PpapSubmission:
    found = _submission(case, expected)
    if found is None:
        detail = "The PPAP of this case is not started."
        raise RuleRefused.one("no_ppap", detail, "Start it at a submission level.")
    return found


def _undecide(found: PpapSubmission) -> None:
    """Take back the decision on the warrant, because what it was given on changed."""
    found.disposition, found.reason = "", ""
    found.interim_until = found.interim_quantity = None
    found.decided_by = found.decided_at = None
