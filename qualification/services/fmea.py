"""Services for the rows of an FMEA: cells, acceptance of AP-High, review after a reopening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from qualification import fmea_sheet, guards
from qualification.fmea_sheet import CELLS, RATINGS, TEXTS
from qualification.fmea_starters import StarterMode
from qualification.models import Case, ChecklistItem, Fmea, FmeaRow, FmeaVersion
from qualification.models.cases import OPEN_STATES, State
from qualification.models.fmea import HIGHEST, LOWEST, MOST_TEXT, Priority
from qualification.services.risks import void_of_origin
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.records import change, create

_Link = ChecklistItem.Link
#: The steps that depend on the FMEA: its own, the pilot's verdict and the accepted risks.
DEPENDENT = (_Link.FMEA, _Link.PILOT_RESULTS, _Link.ACCEPTED_RISKS)
#: The most rows of an FMEA.
MOST_ROWS = 1_000
_ACCEPTANCE = {"accepted_by": None, "accepted_at": None, "accepted_reason": ""}
_COMPUTED = ("action_priority", "priority_now", *_ACCEPTANCE)


def case_for_fmea(
    case: Case, actor: Actor, *, permission: str = "qualification.write_case"
) -> Case:
    """The locked case for a change of its FMEA: before its gate is passed, or reopened.

    Raises as ``case_for_work`` does.
    """
    reopened = Fmea.objects.filter(case=case, status=Fmea.Status.REOPENED).exists()
    return case_for_work(case, State.FMEA, actor, permission=permission, reopened=reopened)


def fmea_changed(case: Case, actor: Actor, why: str) -> None:
    """What every change of the FMEA ends with."""
    work_changed(case, State.FMEA, actor, why, links=DEPENDENT)


def rating_problem(value: Any, saved: int | None = None) -> str:
    """Why a value is not a rating; '' if it is empty or from 1 to 10."""
    if value is None:
        return ""
    still = f" The saved value is still {saved}." if saved is not None else ""
    if isinstance(value, bool) or not isinstance(value, int):
        return f"“{value}” is not a whole number. Enter {LOWEST} to {HIGHEST}.{still}"
    if value > HIGHEST:
        return f"{value} is above {HIGHEST}. Enter {LOWEST} to {HIGHEST}.{still}"
    if value < LOWEST:
        return f"{value} is below {LOWEST}. Enter {LOWEST} to {HIGHEST}.{still}"
    return ""


def row_problems(
    values: Mapping[str, Any], saved: FmeaRow | None = None, *, prefix: str = ""
) -> list[FieldProblem]:
    """Problems of the cells of a row."""
    found = []
    for name in CELLS:
        if name not in values:
            continue
        if name in RATINGS:
            detail = rating_problem(values[name], getattr(saved, name, None))
            code = "not_a_rating"
        else:
            long = len(values[name]) > MOST_TEXT
            detail = f"At most {MOST_TEXT} characters." if long else ""
            code = "max_length"
        if detail:
            found.append(FieldProblem(f"{prefix}/{name}", code, detail))
    return found


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.strip() if n in TEXTS and isinstance(v, str) else v for n, v in values.items()}


def _sheet(case: Case, actor: Actor) -> Fmea:
    found = Fmea.objects.filter(case=case).first()
    return found or create(Fmea(case=case), actor, duplicate="The case has an FMEA already.")


def write_rows(
    case: Case, rows: Sequence[Mapping[str, Any]], actor: Actor, reason: str
) -> list[FmeaRow]:
    """Add checked rows to the FMEA of a locked case."""
    sheet = _sheet(case, actor)
    last = sheet.rows.aggregate(last=Max("position"))["last"] or 0
    if sheet.rows.count() + len(rows) > MOST_ROWS:
        detail = f"An FMEA has at most {MOST_ROWS:,} rows."
        raise RuleRefused.one("too_many_rows", detail, "Split it by product model.")
    made = []
    for number, values in enumerate(rows, last + 1):
        row = FmeaRow(fmea=sheet, position=number, author=actor.user, **values)
        for name, value in fmea_sheet.judge(row, []).items():
            setattr(row, name, value)
        made.append(row)
    return audit.bulk_create_as(FmeaRow, made, actor, reason)


@transaction.atomic
def add_row(*, case: Case, values: Mapping[str, Any], actor: Actor) -> FmeaRow:
    """Add a failure mode (``CELLS``); its ratings may be given later."""
    case = case_for_fmea(case, actor)
    values = _cleaned(values)
    refuse_values(row_problems(values))
    [row] = write_rows(case, [values], actor, "added")
    audit.record("qualification.fmea.row_added", case, actor, note=str(row))
    fmea_changed(case, actor, f"row {row.position} of the FMEA was added")
    return row


@transaction.atomic
def add_starters(*, case: Case, modes: Iterable[StarterMode], actor: Actor) -> list[FmeaRow]:
    """Add starter failure modes, without ratings; those that the FMEA has already are left out."""
    case = case_for_fmea(case, actor)
    known = set(FmeaRow.objects.filter(fmea__case=case).values_list("failure_mode", flat=True))
    wanted = [mode.values() for mode in modes if mode.failure_mode not in known]
    if not wanted:
        detail = "Choose at least one failure mode that the FMEA does not have."
        raise ValuesRefused.one("/modes", "required", detail)
    rows = write_rows(case, wanted, actor, "starter failure modes")
    note = "1 starter failure mode" if len(rows) == 1 else f"{len(rows)} starter failure modes"
    audit.record("qualification.fmea.row_added", case, actor, note=note)
    fmea_changed(case, actor, f"{note} of the FMEA added")
    return rows


@transaction.atomic
def duplicate_row(*, row: FmeaRow, actor: Actor) -> FmeaRow:
    """Add a row with the cells of another one, without its actions and acceptance."""
    return add_row(
        case=row.fmea.case, values={name: getattr(row, name) for name in CELLS}, actor=actor
    )


def locked_row(row: FmeaRow, expected: int | None = None) -> FmeaRow:
    """The row under a lock, after that of its case. Raises ``Stale``."""
    rows = FmeaRow.objects.select_for_update(of=("self",)).select_related("author")
    found = rows.get(pk=row.pk)
    audit.check_version(found, expected)
    return found


@transaction.atomic
def change_row(
    *, row: FmeaRow, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> FmeaRow:
    """Change cells of a row. Another value ends an acceptance; priorities are computed again."""
    case = case_for_fmea(row.fmea.case, actor)
    changed, is_other = write_cells(row, values, actor, expected)
    if is_other:
        fmea_changed(case, actor, f"row {changed.position} of the FMEA was changed")
    return changed


def write_cells(
    row: FmeaRow, values: Mapping[str, Any], actor: Actor, expected: int | None
) -> tuple[FmeaRow, bool]:
    """Write cells of a row of a locked case. Returns the row and whether a value changed."""
    before = locked_row(row, expected)
    values = _cleaned(values)
    if unknown := set(values) - set(CELLS):
        raise KeyError(f"not changeable: {sorted(unknown)}")
    refuse_values(row_problems(values, before))
    if all(getattr(before, name) == value for name, value in values.items()):
        return before, False
    for name, value in values.items():
        setattr(before, name, value)
    computed = fmea_sheet.judge(before, before.actions.all())
    allowed = frozenset((*CELLS, *_COMPUTED))
    _void_risk(before, actor, "was changed")
    return change(before, {**values, **computed, **_ACCEPTANCE}, actor, allowed=allowed), True


def judge_again(row: FmeaRow, actor: Actor, reason: str) -> FmeaRow:
    """Store the priorities of a locked row after its actions changed; the row's version rises.

    An acceptance ends when the priority changes.
    """
    before = row.priority_now
    for name, value in fmea_sheet.judge(row, row.actions.all()).items():
        setattr(row, name, value)
    if row.priority_now != before:
        _void_risk(row, actor, f"is at AP-{row.priority_now} now")
        for name, empty in _ACCEPTANCE.items():
            setattr(row, name, empty)
    return audit.save_as(row, actor, reason)


def _void_risk(row: FmeaRow, actor: Actor, what: str) -> None:
    """Void the signatures of the accepted risk that this row is: it is another one now."""
    why = f"row {row.position} of the FMEA {what}"
    void_of_origin(case=row.fmea.case, reference=row.key, actor=actor, why=why)


@transaction.atomic
def remove_row(*, row: FmeaRow, reason: str, actor: Actor, expected: int | None = None) -> None:
    """Remove a row with its actions; history and versions keep it."""
    case = case_for_fmea(row.fmea.case, actor)
    found = locked_row(row, expected)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why the row is removed.")
    audit.record(
        "qualification.fmea.row_removed", case, actor, note=f"{found}: {reason.strip()}"[:500]
    )
    _void_risk(found, actor, "was removed")
    audit.delete_as(found, actor, reason.strip())
    fmea_changed(case, actor, f"row {found.position} of the FMEA was removed")


@transaction.atomic
def accept_row(*, row: FmeaRow, reason: str, actor: Actor, expected: int | None = None) -> FmeaRow:
    """Accept a row that stays at AP-High, by one of the team who neither wrote nor rated it."""
    case = case_for_fmea(row.fmea.case, actor, permission="qualification.sign_case")
    found = locked_row(row, expected)
    if actor.user is None:
        raise PermissionRefused("Only a person accepts a row.")
    reasons = []
    if found.author_id == actor.user_id:
        detail = f"You wrote {found}: somebody else accepts it."
        reasons.append(Reason("own_row", detail, "Ask another person of the team."))
    elif fmea_sheet.has_rated(found, actor.user_id):
        detail = f"You rated {found}: somebody else accepts it."
        reasons.append(Reason("own_row", detail, "Ask another person of the team."))
    if found.priority_now != Priority.HIGH:
        detail = f"{found} is not at AP-High: there is nothing to accept."
        reasons.append(Reason("not_high", detail))
    if found.accepted_by_id is not None:
        reasons.append(Reason("accepted", f"{found} is accepted already."))
    if reasons:
        raise RuleRefused(reasons)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why the risk is acceptable.")
    found.accepted_by, found.accepted_at = actor.user, clock.now()
    found.accepted_reason = reason.strip()
    audit.save_as(found, actor, reason.strip())
    audit.record("qualification.fmea.row_accepted", case, actor, note=f"{found}: {reason.strip()}")
    fmea_changed(case, actor, f"row {found.position} of the FMEA was accepted at AP-High")
    return found


@transaction.atomic
def review_fmea(
    *, case: Case, note: str, actor: Actor, expected: int | None = None
) -> FmeaVersion | None:
    """Finish the review of a reopened FMEA, by somebody who signs in the case.

    Past its gate the rows become the next version; before it, passing the gate does that.
    ``expected`` is the version of the FMEA.
    """
    case = case_for_fmea(case, actor, permission="qualification.sign_case")
    sheet = Fmea.objects.select_for_update(of=("self",)).filter(case=case).first()
    if sheet is None or sheet.status != Fmea.Status.REOPENED:
        raise RuleRefused.one("not_reopened", f"The FMEA of {case.key} is not reopened.")
    audit.check_version(sheet, expected)
    if not note.strip():
        raise ValuesRefused.one("/note", "required", "Say what the review found.")
    reasons = [r for r in fmea_sheet.missing(case) if r.code != "fmea_reopened"]
    if reasons:
        raise RuleRefused(reasons)
    audit.record("qualification.fmea.reviewed", case, actor, note=note.strip())
    version = None
    if guards.is_ahead(case, State.FMEA):
        sheet.status = Fmea.Status.OPEN
        audit.save_as(sheet, actor, note.strip())
    else:
        version = fmea_sheet.freeze(case, actor, note.strip())
    fmea_changed(case, actor, "the FMEA was reviewed")
    return version


@transaction.atomic
def reopen_fmea(
    *,
    case: Case,
    cause: str,
    reference: str,
    why: str,
    actor: Actor,
    expected: int | None = None,
) -> Fmea:
    """Reopen the passed FMEA of a case; its signatures from FMEA on void.

    ``cause`` is a word of ``Fmea.Cause``, ``reference`` the number of the notice, site change or
    nonconformance, ``expected`` the version of the FMEA.
    """
    case = case_for_work(case, State.FMEA, actor, reopened=True)
    sheet = Fmea.objects.select_for_update(of=("self",)).filter(case=case).first()
    if sheet is None or sheet.status != Fmea.Status.PASSED:
        detail = f"The FMEA of {case.key} has not passed its gate, or is reopened already."
        raise RuleRefused.one("not_passed", detail, "Change its rows.")
    audit.check_version(sheet, expected)
    given = {"reference": reference.strip(), "why": why.strip()}
    missing = {"reference": "Name the document.", "why": "Say what changed."}
    refuse_values(
        [FieldProblem(f"/{name}", "required", missing[name]) for name in given if not given[name]]
    )
    told = f"{Fmea.Cause(cause).label} {given['reference']}: {given['why']}"
    fmea_sheet.mark_reopened(case, actor, told)
    fmea_changed(case, actor, f"the FMEA was reopened: {told}")
    return Fmea.objects.get(pk=sheet.pk)


@transaction.atomic
def reopen_fmeas(cases: QuerySet[Case], actor: Actor, why: str) -> None:
    """Reopen the passed FMEAs of the open ones of these cases; their signatures from FMEA on void.

    The cases are locked in the order of their keys, as by other changes of many.
    """
    passed = cases.filter(state__in=OPEN_STATES, fmea__status=Fmea.Status.PASSED)
    for case in passed.select_for_update(of=("self",)).order_by("pk"):
        if fmea_sheet.mark_reopened(case, actor, why):
            fmea_changed(case, actor, f"the FMEA was reopened: {why}")
