"""Services for rollbacks that were decided."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from qualification.models import Rollback
from qualification.services.work import locked_case
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values


@transaction.atomic
def finish_rollback(
    *, rollback: Rollback, hours: Decimal, actor: Actor, expected: int | None = None
) -> Rollback:
    """Record the hours until the incumbent was on the line again, once."""
    case = locked_case(rollback.case)
    actor.require("qualification.rollback_case", case)
    row = Rollback.objects.select_for_update(of=("self",)).get(pk=rollback.pk)
    audit.check_version(row, expected)
    if row.hours is not None:
        raise RuleRefused.one("finished", "The hours of this rollback are on record already.")
    if hours < 0:
        refuse_values([FieldProblem("/hours", "negative", "0 or more.")])
    row.hours = hours
    audit.save_as(row, actor, "rollback finished")
    planned = None if row.planned_hours is None else str(row.planned_hours)
    data = {"rollback": row.key, "hours": str(hours), "planned_hours": planned}
    audit.record("qualification.rollback.done", case, actor, data=data)
    return row
