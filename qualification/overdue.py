"""Cases past a planned day: that of their gate, of their approval or of a step of the gate.

Each rule is there for one case that was read ``with_work``, and in SQL. A case on hold is not
overdue, and one in transition follows its hold points.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from qualification.guards import (
    IS_OPEN,
    is_open,
    items_with_evidence,
    read_ahead,
)
from qualification.models import Case, PlannedGate
from qualification.models.cases import GATES, State
from secondsource.accounts.rights import Function
from secondsource.core import clock

#: The states in which a case can be overdue.
PLANNED = (State.DRAFT, *(gate for gate in GATES if gate != State.TRANSITION))


def gate_of(case: Case) -> str:
    """The gate that is to be passed next; '' for a case that is not at a planned one."""
    if case.state not in PLANNED:
        return ""
    return str(State.BUSINESS_CASE if case.state == State.DRAFT else case.state)


def gate_day(case: Case) -> dt.date | None:
    """The day by which the present gate is to be passed."""
    gate = gate_of(case)
    planned: dt.date | None
    if "planned_for" in vars(case):  # annotated where many cases are read
        planned = vars(case)["planned_for"] if gate else None
    else:
        planned = {row.gate: row.due for row in case.planned_gates.all()}.get(gate)
    return case.due_date or planned if gate == State.APPROVAL else planned


def overdue_since(case: Case) -> dt.date | None:
    """The first planned day that is over; None for a case in time."""
    if case.state not in PLANNED:
        return None
    days = [day for day in (gate_day(case), case.due_date, *_step_days(case)) if day is not None]
    first = min(days, default=None)
    return first if first is not None and first < clock.business_day() else None


def _step_days(case: Case) -> list[dt.date | None]:
    if "step_due" in vars(case):  # annotated by ``guards.with_open_steps``
        return [vars(case)["step_due"]]
    items = case.checklist.all() if read_ahead(case) else items_with_evidence().filter(case=case)
    return [item.due_date for item in items if _counts(case, item)]


def _counts(case: Case, item: Any) -> bool:
    here = item.gate == case.state and item.required and item.due_date is not None
    return bool(here and is_open(item))


def signers(case: Case, functions: Collection[str]) -> list[str]:
    """The people in the case who can sign for these functions."""
    people = [m.user.name for m in case.team.all() if m.function in functions]
    if Function.SPONSOR in functions and case.sponsor:
        people.append(case.sponsor.name)
    return list(dict.fromkeys(people))


def overdue(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the cases that are overdue today: ``overdue_since`` in SQL."""
    today = clock.business_day()
    late = items_with_evidence().filter(
        IS_OPEN, case=OuterRef("pk"), gate=OuterRef("state"), required=True, due_date__lt=today
    )
    days = with_gate_day(Case.objects.filter(state__in=PLANNED))
    past = Q(gate_day__lt=today) | Q(due_date__lt=today) | Exists(late)
    return cases.filter(pk__in=days.filter(past).values("pk"))


def with_gate_day(cases: Any) -> Any:
    """Adds ``planned_for``, the planned day of the gate to pass, and ``gate_day`` as above."""
    at = models.Case(
        When(state=State.DRAFT, then=models.Value(str(State.BUSINESS_CASE))), default=F("state")
    )
    planned = PlannedGate.objects.filter(case=OuterRef("pk"), gate=OuterRef("next_gate"))
    given = When(state=State.APPROVAL, then=Coalesce("due_date", "planned_for"))
    return (
        cases.alias(next_gate=at)
        .annotate(planned_for=Subquery(planned.values("due")[:1]))
        .annotate(gate_day=models.Case(given, default=F("planned_for")))
    )
