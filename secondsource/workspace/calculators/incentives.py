"""Calculators of bonus pools and shared targets."""

from __future__ import annotations

from typing import Any

from incentives import kpi, shares
from incentives.house_rules import KpiPolicy, PoolPolicy
from secondsource.core import inputs
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, Values, in_area, says
from secondsource.workspace.calculators.output import pct, price, shown, yes_no

_RATE: dict[str, Any] = {"low": 0.05, "high": 0.10}
_SHARES: dict[str, Any] = {
    "example": [["engineering", "50"], ["procurement", "30"], ["quality", "20"]],
    "columns": (field.text("0", "Party"), field.decimal("1", "Weight")),
    "optional": True,
}


def _kpi(*, policy: KpiPolicy, target: Any = None, **given: Any) -> kpi.Attainment:
    default = (policy.conversions, policy.cost_reduction_pct)
    count, cost = default if target is None else inputs.sequence("target", target, least=2, most=2)
    return kpi.shared_kpi(conversions_target=count, cost_target_pct=cost, **given)


def _missed(known: Values) -> str:
    rule = known["policy"]["values"]
    count, cost = known.get("target") or (rule["conversions"], rule["cost_reduction_pct"])
    found, wanted = output.apart(output.as_figure, known["material_cost_reduction_pct"], cost)
    return (
        f"The team is at {{team}}, not met: {{conversions}} of {output.many(count, 'conversion')}, "
        f"cost {found} of {wanted}\u202f% lower."
    )


def _some(amount: str) -> bool:
    return float(amount) != 0


def _none(amount: str) -> bool:
    return float(amount) == 0


CALCULATORS = in_area(
    "incentives",
    Calculator(
        "bonus-pool", "Bonus pool and its split",
        "The team's part of finance-validated, realised hard savings, to the cent.",
        formula="pool = round half up(rate × realised), split by largest remainder",
        where="realised = finance-validated hard saving net of project cost",
        source="House rule; largest remainder after Hare and Hamilton",
        inputs=(field.money("realised", "Realised net saving", "123456.78", optional=True),
                field.decimal("rate", "Rate", "0.07", optional=True, **_RATE),
                field.money("pool", "Pool, when already known", optional=True, low=0),
                field.rows("shares", "Shares", note="weights need not sum to 100", **_SHARES),
                field.money("cap", "Cap", optional=True, low=0),
                field.money("min_pool", "Carried forward below", low=0, default="0"),
                field.decimal("holdback", "Hold-back", low=0, high=1, default="0"),
                field.listed("disputed", "Disputed", optional=True, entry="text",
                             note="parties whose part waits", most=shares.MOST_SHARES)),
        outputs=shown(pool=price("Pool"), held=price("Held back"), paid_now=price("Paid now"),
                      disputed_held=price("Held for disputes"),
                      carried_forward=price("Carried forward"),
                      split=price("Share", per="shares"), paid=price("Paid now", per="shares")),
        compute=shares.bonus_pool, policy=PoolPolicy,
        house_rule="Base, range of the rate, hold-back and rounding are our own.",
        says=says("No pool: {carried_forward} are carried forward.", "warn", pool=_none,
                  carried_forward=_some)
        .otherwise("No pool: nothing was saved, or less than nothing.", "warn", pool=_none)
        .otherwise("The pool is {pool}, {held} held back; its parts sum to the cent.",
                   held=_some)
        .otherwise("The pool is {pool}; its parts sum to the cent."),
    ),
    Calculator(
        "clawback", "Clawback after a reversal",
        "What comes back when savings are reversed, by the shares that were paid.",
        formula="clawback = paid − round half up(rate × (realised − reversed)), at least 0",
        source="House rule",
        inputs=(field.money("paid_pool", "Paid pool", "8641.97", low=0),
                field.money("realised_before", "Realised before", "123456.78"),
                field.money("reversed", "Reversed", "30000.00", argument="reversed_amount", low=0),
                field.decimal("rate", "Rate", "0.07", **_RATE),
                field.rows("shares", "Shares", note="those that were paid", **_SHARES)),
        outputs=shown(new_pool=price("Pool on corrected savings"), clawback=price("Comes back"),
                      split=price("Share", per="shares")),
        compute=shares.clawback, policy=PoolPolicy,
        house_rule="The range of the rate and the clawback by the paid shares are our own.",
        says=says("{clawback} come back; the pool on corrected savings is {new_pool}.",
                  note="Netted against later payouts; nobody falls below zero without consent."),
    ),
    Calculator(
        "shared-kpi", "Shared target",
        "One target for procurement, engineering and quality together.",
        formula="attainment = clip(actual ÷ target, 0, 1); team = mean", source="House rule",
        inputs=(field.integer("conversions", "Conversions", 2, low=0),
                field.decimal("material_cost_reduction_pct", "Material cost reduction", "4.00",
                              argument="cost_reduction_pct", unit="%", high=100),
                field.record("target", "Target", [3, "5.0"], default=[3, "5.0"],
                             columns=(field.integer("0", "Conversions"),
                                      field.decimal("1", "Cost reduction", unit="%")))),
        outputs=shown(conversion_attainment=pct("Conversions", "conversions"),
                      cost_attainment=pct("Cost reduction", "cost"), team=pct("Team"),
                      met=yes_no("Both met")),
        compute=_kpi, policy=KpiPolicy,
        house_rule="The target and the mean of the two attainments are our own.",
        says=says("Both targets are met: 100 %.", "good", met=True).otherwise(_missed, "warn"),
    ),
)  # fmt: skip
