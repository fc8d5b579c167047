"""Services for targets of teams."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from incentives.models import KpiTarget
from secondsource.accounts.models import Team
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from secondsource.core.records import create


@transaction.atomic
def set_target(
    *,
    team: Team,
    year: int,
    conversions: int,
    cost_reduction_pct: Decimal,
    actor: Actor,
    expected: int | None = None,
) -> KpiTarget:
    """Set the target of a team and a year; it is the same for all functions in the team.

    Raises ``ValuesRefused``, ``Stale``.
    """
    actor.require("incentives.write_target")
    problems = []
    if not 1 <= conversions <= 1000:
        problems.append(FieldProblem("/conversions", "out_of_range", "1 to 1,000."))
    if not 0 < cost_reduction_pct <= 100:
        told = "Above 0, at most 100."
        problems.append(FieldProblem("/cost_reduction_pct", "out_of_range", told))
    if not 2000 <= year <= 2100:
        problems.append(FieldProblem("/year", "out_of_range", "2000 to 2100."))
    refuse_values(problems)
    row = KpiTarget.objects.select_for_update(of=("self",)).filter(team=team, year=year).first()
    if row is None:
        row = create(
            KpiTarget(
                team=team, year=year, conversions=conversions,
                cost_reduction_pct=cost_reduction_pct,
            ),
            actor,
            duplicate="Somebody set the target of this year meanwhile.",
        )  # fmt: skip
    else:
        audit.check_version(row, expected)
        row.conversions, row.cost_reduction_pct = conversions, cost_reduction_pct
        audit.save_as(row, actor, "target changed")
    data = {"year": year, "conversions": conversions, "cost_pct": str(cost_reduction_pct)}
    audit.record("incentives.target.set", team, actor, data=data)
    return row
