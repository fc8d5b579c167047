"""Calculators of savings and exchange rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from incentives import fx, savings
from incentives.house_rules import KpiPolicy, SavingsPolicy
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

_VOCABULARY = "CAPS/ISM savings vocabulary; firms differ: agree it with finance"


def _avoidance(**given: Any) -> dict[str, Any]:
    return pick(savings.cost_avoidance(**given), hard="hard", avoidance="avoidance")


def _fx(**given: Any) -> dict[str, Any]:
    found = fx.currency_split(**given)
    return pick(
        found, price_saving_eur="price_saving", fx_effect_eur="fx_effect", total_eur="total"
    )


def _reduction(*, policy: KpiPolicy, **given: Any) -> dict[str, Any]:
    found = savings.cost_reduction(target_pct=policy.cost_reduction_pct, **given)
    return pick(found, pct="pct", target_5_met="target_met")


def _variance(**given: Any) -> dict[str, Any]:
    return pick(savings.price_variance(**given), ppv="ppv", favourable="favourable")


def _realised(**given: Any) -> dict[str, Any]:
    found = savings.realised_savings(**given)
    names = ("annualised", "realised", "realisation_pct")
    return pick(found, **{name: name for name in names})


def _band(*, pct: list[Decimal], policy: SavingsPolicy) -> dict[str, Any]:
    entries = inputs.sequence("pct", pct)
    values = [inputs.decimal(f"pct.{i}", entry, high=100) for i, entry in enumerate(entries)]
    words = [savings.band(value, policy=policy) for value in values]
    return {"value": words, "method": savings.BAND_METHOD}


def _split(**given: Any) -> dict[str, Any]:
    return pick(
        savings.savings_split(**given),
        negotiated="negotiated",
        volume_shift="volume_shift",
        total="total",
        pct="pct",
        in_5_15_band="in_band",
    )


CALCULATORS = (
    Calculator(
        name="cost-avoidance",
        area="money",
        title="Hard saving and cost avoidance",
        purpose="Both figures of one purchase, side by side and never added.",
        formula="hard = (last paid − paid) × q; avoidance = (offered − paid) × q",
        where="q quantity received",
        source=_VOCABULARY,
        rounds=True,
        fields=(
            money("last_paid", "Last price paid", low=0, example="2.00"),
            money("market_offer", "Documented offer", low=0, example="2.30"),
            money("paid", "Price paid", low=0, example="2.10"),
            integer("qty", "Quantity received", low=0, example=10000),
        ),
        outputs=("hard", "avoidance"),
        compute=_avoidance,
    ),
    Calculator(
        name="fx-split",
        area="money",
        title="Price saving and exchange rate apart",
        purpose="The saving at the budget rate, and what the currency did on its own.",
        formula="price = (b − p ÷ budget) × q; total = (b − p ÷ actual) × q; FX = total − price",
        where=(
            "b baseline in EUR, p new price in USD, budget and actual rate in USD per "
            "EUR, q quantity"
        ),
        source="House rule: savings at budget rate",
        fields=(
            decimal("baseline_eur", "Baseline", argument="baseline", low=0, example="10.00"),
            decimal("new_price_usd", "New price", argument="new_price", low=0, example="10.45"),
            decimal(
                "budget_rate_usd_per_eur",
                "Budget rate",
                argument="budget_rate",
                unit="USD per EUR",
                low=0.000001,
                example="1.10",
            ),
            decimal(
                "actual_rate", "Actual rate", unit="USD per EUR", low=0.000001, example="1.045"
            ),
            integer("qty", "Quantity", low=0, example=1000),
        ),
        outputs=("price_saving_eur", "fx_effect_eur", "total_eur"),
        compute=_fx,
        house_rule="Savings at the budget rate, the currency apart: our own.",
    ),
    Calculator(
        name="material-cost-reduction",
        area="money",
        title="Material cost reduction",
        purpose="Reduction of spend at the same volume and mix, against the 5 % target.",
        formula="100 × (baseline − current) ÷ baseline",
        source="Laspeyres-type, constant volume and mix",
        fields=(
            money("baseline_spend", "Baseline spend", above=0, example="2400000.00"),
            money(
                "current_spend_at_same_volume_mix",
                "Current spend, same volume and mix",
                argument="current_spend",
                low=0,
                example="2274000.00",
            ),
        ),
        outputs=("pct", "target_5_met"),
        compute=_reduction,
        policy=KpiPolicy,
        hands_policy=True,
        house_rule="The target is our own.",
    ),
    Calculator(
        name="ppv",
        area="money",
        title="Purchase price variance",
        purpose="What was paid against standard; negative is favourable.",
        formula="(actual − standard) × quantity",
        source=_VOCABULARY,
        fields=(
            money("standard", "Standard price", low=0, example="1.2500"),
            money("actual", "Actual price", low=0, example="1.1875"),
            integer("qty", "Quantity received", low=0, example=40000),
        ),
        outputs=("ppv", "favourable"),
        compute=_variance,
    ),
    Calculator(
        name="realised-savings",
        area="money",
        title="Realised savings",
        purpose="The forecast of twelve months against what receipts really brought.",
        formula="annualised = Δ × forecast; realised = Σ (baseline − paid) × quantity",
        where="Δ baseline less contract price; a return has a negative quantity",
        source=_VOCABULARY,
        rounds=True,
        fields=(
            money("baseline", "Baseline price", low=0, example="1.00"),
            money("contract_price", "Contract price", low=0, example="0.88"),
            integer("annual_forecast", "Forecast for 12 months", low=0, example=60000),
            rows(
                "receipts",
                "Receipts",
                note="a return has a negative quantity",
                columns=(column(0, "Quantity", "integer"), column(1, "Price paid", "decimal")),
                example=[[3000, "0.88"], [4500, "0.88"], [2500, "0.90"]],
            ),
        ),
        outputs=("annualised", "realised", "realisation_pct"),
        compute=_realised,
    ),
    Calculator(
        name="savings-band",
        area="money",
        title="Savings band",
        purpose="Where a saving lies against 5 to 15 %; outside it is reviewed, not refused.",
        formula="below < 5 % ≤ inside ≤ 15 % < above",
        source="House rule",
        fields=(listing("pct", "Savings", unit="%", entry="decimal", example=["4.99", "5", "15"]),),
        outputs=("value",),
        compute=_band,
        policy=SavingsPolicy,
        hands_policy=True,
        house_rule="The band is our own: it flags, it does not refuse.",
    ),
    Calculator(
        name="savings-split",
        area="money",
        title="Negotiated and shifted",
        purpose="What the incumbent gave and what the second source brought; the parts sum.",
        formula="negotiated = (b − p₁) × Q × (1 − w); shifted = (b − p₂) × Q × w",
        where=(
            "b baseline, p₁ incumbent's new price, p₂ second source's, Q quantity, w "
            "second source's share"
        ),
        source=_VOCABULARY,
        rounds=True,
        fields=(
            money("baseline", "Baseline price", above=0, example="1.00"),
            money("incumbent_new", "Incumbent's new price", low=0, example="0.95"),
            money("second", "Second source's price", low=0, example="0.88"),
            integer("qty", "Quantity", low=1, example=100000),
            decimal("second_share", "Second source's share", low=0, high=1, example="0.40"),
        ),
        outputs=("negotiated", "volume_shift", "total", "pct", "in_5_15_band"),
        compute=_split,
        policy=SavingsPolicy,
        hands_policy=True,
        house_rule="The band is our own: it flags, it does not refuse.",
    ),
)
