"""Calculators of bonus pools and shared targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from incentives import kpi, shares
from secondsource.core import inputs
from secondsource.workspace.calculators.base import (
    Calculator,
    decimal,
    integer,
    listing,
    money,
    pick,
    rows,
)

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
) -> dict[str, Any]:
    default = (kpi.DEFAULTS.conversions, kpi.DEFAULTS.cost_reduction_pct)
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
                note="pairs of name and weight; weights need not sum to 100",
                example=_SHARES,
            ),
            money("cap", "Cap", required=False, low=0),
            money("min_pool", "Carried forward below", required=False, low=0, default="0"),
            decimal("holdback", "Hold-back", required=False, low=0, high=1, default="0"),
            listing("disputed", "Disputed", required=False, note="names of shares", read=_disputed),
        ),
        outputs=("pool", "split", "held", "paid_now", "paid", "disputed_held"),
        compute=_pool,
    ),
    Calculator(
        name="clawback",
        area="incentives",
        title="Clawback after a reversal",
        purpose="What comes back when savings are reversed, by the shares that were paid.",
        formula="clawback = paid - round half up(rate × (realised - reversed)), at least 0",
        source="House rule",
        rounds=True,
        fields=(
            money("paid_pool", "Paid pool", low=0, example="8641.97"),
            money("realised_before", "Realised before", example="123456.78"),
            money("reversed", "Reversed", argument="reversed_amount", low=0, example="30000.00"),
            decimal("rate", "Rate", example="0.07", **_RATE),
            rows(
                "shares", "Shares", required=False, note="pairs of name and weight", example=_SHARES
            ),
        ),
        outputs=("new_pool", "clawback", "split"),
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
                note="conversions and per cent, both above 0",
                example=[3, "5.0"],
            ),
        ),
        outputs=("conversion_attainment", "cost_attainment", "team", "met"),
        compute=_kpi,
    ),
)
