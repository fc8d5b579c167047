"""Counts of a person's tasks in cases: those of ``my_work``, in SQL.

Each condition is that of a guard. Tasks that wait for others are not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from parts.models import Product
from qualification.guards import COUNTS_NOW, IS_OPEN, LATE_PHASES, items_with_evidence
from qualification.models import (
    Case,
    FmeaAction,
    HoldPoint,
    Pilot,
    RampStep,
    RequiredSignature,
    RollbackStep,
    SignOff,
    TeamMember,
    TriggerBreach,
)
from qualification.models.cases import GATES, State
from qualification.querysets import CaseQuerySet
from qualification.reopened import rolling_back
from secondsource.accounts.models import User
from secondsource.accounts.rights import CASE_WORKERS, HOLDERS, Function, Role
from secondsource.core import clock
from secondsource.core.row_counts import capped_counts

S = State


def count(user: User, *, cap: int, more: Mapping[str, QuerySet[Any]] = MappingProxyType({})) -> int:
    """The number of the person's tasks with ``more`` of other apps; above ``cap`` not exact."""
    return sum(capped_counts({**_tasks(user), **more}, cap=cap).values())


def _tasks(user: User) -> dict[str, QuerySet[Any]]:
    mine = Case.objects.led_by(user).filter(state__in=(S.DRAFT, *GATES))
    led = mine.filter(lead=user)
    way_back = rolling_back().visible_to(user)
    plans = {f"plan {place}": led.filter(*plan) for place, plan in enumerate(_plans())}
    return {
        "steps": _steps(user, mine),
        "signatures": _signatures(user, mine),
        "sponsor": _as_sponsor(user, mine),
        "hold points": _hold_points(user, mine),
        "judged hold points": _judged_before(user, mine),
        "moves": ready(led),
        **_first_receipts(user),
        "actions": FmeaAction.objects.owned_by(user),
        "rollback steps": RollbackStep.objects.filter(owner=user, plan__case__in=way_back),
        "rollbacks": way_back.filter(lead=user),
        **plans,
    }


def _first_receipts(user: User) -> dict[str, QuerySet[Any]]:
    """Closed cases that wait for the first production receipt, for procurement."""
    if not user.has_role(Role.PROCUREMENT):
        return {}
    return {"receipts": Case.objects.visible_to(user).awaiting_receipt()}


def _open_items() -> QuerySet[Any]:
    """Required steps that count at the present gates and are not done or have no evidence."""
    return items_with_evidence().filter(IS_OPEN, COUNTS_NOW, required=True)


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
    asked = RequiredSignature.objects.filter(
        case=OuterRef("case"), gate=OuterRef("case__state"), function=OuterRef("function")
    )
    given = _given().filter(
        case=OuterRef("case"), gate=OuterRef("case__state"), function=OuterRef("function")
    )
    return TeamMember.objects.filter(
        Exists(asked), ~Exists(given), user=user, function__in=held,
        case__in=_can_be_signed(user, mine),
    )  # fmt: skip


def _unsigned() -> QuerySet[Any]:
    """Signatures that the present gate of a case still needs."""
    given = _given().filter(
        case=OuterRef("case"), gate=OuterRef("gate"), function=OuterRef("function")
    )
    required = RequiredSignature.objects.filter(case=OuterRef("pk"), gate=OuterRef("state"))
    return required.filter(~Exists(given))


def unsigned_functions() -> QuerySet[Any]:
    """Functions whose signature the present gate of a case needs, for a subquery of cases."""
    return _unsigned().order_by("pk").values("function")


def ready_to_sign(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases whose gate is done and lacks a signature."""
    return cases.filter(
        ~_has_open_items(), ~Exists(_points(verdict="")), Exists(_unsigned()), state__in=GATES
    )


def _as_sponsor(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    """Cases in which only the sponsor's signature is missing."""
    if not user.may_hold(Function.SPONSOR):
        return Case.objects.none()
    last, others = Q(function=Function.SPONSOR), ~Q(function=Function.SPONSOR)
    cases = _can_be_signed(user, mine).filter(sponsor=user)
    return cases.filter(Exists(_unsigned().filter(last)), ~Exists(_unsigned().filter(others)))


def _points(**conditions: Any) -> QuerySet[Any]:
    """Hold points of a case's running transition."""
    return HoldPoint.objects.filter(
        transition__case=OuterRef("pk"), transition__ended_on=None, **conditions
    )


def _hold_points(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    due = _points(verdict="", due__lte=clock.business_day())
    return _to_judge(user, mine).filter(Exists(due))


def _judged_before(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    """Hold points whose figures differ from those of their verdict."""
    return HoldPoint.objects.filter(
        figures__outdated_at__isnull=False, transition__ended_on=None,
        transition__case__in=_to_judge(user, mine),
    )  # fmt: skip


def _to_judge(user: User, mine: QuerySet[Any]) -> QuerySet[Any]:
    """Cases in transition whose hold points the person judges."""
    cases = mine.filter(state=S.TRANSITION)
    if user.has_role(Role.QUALITY):
        return cases
    works = user.has_role(*CASE_WORKERS - {Role.INTEGRATION})
    return cases.filter(lead=user) if works else Case.objects.none()


def ready(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Cases out of these whose next move has no blockers."""
    done = Q(state=S.DRAFT) | ~Exists(_unsigned()) & ~_has_open_items()
    found = cases.filter(done)
    for plan in _plans():
        found = found.exclude(*plan)
    judged = _points()
    return found.filter(
        ~Q(state=S.TRANSITION) | Exists(judged) & ~Exists(judged.exclude(verdict="pass"))
    )


def blocked(cases: CaseQuerySet, today: dt.date) -> CaseQuerySet:
    """Cases out of these on hold, or with a blocker that can be removed on this day."""
    under_way = cases.filter(state__in=(S.DRAFT, *GATES))
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


def _unmanned() -> QuerySet[Any]:
    """Functions that sign the present gate of a case and that nobody in its team holds."""
    holds = [
        Q(function=function, user__roles__overlap=[str(role) for role in roles])
        for function, roles in HOLDERS.items()
    ]
    held = TeamMember.objects.filter(
        reduce(or_, holds), case=OuterRef("case"), function=OuterRef("function")
    )
    required = RequiredSignature.objects.filter(case=OuterRef("pk"), gate=OuterRef("state"))
    return required.filter(~Exists(held))


def _plans() -> list[tuple[Any, ...]]:
    """Conditions for each task of plan and team."""
    late = Product.objects.filter(usages__part=OuterRef("part"), phase__in=LATE_PHASES)
    executives = [str(role) for role in HOLDERS[Function.SPONSOR]]
    unmanned = _unmanned().exclude(function=Function.SPONSOR)
    rehearsed_on, today = "rollback_plan__rehearsed_on", clock.business_day()
    unrehearsed = Q(**{rehearsed_on: None}) | Q(**{f"{rehearsed_on}__gt": today})
    unplanned = Q(rollback_plan__hours=None) | Q(rollback_plan__stock=None)
    planned = Pilot.objects.filter(case=OuterRef("pk")).order_by("-pk").values("quantity")[:1]
    failed = _points(verdict="fail")
    breached = TriggerBreach.objects.filter(
        transition__case=OuterRef("pk"), transition__ended_on=None, ended_at=None
    )
    return [
        (Q(state=S.DRAFT, start_reason=""), Exists(late)),
        (Q(state=S.BUSINESS_CASE), ~Q(sponsor__roles__overlap=executives)),
        (Q(state__in=GATES), Exists(unmanned)),
        (Q(state=S.FMEA), Exact(Coalesce(Subquery(planned), 0), 0)),
        (Q(state=S.APPROVAL), unrehearsed),
        (Q(state=S.APPROVAL), unplanned),
        (Q(state=S.APPROVAL), ~Exists(RampStep.objects.filter(transition__case=OuterRef("pk")))),
        (Q(state=S.TRANSITION), Exists(failed)),
        (Q(state=S.TRANSITION), Exists(breached)),
    ]
