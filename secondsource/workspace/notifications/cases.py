"""Notifications of a case: signatures wanted, work that is due, and why it is blocked.

They are derived from the present state of the case. Those that still hold stay, the others are
settled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from qualification import introduction, my_work
from qualification.breaches import open_breaches
from qualification.case_standing import Standing, gate_due
from qualification.consequences import in_words
from qualification.models import (
    Case,
    ChecklistItem,
    FmeaAction,
    Introduction,
    PlannedGate,
    Rollback,
    RollbackStep,
)
from qualification.models.cases import OPEN_STATES, State
from qualification.models.fmea import PENDING
from qualification.my_work import Task
from qualification.next_move import with_work
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit, clock, jobs, notifications
from secondsource.core.formats import day, number
from secondsource.core.models import Event, NotificationKind
from secondsource.core.notifications import News

Kind = NotificationKind
#: So many days before its day work is due soon [D].
SOON = dt.timedelta(days=3)
#: Cases for each transaction.
SLICE = 100
KINDS = (Kind.SIGNATURE, Kind.BLOCKED, Kind.DUE, Kind.HOLD_POINT)


def follow(case_ids: Iterable[int]) -> None:
    """Notify of everything these cases need now, a transaction for each slice."""
    ids = sorted(set(case_ids))
    for start in range(0, len(ids), SLICE):
        _follow(ids[start : start + SLICE])


@transaction.atomic
def _follow(ids: list[int]) -> None:
    jobs.take_turns(*(f"notify case {pk}" for pk in ids))
    cases = list(with_work(Case.objects.filter(pk__in=ids).with_list_columns()))
    actions, stock = _actions_near(cases), _stock_near(cases)
    news = [
        one for case in cases for one in asked(case, actions.get(case.pk, ()), stock.get(case.pk))
    ]
    notifications.notify(news)
    notifications.settle_all(audit.label(Case), ids, kinds=KINDS, still=news)


def asked(
    case: Case, actions: Iterable[FmeaAction] = (), stock: Introduction | None = None
) -> Iterator[News]:
    """All notifications that the case needs; ``actions`` of its FMEA are due soon, and the
    run-out of ``stock`` of the incumbent.
    """
    if case.state not in OPEN_STATES:
        yield from _way_back(case)
        return
    blocked, standing = _why_blocked(case), Standing(case)
    for person in people_of(case) if blocked is None else _people_and_owners(case):
        for task in my_work.tasks_in(person, case, standing):
            yield from _of_task(person, task)
        if blocked is not None:
            yield _news(
                person, case, Kind.BLOCKED, f"blocked-{case.number}",
                f"{case.key} is blocked: {blocked.why}", my_work.pair(case),
                actor_id=blocked.actor_id,
            )  # fmt: skip
    yield from _case_due(case)
    yield from _gate_due(case)
    yield from _actions_due(case, actions)
    if stock is not None:
        yield from _run_out_due(case, stock)


def people_of(case: Case) -> list[User]:
    """Lead, sponsor and team, each once, without those who left."""
    people = [case.lead, case.sponsor, *(member.user for member in case.team.all())]
    return list({p.pk: p for p in people if p is not None and p.is_active}.values())


def _people_and_owners(case: Case) -> list[User]:
    """The people of the case and the owners of the steps of its rollback."""
    owners = [step.owner for step in _steps(case) if step.owner.is_active]
    return list({person.pk: person for person in [*people_of(case), *owners]}.values())


def _steps(case: Case) -> Iterable[RollbackStep]:
    return RollbackStep.objects.filter(plan__case=case).select_related("owner")


def _way_back(case: Case) -> Iterator[News]:
    """The steps of a rollback that is under way, each for its owner."""
    under_way = Rollback.objects.filter(transition__case=case, hours=None)
    if case.state != State.ROLLED_BACK or not under_way.exists():
        return
    url = reverse("case_rollback", args=[case.number])
    for step in _steps(case):
        if step.owner.is_active:
            title = f"Rollback of {case.key}: {step.text}"
            yield _news(
                step.owner,
                case,
                Kind.DUE,
                f"way-back-{step.pk}",
                title,
                my_work.pair(case),
                url=url,
            )


def _of_task(person: User, task: Task) -> Iterator[News]:
    if task.case is None:
        return
    about = f"{task.case.key} · {my_work.pair(task.case)}"
    if task.kind == "sign":
        url = f"{task.case.get_absolute_url()}#signatures"
        yield _news(person, task.case, Kind.SIGNATURE, task.key, task.title, about, url=url)
    elif task.kind == "hold":
        yield _news(person, task.case, Kind.HOLD_POINT, task.key, task.title, about, url=task.url)
    elif task.kind == "step" and _is_near(task.subject.due_date):  # the lead is told of the gate
        title = f"{when(task.subject.due_date)}: {task.title}"
        yield _news(person, task.case, Kind.DUE, task.key, title, about, url=task.url)


def _case_due(case: Case) -> Iterator[News]:
    """Notify the lead of the due day of the whole case."""
    if _is_near(case.due_date):
        title = f"{when(case.due_date)}: {case.key}"
        text = f"{my_work.pair(case)} · {in_words(case.state)}"
        yield _news(case.lead, case, Kind.DUE, f"case-{case.number}", title, text)


def _gate_due(case: Case) -> Iterator[News]:
    """Notify the lead of the planned day of the gate at which the case stands."""
    due = gate_due(case)
    if _is_near(due) and case.lead.is_active:
        title = f"{when(due)}: pass {in_words(case.state)} of {case.key}"
        key = f"gate-{case.number}-{case.state}"
        yield _news(case.lead, case, Kind.DUE, key, title, my_work.pair(case))


def _actions_near(cases: Iterable[Case]) -> dict[int, list[FmeaAction]]:
    """Pending actions of the FMEAs of these open cases that are due soon, by case."""
    open_ids = [case.pk for case in cases if case.state in OPEN_STATES]
    pending = FmeaAction.objects.filter(row__fmea__case__in=open_ids, status__in=PENDING)
    near = pending.filter(due_date__lte=clock.business_day() + SOON, owner__is_active=True)
    found: dict[int, list[FmeaAction]] = {}
    for action in near.select_related("owner", "row__fmea").order_by("pk"):
        found.setdefault(action.row.fmea.case_id, []).append(action)
    return found


def _actions_due(case: Case, actions: Iterable[FmeaAction]) -> Iterator[News]:
    """Notify the owners of actions of the FMEA, who need not be in the team."""
    for action in actions:
        if action.owner is not None:
            url = reverse("case_fmea_action", args=[case.number, action.public_id])
            title = f"{when(action.due_date)}: {action.description}"
            about = f"{case.key} · FMEA, {action.row}"
            key = f"action-{action.pk}"
            yield _news(action.owner, case, Kind.DUE, key, title, about, url=url)


def _stock_near(cases: Iterable[Case]) -> dict[int, Introduction]:
    """Introductions in transition whose old stock is to run out soon, by case."""
    running = [case.pk for case in cases if case.state == State.TRANSITION]
    near = introduction.runs_out_by(clock.business_day() + SOON).filter(case__in=running)
    return {row.case_id: row for row in near}


def _run_out_due(case: Case, stock: Introduction) -> Iterator[News]:
    """Notify lead and procurement of the day on which the old stock is to run out."""
    buyers = [m.user for m in case.team.all() if m.function == Function.PROCUREMENT]
    title = f"{when(stock.run_out_by)}: old stock of {case.key} runs out"
    text = f"{number(stock.run_out_quantity)} pcs of {my_work.pair(case).partition(' ')[0]}"
    url = reverse("case_introduction", args=[case.number])
    for person in {one.pk: one for one in (case.lead, *buyers) if one.is_active}.values():
        yield _news(person, case, Kind.DUE, f"run-out-{case.number}", title, text, url=url)


@dataclass(frozen=True)
class _Blocked:
    """Why a case is blocked, and who decided it."""

    why: str
    actor_id: int | None


def _why_blocked(case: Case) -> _Blocked | None:
    """On hold or failed; overdue work has its own notification."""
    if case.state == State.ON_HOLD:
        held = audit.events_of(case).filter(action="qualification.case.hold").first()
        return _Blocked(held.note or "on hold", held.actor_id) if held else None
    if case.state == State.TRANSITION:
        if breaches := open_breaches(case):
            first = breaches[0]
            return _Blocked(f"trigger breached, {first.in_words}", first.reported_by_id)
        failed = next((p for p in case.hold_points.all() if p.verdict == "fail"), None)
        why = f"the hold point of {day(failed.due)} failed" if failed else ""
        return _Blocked(why, failed.judged_by_id) if failed else None
    return None


def _is_near(date: dt.date | None) -> bool:
    return date is not None and date <= clock.business_day() + SOON


def when(date: dt.date | None) -> str:
    """``Overdue since 3 Dec``, ``Due today``, ``Due 5 Dec``."""
    today = clock.business_day()
    if date == today:
        return "Due today"
    return f"Overdue since {day(date)}" if date and date < today else f"Due {day(date)}"


def _news(
    person: User, case: Case, kind: str, key: str, title: str, text: str, *,
    url: str = "", actor_id: int | None = None,
) -> News:  # fmt: skip
    return News(
        reader_id=person.pk, kind=kind, key=key, title=title, text=text,
        url=url or case.get_absolute_url(), subject_type=audit.label(Case), subject_id=case.pk,
        actor_id=actor_id, known=actor_id == person.pk,
    )  # fmt: skip


def follow_events(first: int, last: int) -> None:
    """Notify after the events of cases and steps in this range of ids."""
    events = Event.objects.filter(pk__range=(first, last), subject_id__isnull=False)
    subjects = events.values("subject_id")
    cases = subjects.filter(subject_type=audit.label(Case))
    steps = ChecklistItem.objects.filter(
        pk__in=subjects.filter(subject_type=audit.label(ChecklistItem))
    )
    found = Case.objects.filter(Q(pk__in=cases) | Q(pk__in=steps.values("case")))
    follow(found.values_list("pk", flat=True))


def follow_days() -> int:
    """Notify, for every open case, of work that is due soon or overdue today."""
    limit = clock.business_day() + SOON
    found = set(Case.objects.open().filter(due_date__lte=limit).values_list("pk", flat=True))
    steps = Case.objects.open().filter(checklist__done_at=None, checklist__due_date__lte=limit)
    found.update(steps.values_list("pk", flat=True))
    points = Case.objects.open().filter(
        runs__hold_points__verdict="", runs__hold_points__due__lte=clock.business_day()
    )
    found.update(points.values_list("pk", flat=True))
    gates = PlannedGate.objects.filter(due__lte=limit, gate=F("case__state"))
    found.update(gates.values_list("case", flat=True))
    actions = Case.objects.open().filter(
        fmea__rows__actions__status__in=PENDING, fmea__rows__actions__due_date__lte=limit
    )
    found.update(actions.values_list("pk", flat=True))
    found.update(introduction.runs_out_by(limit).values_list("case", flat=True))
    follow(found)
    return len(found)
