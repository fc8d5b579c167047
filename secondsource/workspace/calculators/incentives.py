"""Calculators of bonus pools and shared targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from incentives import kpi, shares
from incentives.house_rules import KpiPolicy, PoolPolicy
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import (
    column,
    decimal,
    integer,
    listing,
    money,
    rows,
)

_PARTIES = (column(0, "Party", "text"), column(1, "Weight", "decimal"))
_SHARES = [["engineering", "50"], ["procurement", "30"], ["quality", "20"]]


def _pool(**given: Any) -> dict[str, Any]:
    found = shares.bonus_pool(**given)
    names = ("pool", "split", "held", "paid_now", "paid", "disputed_held", "carried_forward")
    return pick(found, **{name: name for name in names})


def _clawback(**given: Any) -> dict[str, Any]:
    found = shares.clawback(**given)
    return pick(found, new_pool="new_pool", clawback="clawback", split="split")


def _kpi(
    *,
    conversions: int,
    cost_reduction_pct: Decimal,
    target: list[Any] | None = None,
    policy: KpiPolicy,
) -> dict[str, Any]:
    default = (policy.conversions, policy.cost_reduction_pct)
    count, pct = default if target is None else inputs.sequence("target", target, least=2, most=2)
    found = kpi.shared_kpi(
        conversions=conversions,
        cost_reduction_pct=cost_reduction_pct,
        conversions_target=count,
        cost_target_pct=pct,
    )
    return pick(
        found, conversion_attainment="conversions", cost_attainment="cost", team="team", met="met"
    )


def _disputed(path: str, value: Any) -> list[Any]:
    return list(inputs.sequence(path, value, least=0, most=shares.MOST_SHARES))


_RATE = {"low": 0.05, "high": 0.10}

CALCULATORS = (
    Calculator(
        name="bonus-pool",
        area="incentives",
        title="Bonus pool and its split",
        purpose="The team's part of finance-validated, realised hard savings, to the cent.",
        formula="pool = round half up(rate × realised), split by largest remainder",
        where="realised = finance-validated hard saving net of project cost",
        source="House rule; largest remainder after Hare and Hamilton",
        rounds=True,
        fields=(
            money("realised", "Realised net saving", required=False, example="123456.78"),
            decimal("rate", "Rate", required=False, example="0.07", **_RATE),
            money("pool", "Pool, when already known", required=False, low=0),
            rows(
                "shares",
                "Shares",
                required=False,
                note="weights need not sum to 100",
                columns=_PARTIES,
                example=_SHARES,
            ),
            money("cap", "Cap", required=False, low=0),
            money("min_pool", "Carried forward below", required=False, low=0, default="0"),
            decimal("holdback", "Hold-back", required=False, low=0, high=1, default="0"),
            listing(
                "disputed",
                "Disputed",
                required=False,
                note="parties whose part waits",
                entry="text",
                read=_disputed,
            ),
        ),
        outputs=("pool", "split", "held", "paid_now", "paid", "disputed_held"),
        policy=PoolPolicy,
        hands_policy=True,
        house_rule="Base, range of the rate, hold-back and rounding are our own.",
        compute=_pool,
    ),
    Calculator(
        name="clawback",
        area="incentives",
        title="Clawback after a reversal",
        purpose="What comes back when savings are reversed, by the shares that were paid.",
        formula="clawback = paid − round half up(rate × (realised − reversed)), at least 0",
        source="House rule",
        rounds=True,
        fields=(
            money("paid_pool", "Paid pool", low=0, example="8641.97"),
            money("realised_before", "Realised before", example="123456.78"),
            money("reversed", "Reversed", argument="reversed_amount", low=0, example="30000.00"),
            decimal("rate", "Rate", example="0.07", **_RATE),
            rows(
                "shares",
                "Shares",
                required=False,
                note="those that were paid",
                columns=_PARTIES,
                example=_SHARES,
            ),
        ),
        outputs=("new_pool", "clawback", "split"),
        policy=PoolPolicy,
        hands_policy=True,
        house_rule="The range of the rate and the clawback by the paid shares are our own.",
        compute=_clawback,
    ),
    Calculator(
        name="shared-kpi",
        area="incentives",
        title="Shared target",
        purpose="One target for procurement, engineering and quality together.",
        formula="attainment = clip(actual ÷ target, 0, 1); team = mean",
        source="House rule",
        fields=(
            integer("conversions", "Conversions", low=0, example=2),
            decimal(
                "material_cost_reduction_pct",
                "Material cost reduction",
                argument="cost_reduction_pct",
                unit="%",
                high=100,
                example="4.00",
            ),
            listing(
                "target",
                "Target",
                required=False,
                default=[3, "5.0"],
                single=True,
                columns=(
                    column(0, "Conversions", "integer"),
                    column(1, "Cost reduction", "decimal", unit="%"),
                ),
                example=[3, "5.0"],
            ),
        ),
        outputs=("conversion_attainment", "cost_attainment", "team", "met"),
        policy=KpiPolicy,
        hands_policy=True,
        house_rule="The target and the mean of the two attainments are our own.",
        compute=_kpi,
    ),
)
