"""The days by which a case is to pass its gates, from a template by risk class."""

from __future__ import annotations

import datetime as dt

from qualification.house_rules import GatePlanPolicy
from qualification.models import Case, PlannedGate
from qualification.models.cases import GATES, State
from secondsource.core import clock, policies, traces
from secondsource.core.actors import Actor

#: The gates with a planned day; the transition follows its hold points.
PLANNED = tuple(gate for gate in GATES if gate != State.TRANSITION)
_SATURDAY = 5


def planned_days(
    risk_class: str, start: dt.date, *, approval: dt.date | None = None
) -> dict[State, dt.date]:
    """The day of each gate, counted from the start; a weekend moves it to Monday.

    A day of ``approval`` that was given goes before that of the template, and no gate before it is
    planned after it.
    """
    policy, _ = policies.active(GatePlanPolicy)
    days: dict[State, dt.date] = {}
    passed = start
    for gate in PLANNED:
        passed += dt.timedelta(days=getattr(policy, f"{risk_class}_{gate}"))
        found = _on_a_weekday(passed)
        days[gate] = min(found, approval) if approval is not None else found
    if approval is not None:
        days[State.APPROVAL] = approval
    return days


def _on_a_weekday(day: dt.date) -> dt.date:
    weekend = max(0, day.weekday() - _SATURDAY + 1)
    return day + dt.timedelta(days=3 - weekend if weekend else 0)


def plan_gates(case: Case, actor: Actor) -> None:
    """Plan the gates of a new case in the caller's transaction."""
    days = planned_days(case.risk_class, clock.business_day(), approval=case.due_date)
    traces.attribute(actor, "planned from the template")
    PlannedGate.objects.bulk_create(
        PlannedGate(case=case, gate=str(gate), due=due) for gate, due in days.items()
    )
