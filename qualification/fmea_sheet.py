"""What the FMEA of a case says: what is missing, where it stands, its frozen versions.

The calculations are in ``qualification.fmea``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from qualification import fmea
from qualification.linked_work import LinkedWork, register
from qualification.models import Case, ChecklistItem, Fmea, FmeaAction, FmeaRow, FmeaVersion
from qualification.models.fmea import OPEN_HIGH, PENDING
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.formats import day

TEXTS = ("function", "failure_mode", "effect", "cause", "prevention", "detection_control")
RATINGS = ("severity", "occurrence", "detection")
#: The cells of a row, in the order of the worksheet.
CELLS = (
    "function", "failure_mode", "effect", "severity", "cause", "prevention", "detection_control",
    "occurrence", "detection",
)  # fmt: skip
_UNRATED = (9, 0, 0, 0)


def rating_of(text: str) -> int | str | None:
    """A typed rating as a number; None for nothing, the text if it is no whole number."""
    text = text.strip()
    if not text:
        return None
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,6}", text) else text[:40]


def priority(values: Mapping[str, int | None]) -> str:
    """The action priority of three ratings; '' while one is missing."""
    s, o, d = (values[name] for name in RATINGS)
    if s is None or o is None or d is None:
        return ""
    return fmea.action_priority(severity=s, occurrence=o, detection=d)


def ratings_of(row: FmeaRow) -> dict[str, int | None]:
    """The ratings before actions."""
    return {name: getattr(row, name) for name in RATINGS}


def has_rated(row: FmeaRow, person_id: int | None) -> bool:
    """Whether the person gave or changed one of the ratings before actions."""
    before = dict.fromkeys(RATINGS)
    for entry in row.history.order_by("history_id"):
        given = {name: getattr(entry, name) for name in RATINGS}
        if given != before and entry.history_user_id == person_id:
            return True
        before = given
    return False


def rpn(values: Mapping[str, int | None]) -> int | None:
    """The risk priority number, for information only."""
    s, o, d = (values[name] for name in RATINGS)
    if s is None or o is None or d is None:
        return None
    return fmea.rate(severity=s, occurrence=o, detection=d).rpn


def revised_of(row: FmeaRow, actions: Iterable[FmeaAction]) -> dict[str, int | None] | None:
    """The ratings after the last completed action; None without one.

    The severity is that of the row unless the design changed.
    """
    done = [action for action in actions if action.status == FmeaAction.Status.COMPLETED]
    if not done:
        return None
    last = max(done, key=lambda action: (action.completed_on, action.pk))
    revised = {name: getattr(last, f"revised_{name}") for name in RATINGS}
    return revised if last.kind == FmeaAction.Kind.DESIGN else revised | {"severity": row.severity}


def judge(row: FmeaRow, actions: Iterable[FmeaAction]) -> dict[str, str]:
    """The stored priorities of a row: of its ratings, and after completed actions."""
    before = priority(ratings_of(row))
    revised = revised_of(row, actions)
    after = priority(revised) if before and revised else before
    return {"action_priority": before, "priority_now": after}


def rows_of(case: Case) -> QuerySet[FmeaRow]:
    """The rows of a case's FMEA with actions and people, by number."""
    return (
        FmeaRow.objects.filter(fmea__case=case)
        .select_related("author", "accepted_by")
        .prefetch_related("actions__owner", "actions__evidence")
    )


def shape(case: Case) -> list[int]:
    """Number and last id of rows and actions, which tell whether one was added or removed."""
    rows = FmeaRow.objects.filter(fmea__case=case)
    actions = FmeaAction.objects.filter(row__fmea__case=case)
    counted = (some.aggregate(n=Count("pk"), last=Max("pk")) for some in (rows, actions))
    return [number or 0 for one in counted for number in (one["n"], one["last"])]


def ranked(rows: Iterable[FmeaRow]) -> list[FmeaRow]:
    """Rows by AP, then S, O and D from high to low; unrated ones last."""
    return sorted(rows, key=lambda row: (*_rank(row), row.position))


def _rank(row: FmeaRow) -> tuple[int, int, int, int]:
    s, o, d = row.severity, row.occurrence, row.detection
    if s is None or o is None or d is None:
        return _UNRATED
    return fmea.sort_key(fmea.rate(severity=s, occurrence=o, detection=d))


# --- the linked step ------------------------------------------------------------------------
def missing(case: Case) -> list[Reason]:
    """Every reason why the FMEA of a case is not done."""
    rows = list(FmeaRow.objects.filter(fmea__case=case).select_related("author"))
    if not rows:
        fix = "Add the failure modes of the change."
        return [Reason("fmea_empty", "The FMEA has no failure modes.", fix)]
    found = [reason for row in rows for reason in _against(row)]
    sheet = Fmea.objects.filter(case=case, status=Fmea.Status.REOPENED).first()
    if sheet is not None and sheet.reopened_at is not None:
        detail = f"The FMEA was reopened on {day(sheet.reopened_at)}: {sheet.reopened_reason}."
        found.insert(0, Reason("fmea_reopened", detail, "Review it."))
    return found


def _against(row: FmeaRow) -> list[Reason]:
    needed = ("failure_mode", *RATINGS)
    lacking = [name.replace("_", " ") for name in needed if getattr(row, name) in (None, "")]
    if lacking:
        be = "is" if len(lacking) == 1 else "are"
        listed = " and ".join(filter(None, [", ".join(lacking[:-1]), lacking[-1]]))
        return [Reason("fmea_unrated", f"{row}: {listed} {be} missing.", "Fill in the row.")]
    if row.is_open_high:
        than = f" other than {row.author.name}" if row.author else ""
        fix = f"Complete an action with evidence, or let somebody{than} accept it with a reason."
        return [Reason("ap_high_open", f"{row} is open at AP-High.", fix)]
    return []


def counts(case: Case) -> dict[str, Any]:
    """Rows, open and accepted AP-High, open actions and the next due day."""
    rows = FmeaRow.objects.filter(fmea__case=case)
    counted = rows.aggregate(
        rows=Count("pk"),
        high_open=Count("pk", OPEN_HIGH),
        high_accepted=Count("pk", Q(accepted_by__isnull=False)),
    )
    pending = FmeaAction.objects.filter(row__fmea__case=case, status__in=PENDING)
    return counted | pending.aggregate(actions=Count("pk"), next_due=Min("due_date"))


def told(case: Case) -> str:
    """``9 failure modes. AP-High: 0 open, 1 accepted. 3 actions open.``"""
    n = counts(case)
    if not n["rows"]:
        return "No failure modes yet."
    modes = "1 failure mode" if n["rows"] == 1 else f"{n['rows']} failure modes"
    high = f"AP-High: {n['high_open']} open, {n['high_accepted']} accepted."
    actions = "1 action open." if n["actions"] == 1 else f"{n['actions']} actions open."
    return f"{modes}. {high} {actions}"


def next_version(case: Case) -> int | None:
    """The version that the rows belong to: the frozen one, else the next; None without rows."""
    sheet = Fmea.objects.filter(case=case).annotate(last=Max("versions__number")).first()
    if sheet is None:
        return None
    return (sheet.last or 0) + (sheet.status != Fmea.Status.PASSED)


register(LinkedWork(ChecklistItem.Link.FMEA, "case_fmea", missing, told, next_version))


# --- versions -------------------------------------------------------------------------------
def frozen(row: FmeaRow) -> dict[str, Any]:
    """A row with its actions as a version keeps it."""
    return {
        "id": str(row.public_id),
        "number": row.position,
        **{name: getattr(row, name) for name in CELLS},
        "action_priority": row.action_priority,
        "priority_now": row.priority_now,
        "author": row.author_id,
        "accepted_by": row.accepted_by_id,
        "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
        "accepted_reason": row.accepted_reason,
        "actions": [_frozen_action(action) for action in row.actions.all()],
    }


def _frozen_action(action: FmeaAction) -> dict[str, Any]:
    evidence = action.evidence
    return {
        "id": str(action.public_id),
        "description": action.description,
        "kind": action.kind,
        "owner": action.owner_id,
        "due_date": action.due_date.isoformat() if action.due_date else None,
        "status": action.status,
        "completed_on": action.completed_on.isoformat() if action.completed_on else None,
        "evidence": {"name": evidence.name, "sha256": evidence.sha256} if evidence else None,
        **{f"{which}_{name}": getattr(action, f"{which}_{name}")
           for which in ("revised", "target") for name in RATINGS},
    }  # fmt: skip


def freeze(case: Case, actor: Actor, note: str = "") -> FmeaVersion | None:
    """Keep the rows as the next version and mark the FMEA as passed; None without an FMEA."""
    sheet = Fmea.objects.select_for_update(of=("self",)).filter(case=case).first()
    if sheet is None:
        return None
    last = sheet.versions.aggregate(last=Max("number"))["last"] or 0
    version = FmeaVersion.objects.create(
        fmea=sheet, number=last + 1, rows=[frozen(row) for row in rows_of(case)], note=note[:300],
        actor_id=actor.user_id, created_at=clock.now(),
    )  # fmt: skip
    sheet.status, sheet.passed_at = Fmea.Status.PASSED, clock.now()
    audit.save_as(sheet, actor, note or f"version {version.number}")
    audit.record(
        "qualification.fmea.passed", case, actor, note=note, data={"version": version.number}
    )
    return version


def mark_reopened(case: Case, actor: Actor, why: str) -> bool:
    """Reopen a passed FMEA in the caller's transaction. Returns whether there was one."""
    sheet = Fmea.objects.select_for_update(of=("self",)).filter(case=case).first()
    if sheet is None or sheet.status != Fmea.Status.PASSED:
        return False
    sheet.status, sheet.reopened_at = Fmea.Status.REOPENED, clock.now()
    sheet.reopened_reason = why[:300]
    audit.save_as(sheet, actor, why)
    audit.record("qualification.fmea.reopened", case, actor, note=why)
    return True
