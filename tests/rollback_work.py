"""Rollback plans, made through the services."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qualification import services
from qualification.models import (
    Case,
    Rehearsal,
    Rollback,
    RollbackStep,
    RollbackTrigger,
    TriggerBreach,
)
from secondsource.core import audit, clock
from secondsource.core.actors import Actor

if TYPE_CHECKING:
    from tests.factories import Team


def trigger(team: Team, metric: str = "yield", **values: Any) -> RollbackTrigger:
    """A limit of the plan."""
    given = {"operator": "below", "threshold": Decimal(95), "window_days": 30, **values}
    return services.add_trigger(case=team.case, metric=metric, actor=team.lead, **given)


def step(team: Team, text: str = "Block the lots in stock", **values: Any) -> RollbackStep:
    """A step of the plan, owned by procurement."""
    given = {"owner": team.people["procurement"], "hours": Decimal(8), **values}
    return services.add_step(case=team.case, text=text, actor=team.lead, **given)


def rehearse(team: Team, result: str = "passed", **values: Any) -> Rehearsal:
    """A rehearsal of today."""
    given = {"held_on": clock.business_day(), "hours": Decimal(7), **values}
    return services.record_rehearsal(case=team.case, result=result, actor=team.lead, **given)


def finish_rollback_plan(team: Team) -> None:
    """Write a step; where the plan was rehearsed, rehearse it again."""
    rehearsed = team.case.rollback_rehearsed_on is not None
    plan = team.case.rollback
    if plan is None or not plan.triggers.exists():
        trigger(team)
    step(team)
    if rehearsed:
        rehearse(team)


def rollback_rows(case: Case, actor: Actor) -> dict[str, str]:
    """A row of each table of the plan: step of its address → its id."""
    plan = case.rollback
    assert plan is not None
    way = audit.save_as(
        RollbackStep(plan=plan, position=1, text="Stop", owner=actor.user, hours=1), actor
    )
    breach = audit.save_as(
        TriggerBreach(
            transition=case.run,
            metric="dppm",
            operator="above",
            threshold=1,
            window_days=9,
            value=2,
            counted_from=clock.business_day(),
            counted_to=clock.business_day(),
            breached_at=clock.now(),
        ),
        actor,
    )
    done = audit.save_as(
        Rollback(transition=case.run, reason="Bad lot", decided_at=clock.now()), actor
    )
    limit, rehearsal = plan.triggers.first(), plan.rehearsals.first()
    assert limit is not None
    assert rehearsal is not None
    return {
        "rollback-triggers": limit.key, "rollback-steps": way.key, "rehearsals": rehearsal.key,
        "trigger": limit.key, "way": way.key, "breach": breach.key, "done": done.key,
        "breaches": breach.key, "rollbacks": done.key,
    }  # fmt: skip
