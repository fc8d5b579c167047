"""Calculators of savings, exchange rates, present value, price ladders and total cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from incentives import fx, savings
from incentives.house_rules import KpiPolicy, SavingsPolicy
from qualification import business_case
from secondsource.core import inputs
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, in_area, judged, says
from secondsource.workspace.calculators.output import price, shown, unit, yes_no
from suppliers import price_break, split, tco
from suppliers.house_rules import SplitPolicy

_VOCABULARY = "CAPS/ISM savings vocabulary; firms differ: agree it with finance"
_BAND = "The band is our own: it flags, it does not refuse."
_QUANTITY = field.integer("qty", "Quantity received", 40000, low=0)
_YEARLY: dict[str, Any] = {"low": -0.99, "high": 10, "share": True}
_RATE: dict[str, Any] = {"low": 0, "high": 10, "share": True, "default": "0"}


def _band(*, pct: list[Decimal], policy: SavingsPolicy) -> list[str]:
    entries = inputs.sequence("pct", pct)
    values = [inputs.decimal(f"pct.{i}", entry, high=100) for i, entry in enumerate(entries)]
    return [savings.band(value, policy=policy) for value in values]


CALCULATORS = in_area(
    "money",
    Calculator(
        "cost-avoidance", "Hard saving and cost avoidance",
        "Both figures of one purchase, side by side and never added.",
        formula="hard = (last paid − paid) × q; avoidance = (offered − paid) × q",
        where="q quantity received", source=_VOCABULARY,
        inputs=(field.money("last_paid", "Last price paid", "2.00", low=0),
                field.money("market_offer", "Documented offer", "2.30", low=0),
                field.money("paid", "Price paid", "2.10", low=0), _QUANTITY),
        outputs=shown(hard=price("Hard saving"), avoidance=price("Cost avoidance, apart")),
        compute=savings.cost_avoidance,
        says=says("Hard saving {hard}; avoidance {avoidance}, apart.",
                  note="The two are never added, and only the hard saving can feed a pool."),
    ),
    Calculator(
        "fx-split", "Price saving and exchange rate apart",
        "The saving at the budget rate, and what the currency did on its own.",
        formula="price = (b − p ÷ budget) × q; total = (b − p ÷ actual) × q; FX = total − price",
        where="b baseline in EUR, p new price in USD, rates in USD per EUR, q quantity",
        source="House rule: savings at budget rate",
        house_rule="Savings at the budget rate, the currency apart: our own.",
        inputs=(field.decimal("baseline_eur", "Baseline", "10.00", argument="baseline", low=0),
                field.decimal("new_price_usd", "New price", "10.45", argument="new_price", low=0),
                field.decimal("budget_rate_usd_per_eur", "Budget rate", "1.10",
                              argument="budget_rate", unit="USD per EUR", low=1e-6),
                field.decimal("actual_rate", "Actual rate", "1.045", unit="USD per EUR", low=1e-6),
                field.integer("qty", "Quantity", 1000, low=0)),
        outputs=shown(price_saving_eur=output.euros("Price saving at budget rate", "price_saving"),
                      fx_effect_eur=output.euros("Effect of the currency", "fx_effect"),
                      total_eur=output.euros("Total", "total")),
        compute=fx.currency_split,
        says=says("The price saved {price_saving_eur}, the currency {fx_effect_eur}; together "
                  "{total_eur}."),
    ),
    Calculator(
        "material-cost-reduction", "Material cost reduction",
        "Reduction of spend at the same volume and mix, against the target.",
        formula="100 × (baseline − current) ÷ baseline",
        source="Laspeyres-type, constant volume and mix", house_rule="The target is our own.",
        inputs=(field.money("baseline_spend", "Baseline spend", "2400000.00", above=0),
                field.money("current_spend_at_same_volume_mix",
                            "Current spend, same volume and mix", "2274000.00",
                            argument="current_spend", low=0)),
        outputs=shown(pct=unit("%", "Reduction"), target_5_met=yes_no("Target met", "target_met")),
        compute=lambda policy, **given: savings.cost_reduction(
            target_pct=policy.cost_reduction_pct, **given), policy=KpiPolicy,
        says=says("{pct:cost_reduction_pct} less at the same volume and mix: meets the target of "
                  "{cost_reduction_pct:pct}.", "good", target_5_met=True)
        .otherwise("{pct:cost_reduction_pct} less at the same volume and mix: misses the target of "
                   "{cost_reduction_pct:pct}.", "warn"),
    ),
    Calculator(
        "ppv", "Purchase price variance", "What was paid against standard; negative is favourable.",
        formula="(actual − standard) × quantity", source=_VOCABULARY,
        inputs=(field.money("standard", "Standard price", "1.2500", low=0),
                field.money("actual", "Actual price", "1.1875", low=0), _QUANTITY),
        outputs=shown(ppv=price("Variance"), favourable=yes_no("Favourable")),
        compute=savings.price_variance,
        says=says("{ppv} against standard, favourable.", "good", favourable=True)
        .otherwise("{ppv} against standard, not favourable."),
    ),
    Calculator(
        "realised-savings", "Realised savings",
        "The forecast of twelve months against what receipts really brought.",
        formula="annualised = Δ × forecast; realised = Σ (baseline − paid) × quantity",
        where="Δ baseline less contract price", source=_VOCABULARY,
        inputs=(field.money("baseline", "Baseline price", "1.00", low=0),
                field.money("contract_price", "Contract price", "0.88", low=0),
                field.integer("annual_forecast", "Forecast for 12 months", 60000, low=0),
                field.rows("receipts", "Receipts", [[3000, "0.88"], [4500, "0.88"], [2500, "0.90"]],
                           note="a return has a negative quantity",
                           columns=(field.integer("0", "Quantity"),
                                    field.decimal("1", "Price paid")))),
        outputs=shown(annualised=price("Forecast of 12 months"),
                      realised=price("Realised by receipts"),
                      realisation_pct=unit("%", "Realised of the forecast")),
        compute=savings.realised_savings,
        says=says("Receipts brought {realised}; the forecast saves nothing.", realisation_pct=None)
        .otherwise("Receipts brought {realised}, {realisation_pct} of the forecast of "
                   "{annualised}.", note="No bonus is paid on a forecast."),
    ),
    Calculator(
        "savings-band", "Savings band",
        "Where a saving lies against 5 to 15 %; outside it is reviewed, not refused.",
        formula="below < 5 % ≤ inside ≤ 15 % < above", source="House rule",
        inputs=(field.listed("pct", "Saving", ["4.99", "5", "15"], unit="%", entry="decimal"),),
        outputs=shown(value=output.word("Verdict", per="pct")),
        compute=_band, method=savings.BAND_METHOD, policy=SavingsPolicy, house_rule=_BAND,
        says=judged("inside"),
    ),
    Calculator(
        "savings-split", "Negotiated and shifted",
        "What the incumbent gave and what the second source brought; the parts sum.",
        formula="negotiated = (b − p₁) × Q × (1 − w); shifted = (b − p₂) × Q × w",
        where="b baseline, p₁ incumbent's new price, p₂ second source's, Q quantity, w its share",
        source=_VOCABULARY,
        inputs=(field.money("baseline", "Baseline price", "1.00", above=0),
                field.money("incumbent_new", "Incumbent's new price", "0.95", low=0),
                field.money("second", "Second source's price", "0.88", low=0),
                field.integer("qty", "Quantity", 100000, low=1),
                field.decimal("second_share", "Second source's share", "0.40", low=0, high=1)),
        outputs=shown(negotiated=price("Negotiated"), volume_shift=price("Shifted"),
                      total=price("Total"), pct=unit("%", "Saving"),
                      in_5_15_band=yes_no("Inside the band", "in_band")),
        compute=savings.savings_split, policy=SavingsPolicy, house_rule=_BAND,
        says=says("{total} saved, {pct}.", in_5_15_band=True)
        .otherwise("{total} saved, {pct}.", "warn", "Outside the band: reviewed, not refused."),
    ),
    Calculator(
        "npv", "Net present value",
        "What yearly cash flows are worth today, their return and discounted payback.",
        formula="NPV = Σ CFₜ ÷ (1 + r)ᵗ, t from 0 (now)",
        where="CF cash flow, r rate a year, t year", source="Textbook; numpy-financial",
        inputs=(field.listed("cashflows", "Cash flows by year", [-60000, 30000, 30000, 30000],
                             entry="amount", note="from year 0 on"),
                field.number("rate", "Rate a year", 0.1, **_YEARLY),
                field.choice("timing", "Timing", choices=("year-end", "mid-year"),
                             default="year-end")),
        outputs=shown(npv=price("Net present value"), irr=output.pct("Rate of return"),
                      discounted_payback_years=unit("years", "Discounted payback")),
        compute=business_case.present_value,
        says=says("Worth it: {npv} today, paid back after {discounted_payback_years}.", "good",
                  npv=lambda npv: npv > 0)
        .otherwise("Not worth it: {npv} today.", "bad"),
    ),
    Calculator(
        "npv-monthly", "Net present value of a monthly saving",
        "A one-time cost now against a saving at the end of each month.",
        formula="i = (1 + r)^(1/12) − 1; NPV = −cost + Σ saving ÷ (1 + i)ᵗ",
        where="r rate a year, i rate a month, t month", source="Textbook; numpy-financial",
        inputs=(field.amount("cost", "One-time cost", 60000, low=0),
                field.amount("monthly", "Net saving a month", 7500),
                field.integer("months", "Months", 24, low=1, high=600),
                field.number("annual_rate", "Rate a year", 0.1, **_YEARLY)),
        outputs=shown(monthly_rate=output.pct("Rate a month"), npv=price("Net present value")),
        compute=business_case.monthly_value,
        says=says("Worth it: {npv} today.", "good", npv=lambda npv: npv > 0)
        .otherwise("Not worth it: {npv} today.", "bad"),
    ),
    Calculator(
        "payback", "Simple payback",
        "Months until the one-time cost is back; never when nothing is saved.",
        formula="cost ÷ net saving a month", source="Textbook",
        inputs=(field.amount("one_time_cost", "One-time cost", 60000, low=0),
                field.amount("net_saving_per_month", "Net saving a month", 7500)),
        outputs=shown(months=unit("months", "Payback")),
        compute=business_case.payback_months, method=business_case.PAYBACK_METHOD,
        says=says("Never: nothing is saved.", "bad", months=None)
        .otherwise("Paid back after {months}."),
    ),
    Calculator(
        "price-break", "Price ladder",
        "The cheapest quantity that covers a need, with minimum order and packing.",
        formula="least total over the need and every higher break, after minimum and multiple",
        source="Trade practice; all-units and incremental ladders differ",
        inputs=(field.integer("need", "Need", 950, low=1),
                field.rows("breaks", "Breaks", [[1, "1.00"], [1000, "0.90"], [5000, "0.80"]],
                           note="quantities rising",
                           columns=(field.integer("0", "From quantity"),
                                    field.decimal("1", "Unit price"))),
                field.choice("type", "Type", argument="break_type", default="all_units",
                             choices=("all_units", "incremental")),
                field.integer("moq", "Minimum order quantity", low=1, default=1),
                field.integer("multiple", "Packing multiple", low=1, default=1)),
        outputs=shown(order_qty=output.whole("Order"), cost=price("Cost"),
                      excess=output.whole("Beyond the need"), unit_price=price("Unit price")),
        compute=price_break.cheapest_order,
        says=says("Order {order_qty} for {cost} at {unit_price}.", excess=0)
        .otherwise("Order {order_qty} for {cost} at {unit_price}, {excess} more than needed."),
    ),
    Calculator(
        "sourcing-split", "Split of the demand",
        "Units from each source at least cost within shares and capacities.",
        formula="min Σ pᵢxᵢ + fixed, Σ xᵢ = D, share and capacity bounds (linear or mixed-integer)",
        where="p unit price, x units of a source, D demand",
        source="Linear programme, HiGHS; the second source's warm share is our own",
        house_rule="The share that keeps the second source warm is our own.",
        inputs=(field.number("demand", "Demand", 100000, above=0),
                field.listed("price", "Unit price", [1.0, 0.88], entry="amount",
                             note="of each source, as all that follows"),
                field.listed("min_share", "Least share", [0.3, 0], optional=True, share=True,
                             note="left out, the second source keeps its warm share"),
                field.listed("max_share", "Greatest share", optional=True, share=True),
                field.listed("capacity", "Capacity", [None, 60000], optional=True,
                             note="null: no limit"),
                field.listed("fixed", "Fixed cost when used", entry="amount", optional=True),
                field.listed("moq", "Least order when used", optional=True)),
        outputs=shown(cost=price("Least cost a year"), x=output.whole("Units", per="price")),
        compute=lambda policy, **given: split.sourcing_split(
            warm_share=float(policy.warm_share), **given), policy=SplitPolicy,
        says=says("Least cost {cost}."),
    ),
    Calculator(
        "tco", "Total cost of ownership",
        "What a unit really costs on our dock; compare at one Incoterm, date and volume.",
        formula="price + freight + duty + carrying + quality + qualification ÷ units + risk",
        where="duty on price + freight (CIF) or price (FOB), carrying on price + freight + duty, "
        "quality on price", source="House composition; duty on CIF in the EU, FOB in the US",
        house_rule="What belongs to the cost of a unit, and on which base, is our own.",
        inputs=(field.money("price", "Unit price", "2.40", low=0),
                field.money("freight", "Freight a unit", "0.08", low=0, default="0"),
                field.decimal("duty_rate", "Duty rate", "0.035", **_RATE),
                field.choice("duty_basis", "Duty on", choices=("cif", "fob"), default="cif"),
                field.decimal("carry_rate", "Carrying rate a year", "0.18", **_RATE),
                field.integer("days_held", "Days held", 60, unit="d", low=0, high=3650, default=0),
                field.decimal("quality_cost_rate", "Quality cost on price", "0.015", **_RATE),
                field.money("qualification_cost", "Qualification cost", "45000", low=0,
                            default="0"),
                field.integer("amortise_units", "Spread over units", 150000, low=1, optional=True),
                field.money("risk_premium", "Risk premium a unit", low=0, default="0")),
        outputs=shown(duty=price("Duty"), carrying=price("Carrying"), quality=price("Quality"),
                      qualification=price("Qualification"), risk=price("Risk premium"),
                      tco=price("Total a unit")),
        compute=tco.total_cost, says=says("A unit costs {tco}, the price being {price}."),
    ),
)  # fmt: skip
