"""Open breaches of a case's transition, and how one ends."""

from __future__ import annotations

from qualification.models import Case, TriggerBreach
from qualification.models.cases import State
from secondsource.core import audit, clock
from secondsource.core.actors import Actor


def end(row: TriggerBreach, ending: str, reason: str, actor: Actor) -> None:
    """End a locked breach."""
    row.ending, row.ended_at, row.ended_by, row.reason = ending, clock.now(), actor.user, reason
    audit.save_as(row, actor, reason)


def open_breaches(case: Case) -> list[TriggerBreach]:
    """The breaches that hold the ramp of a case in transition."""
    at_work = State.TRANSITION in (case.state, case.held_from)
    if not at_work or not vars(case).get("is_breached", True):  # annotated where many are read
        return []
    found = TriggerBreach.objects.filter(transition__case=case, transition__ended_on=None)
    return list(found.filter(ended_at=None).select_related("reported_by"))
