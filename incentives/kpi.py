"""The shared target of a team: conversions and material cost reduction, the same for all
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.house_rules import KpiPolicy
from secondsource.core import inputs
from secondsource.core.money import round_apart
from secondsource.core.provenance import Method

DEFAULTS = KpiPolicy()
PLACES = 4


@dataclass(frozen=True, kw_only=True)
class Attainment:
    """Attainments from 0 to 1, four places; ``met`` when both targets are reached in full.

    A target that is narrowly missed has as many places as show that: 0.99998.
    """

    conversions: Decimal
    cost: Decimal
    team: Decimal
    met: bool
    method: Method


def shared_kpi(
    *,
    conversions: int,
    cost_reduction_pct: Decimal,
    conversions_target: int = DEFAULTS.conversions,
    cost_target_pct: Decimal = DEFAULTS.cost_reduction_pct,
) -> Attainment:
    """clip(actual ÷ target, 0, 1) of each, the team the mean of the two.

    A conversion counts when its case is closed and at least one production receipt is in; a later
    rollback takes it back. Targets above 0; a cost increase (negative reduction) counts as 0.
    """
    done = inputs.integer("conversions", conversions, high=100_000)
    reached = inputs.decimal("material_cost_reduction_pct", cost_reduction_pct, low=-1000, high=100)
    wanted = inputs.integer("target.0", conversions_target, low=1, high=100_000)
    wanted_pct = inputs.decimal("target.1", cost_target_pct, low="0.01", high=100)
    attained = _attained([(Decimal(done), Decimal(wanted)), (reached, wanted_pct)])
    return Attainment(
        conversions=round_apart(attained[0], Decimal(1), PLACES),
        cost=round_apart(attained[1], Decimal(1), PLACES),
        team=round_apart(sum(attained, Decimal(0)) / len(attained), Decimal(1), PLACES),
        met=all(part == 1 for part in attained),
        method=Method(name="Mean of capped attainments", design_choice=True),
    )


def _attained(pairs: Sequence[tuple[Decimal, Decimal]]) -> list[Decimal]:
    return [min(Decimal(1), max(Decimal(0), actual / target)) for actual, target in pairs]
