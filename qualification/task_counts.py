"""Counts of a person's tasks in cases: those of ``my_work``, in SQL.

Each condition is that of a guard. Tasks that wait for others are not counted.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from parts.models import Product
from qualification.gate_requirements import CORE_TEAM, SIGNERS
from qualification.guards import IS_OPEN, LATE_PHASES, items_with_evidence
from qualification.models import Case, HoldPoint, SignOff, TeamMember
from qualification.models.cases import GATES, State
from qualification.querysets import CaseQuerySet
from secondsource.accounts.models import User
from secondsource.accounts.rights import CASE_WORKERS, HOLDERS, Function, Role
from secondsource.core import clock
from secondsource.core.row_counts import capped_counts

S = State


def count(user: User, *, cap: int) -> int:
    """The number of the person's tasks; above ``cap`` not exact."""
    return sum(capped_counts(_tasks(user), cap=cap).values())


def _tasks(user: User) -> dict[str, QuerySet[Any]]:
    mine = Case.objects.led_by(user).filter(state__in=(S.DRAFT, *GATES)).with_plan()
    led = mine.filter(lead=user)
    plans = {f"plan {place}": led.filter(*plan) for place, plan in enumerate(_plans())}
    return {
        "steps": _steps(user, mine),
        "signatures": _signatures(user, mine),
        "sponsor": _as_sponsor(user, mine),
        "hold points": _hold_points(user, mine),
        "moves": ready(led),
        **_first_receipts(user),
        **plans,
    }


def _first_receipts(user: User) -> dict[str, QuerySet[Any]]:
    """Closed cases that wait for the first production receipt, for procurement."""
    if not user.has_role(Role.PROCUREMENT):
        return {}
    return {"receipts": Case.objects.visible_to(user).awaiting_receipt()}


def _open_items() -> QuerySet[Any]:
    """Required steps of the present gates that are not done or have no evidence."""
    return items_with_evidence().filter(IS_OPEN, required=True, gate=F("case__state"))


def _steps(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    own = Q(owner=user) | Q(owner=None, case__lead=user)
    return _open_items().filter(own, case__in=mine)


def _given() -> QuerySet[Any]:
    """Signatures that count: not void, by a person who has a role for the function."""
    holds = [
        Q(function=function, signed_by__roles__overlap=[str(role) for role in roles])
        for function, roles in HOLDERS.items()
    ]
    return SignOff.objects.filter(reduce(or_, holds), voided_at=None)


def _can_be_signed(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    """Cases whose gate has no open step or hold point, without a signature of the person."""
    signed = SignOff.objects.filter(
        case=OuterRef("pk"), gate=OuterRef("state"), signed_by=user, voided_at=None
    )
    open_points = _points(verdict="")
    return mine.filter(~_has_open_items(), ~Exists(open_points), ~Exists(signed), state__in=GATES)


def _has_open_items() -> Exists:
    return Exists(_open_items().filter(case=OuterRef("pk")))


def _signatures(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    held = [str(f) for f, roles in HOLDERS.items() if user.has_role(*roles)]
    asked = [Q(case__state=gate, function__in=signers) for gate, signers in SIGNERS.items()]
    given = _given().filter(
        case=OuterRef("case"), gate=OuterRef("case__state"), function=OuterRef("function")
    )
    return TeamMember.objects.filter(
        reduce(or_, asked), ~Exists(given), user=user, function__in=held,
        case__in=_can_be_signed(user, mine),
    )  # fmt: skip


def _with_signed(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Adds ``signed``: the number of counted signatures of the present gate but the sponsor's."""
    here = _given().filter(case=OuterRef("pk"), gate=OuterRef("state"))
    others = here.exclude(function=Function.SPONSOR).order_by().values("case")
    by_sponsor = here.filter(function=Function.SPONSOR)
    number = Subquery(others.annotate(n=Count("pk")).values("n"))
    return cases.alias(signed=Coalesce(number, Value(0)), by_sponsor=Exists(by_sponsor))


def _others_signed() -> Q:
    asked = ((gate, set(signers) - {Function.SPONSOR}) for gate, signers in SIGNERS.items())
    return reduce(or_, (Q(state=gate, signed=len(signers)) for gate, signers in asked))


_SPONSOR_SIGNS = [gate for gate, signers in SIGNERS.items() if Function.SPONSOR in signers]


def _as_sponsor(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    if not user.may_hold(Function.SPONSOR):
        return Case.objects.none()
    cases = _can_be_signed(user, mine).filter(sponsor=user, state__in=_SPONSOR_SIGNS)
    return _with_signed(cases).filter(_others_signed(), by_sponsor=False)


def _points(**conditions: Any) -> QuerySet[Any]:
    """Hold points of a case's running transition."""
    return HoldPoint.objects.filter(
        transition__case=OuterRef("pk"), transition__ended_on=None, **conditions
    )


def _hold_points(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    due = _points(verdict="", due__lte=clock.business_day())
    cases = mine.filter(Exists(due), state=S.TRANSITION)
    if user.has_role(Role.QUALITY):
        return cases
    works = user.has_role(*CASE_WORKERS - {Role.INTEGRATION})
    return cases.filter(lead=user) if works else Case.objects.none()


def ready(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Cases out of these ``with_plan`` whose next move has no blockers."""
    done = Q(state=S.DRAFT) | _others_signed() & ~_has_open_items() & (
        Q(by_sponsor=True) | ~Q(state__in=_SPONSOR_SIGNS)
    )  # fmt: skip
    found = _with_signed(cases).filter(done)
    for plan in _plans():
        found = found.exclude(pk__in=cases.filter(*plan).values("pk"))
    judged = _points()
    return found.filter(
        ~Q(state=S.TRANSITION) | Exists(judged) & ~Exists(judged.exclude(verdict="pass"))
    )


def blocked(cases: CaseQuerySet, today: dt.date) -> CaseQuerySet:
    """Cases out of these on hold, or with a blocker that can be removed on this day."""
    under_way = cases.filter(state__in=(S.DRAFT, *GATES)).with_plan()
    waiting = under_way.filter(
        ~_has_open_items(),
        ~Exists(_points(verdict="fail")),
        ~Exists(_points(verdict="", due__lte=today)),
        Exists(_points(verdict="", due__gt=today)),
        state=S.TRANSITION,
    )
    free = Q(pk__in=ready(under_way).values("pk")) | Q(pk__in=waiting.values("pk"))
    stuck = Q(pk__in=under_way.exclude(free).values("pk"))
    return cases.filter(Q(state=S.ON_HOLD) | stuck)


def _plans() -> list[tuple[Any, ...]]:
    """Conditions for each task of plan and team."""
    late = Product.objects.filter(usages__part=OuterRef("part"), phase__in=LATE_PHASES)
    executives = [str(role) for role in HOLDERS[Function.SPONSOR]]
    absent = [
        ~Exists(
            TeamMember.objects.filter(
                case=OuterRef("pk"), function=function,
                user__roles__overlap=[str(role) for role in HOLDERS[function]],
            )
        )
        for function in CORE_TEAM
    ]  # fmt: skip
    rehearsed_on, today = "rollback_plan__rehearsed_on", clock.business_day()
    unrehearsed = Q(**{rehearsed_on: None}) | Q(**{f"{rehearsed_on}__gt": today})
    unplanned = Q(rollback_plan__hours=None) | Q(rollback_plan__stock=None)
    failed = _points(verdict="fail")
    return [
        (Q(state=S.DRAFT, start_reason=""), Exists(late)),
        (Q(state=S.BUSINESS_CASE), ~Q(sponsor__roles__overlap=executives)),
        (Q(state=S.BUSINESS_CASE), reduce(or_, absent)),
        (Q(state=S.FMEA), Q(planned_pilot=None) | Q(planned_pilot=0)),
        (Q(state=S.APPROVAL), unrehearsed),
        (Q(state=S.APPROVAL), unplanned),
        (Q(state=S.APPROVAL), Q(planned_share=None)),
        (Q(state=S.TRANSITION), Exists(failed)),
    ]
