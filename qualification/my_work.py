"""Tasks of a person in the cases that they lead, sponsor or work in.

Four groups: what blocks others, what is due within a week, what is to do later, what waits for
others. Everything is read from cases loaded with ``next_move.with_work``, so that thirty cases need
as many queries as one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.urls import reverse

from qualification import guards, overdue
from qualification.case_standing import Standing
from qualification.case_task import BLOCKS, DUE, TO_DO, WAITING, Task, in_order, pair
from qualification.consequences import in_words
from qualification.models import Case, FmeaAction, HoldPoint
from qualification.models.cases import State
from qualification.next_move import next_move, next_state, with_work
from qualification.receipt_tasks import first_receipts
from qualification.rollback_tasks import way_back
from qualification.services.gates import functions_of
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.errors import Reason
from secondsource.core.formats import day

__all__ = [
    "BLOCKS", "DUE", "TO_DO", "WAITING", "Task", "cases_of", "pair", "standings_of", "tasks_in",
    "tasks_of",
]  # fmt: skip
#: The most actions of FMEAs in the list.
MOST_ACTIONS = 100


@lru_cache(maxsize=1)
def _open_cases() -> Any:
    """Open cases with their work, kept unread because to build them takes 3 ms."""
    return with_work(Case.objects.open().with_columns_apart())


def cases_of(user: User) -> list[Case]:
    """The person's open cases with their work, in the order of their due dates."""
    cases: list[Case] = list(_open_cases().led_by(user))
    return sorted(cases, key=lambda case: (case.due_date or dt.date.max, case.number))


def standings_of(cases: Iterable[Case]) -> dict[int, Standing]:
    """Where these cases stand, by id."""
    return {case.pk: Standing(case) for case in cases}


def tasks_of(
    user: User,
    cases: list[Case],
    standings: Mapping[int, Standing] | None = None,
    more: Collection[Task] = (),
) -> list[Task]:
    """Every task of the person in these cases, with ``more`` of other apps, by group and day."""
    at = standings_of(cases) if standings is None else standings
    asked = [task for case in cases for task in tasks_in(user, case, at[case.pk])]
    own = [*first_receipts(user), *fmea_actions(user), *way_back(user)]
    return in_order([*asked, *own, *more])


def fmea_actions(user: User) -> list[Task]:
    """Pending actions of FMEAs that the person owns, in open cases."""
    mine = FmeaAction.objects.owned_by(user).select_related("row__fmea").order_by("due_date", "pk")
    actions = list(mine[:MOST_ACTIONS])
    if not actions:
        return []
    numbers = {action.row.fmea.case_id for action in actions}
    cases = with_work(Case.objects.with_list_columns()).in_bulk(numbers)
    return [
        Task(
            key=f"action-{action.pk}",
            kind="action",
            group=DUE,
            title=action.description,
            note=f"{cases[action.row.fmea.case_id].key} · FMEA, {action.row}",
            case=cases[action.row.fmea.case_id],
            url=reverse("case_fmea_action", args=[
                cases[action.row.fmea.case_id].number, action.public_id]),
            due=action.due_date,
            subject=action,
        )
        for action in actions
    ]  # fmt: skip


def tasks_in(user: User, case: Case, standing: Standing | None = None) -> Iterator[Task]:
    """Tasks of the person in one case."""
    at = standing or Standing(case)
    yield from _to_sign(user, at)
    yield from _voided(user, at)
    yield from _steps(user, at)
    yield from _hold_points(user, case)
    if case.lead_id == user.pk:
        yield from _to_move(at)
        yield from _plan(at)
        yield from _signatures_of_others(user, at)


def _to_sign(user: User, at: Standing) -> Iterator[Task]:
    """Signatures that the person can give now, with the people who wait for them."""
    case, missing = at.case, at.missing
    if not missing or not at.can_be_signed or _has_signed(user, case):
        return
    for function in functions_of(case, user):
        last_only = function == Function.SPONSOR and missing != [Function.SPONSOR]
        if function not in missing or last_only:
            continue
        said = [case.key, pair(case), _who_waits(case, missing, function),
                _why_void(user, case, function)]  # fmt: skip
        yield Task(
            key=f"sign-{case.number}-{function}",
            kind="sign",
            group=BLOCKS,
            title=f"Sign {in_words(case.state)} for {Function(function).label}",
            note=" · ".join(filter(None, said)),
            case=case,
            url=reverse("case_sign", args=[case.number, str(function)]),
            due=at.due,
            function=function,
        )


def _voided(user: User, at: Standing) -> Iterator[Task]:
    """Void signatures of the person, until the gate can be signed again."""
    case, missing = at.case, at.missing
    if not missing or _has_signed(user, case) or at.can_be_signed:
        return
    work = "checklist" if at.open_items else "last hold point"
    for function in missing:
        why = _why_void(user, case, function)
        if why:
            yield Task(
                key=f"void-{case.number}-{function}",
                kind="wait",
                group=WAITING,
                title=f"Sign {in_words(case.state)} again after the {work}",
                note=f"{case.key} · {why}",
                case=case,
                url=f"{case.get_absolute_url()}#signatures",
                due=at.due,
            )


def _why_void(user: User, case: Case, function: str) -> str:
    """Why the person signs again; '' for the first signature."""
    own = [
        s.void_reason for s in case.sign_offs.all()
        if s.signed_by_id == user.pk and (s.gate, s.function) == (case.state, function)
    ]  # fmt: skip
    return f"your signature is void: {own[-1]}" if own else ""


def _has_signed(user: User, case: Case) -> bool:
    return any(
        s.signed_by_id == user.pk and s.gate == case.state and s.voided_at is None
        for s in case.sign_offs.all()
    )


def _who_waits(case: Case, missing: list[Function], function: str) -> str:
    """The people who wait for the signature: the sponsor, the lead, or the other signers."""
    left = [one for one in missing if one != function]
    if not left:
        return f"the last signature, {case.lead.name} waits"
    if left == [Function.SPONSOR] and case.sponsor:
        return f"{case.sponsor.name} waits"
    needed = len(guards.required_functions(case, case.state))
    return f"{needed - len(missing)} of {needed} signed"


def _steps(user: User, at: Standing) -> Iterator[Task]:
    """Open steps of the gate: the person's own ones, and for the lead all.

    An own step blocks others if the lead waits for it or it is the last one. What is the same for
    all steps of a case is computed once.
    """
    case = at.case
    items: Sequence[Any] = at.open_items
    if not items:
        return
    leads, gate_day = case.lead_id == user.pk, overdue.gate_day(case)
    about, url = f"{case.key} · {in_words(case.state)}", at.url
    waiting = _waiting_for_step(user, at, last=len(items) == 1)
    own_note = f"{about} · {waiting}" if waiting else about
    own_group = BLOCKS if waiting else DUE
    for item in items:
        own = item.owner_id == user.pk or (leads and item.owner_id is None)
        if own or leads:
            yield Task(
                key=f"step-{item.pk}",
                kind="step" if own else "wait",
                group=own_group if own else WAITING,
                title=item.text,
                note=own_note if own else f"{about} · {item.owner.name} is the owner",
                case=case,
                url=f"{url}#step-{item.pk}",
                due=_earlier(item.due_date, gate_day),
                subject=item,
            )


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min(one, other) if one and other else one or other


def _waiting_for_step(user: User, at: Standing, *, last: bool) -> str:
    """Who waits for an own step: the lead, and for the last step the signers of the gate."""
    case = at.case
    names = [] if case.lead_id == user.pk else [case.lead.name]
    if last and not guards.open_hold_points(case):
        signers = [m for m in case.team.all() if m.function in at.missing]
        names += [m.user.name for m in signers if m.user_id != user.pk]
    found = list(dict.fromkeys(names))
    return f"{', '.join(found)} wait{'s' if len(found) == 1 else ''}" if found else ""


def _hold_points(user: User, case: Case) -> Iterator[Task]:
    """Judged hold points whose figures differ now, and the next one of a transition."""
    if case.state != State.TRANSITION or not user.has_perm("qualification.judge_holdpoint", case):
        return
    points = list(case.hold_points.all())
    for point in points:
        if point.is_outdated:
            yield _judge_again(case, point)
    following = next((point for point in points if not point.verdict), None)
    if following is not None:
        yield _next_hold_point(case, following)


def _judge_again(case: Case, point: HoldPoint) -> Task:
    return Task(
        key=f"hold-again-{point.pk}",
        kind="hold",
        group=DUE,
        title=f"Judge the hold point of {day(point.due)} again",
        note=f"{case.key} · {pair(case)} · its figures changed after the verdict",
        case=case,
        url=reverse("case_hold_point", args=[case.number, point.public_id]),
        due=point.due,
        subject=point,
    )


def _next_hold_point(case: Case, point: HoldPoint) -> Task:
    is_due = point.due <= clock.business_day()
    return Task(
        key=f"hold-{point.pk}",
        kind="hold" if is_due else "wait",
        group=DUE if is_due else WAITING,
        title=f"Judge the hold point of {day(point.due)}" if is_due else "Next hold point",
        note=f"{case.key} · {pair(case)}",
        case=case,
        url=reverse("case_hold_point", args=[case.number, point.public_id])
        if is_due
        else f"{case.get_absolute_url()}#hold-points",
        due=point.due,
        subject=point,
    )


def _to_move(at: Standing) -> Iterator[Task]:
    """The next move of a case without blockers."""
    case = at.case
    name = next_move(case)
    if at.unmet:
        return
    free = "nothing blocks it"
    if case.state == State.ON_HOLD:
        title, group, kind = f"{case.key} is on hold", WAITING, "wait"
        free = f"held at {in_words(case.held_from)}"
    elif case.state == State.DRAFT:
        title, group, kind = f"Submit {case.key}", DUE, "move"
    else:
        title, group, kind = f"Pass {case.key} to {in_words(next_state(case))}", BLOCKS, "move"
    yield Task(
        key=f"move-{case.number}",
        kind=kind,
        group=group,
        title=title,
        note=f"{case.key} · {pair(case)} · {free}",
        case=case,
        url=reverse("case_move", args=[case.number, name]),
        due=at.due,
    )


#: reason code → the lead's task and its page.
_PLAN = {
    "late_start": ("Give the reason for the late start", "case_edit"),
    "no_sponsor": ("Name a sponsor", "case_sponsor"),
    "function_missing": ("Complete the team", "case_team"),
    "no_pilot_quantity": ("Plan the pilot build", "case_pilot"),
    "no_ramp": ("Set the transition share", "case_edit"),
    "rollback_not_rehearsed": ("Rehearse the rollback", "case_rollback"),
    "rollback_not_planned": ("Plan the rollback", "case_rollback"),
    "trigger_breached": ("Decide on the breached trigger", "case_rollback"),
    "hold_point_failed": ("Roll the case back", "case_detail"),
}


#: Of these, what holds the ramp until somebody decides.
_STOPS = ("trigger_breached", "hold_point_failed")


def _plan(at: Standing) -> Iterator[Task]:
    """Tasks of the lead: what is missing in plan and team."""
    case = at.case
    seen: dict[str, list[Reason]] = {}
    for reason in at.unmet:
        if reason.code in _PLAN:
            seen.setdefault(reason.code, []).append(reason)
    for code, reasons in seen.items():
        title, page = _PLAN[code]
        stops = code in _STOPS
        details = " ".join(reason.detail for reason in reasons).rstrip(".")
        yield Task(
            key=f"plan-{case.number}-{code}",
            kind="plan",
            group=BLOCKS if stops else DUE,
            title=title,
            note=f"{case.key} · {pair(case)} · {details}",
            case=case,
            url=reverse(page, args=[case.number]),
            due=clock.business_day() if stops else at.due,
        )


def _signatures_of_others(user: User, at: Standing) -> Iterator[Task]:
    """Missing signatures of others when the work of the gate is done and the person has signed."""
    case, missing = at.case, at.missing
    if not missing or not at.can_be_signed:
        return
    if not _has_signed(user, case) and set(functions_of(case, user)) & set(missing):
        return  # the person's own signature tells how many have signed
    people = overdue.signers(case, missing)
    yield Task(
        key=f"wait-{case.number}",
        kind="wait",
        group=WAITING,
        title=f"{in_words(case.state)}: signatures of "
        + ", ".join(Function(f).label.lower() for f in missing),
        note=f"{case.key} · {', '.join(people) or 'nobody named'}",
        case=case,
        url=f"{case.get_absolute_url()}#signatures",
        due=at.due,
    )
