"""Calculators of cost: payback, present value, price ladder, split, total cost."""

from __future__ import annotations

from typing import Any

from qualification import business_case
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import (
    amount,
    amounts,
    choice,
    column,
    decimal,
    integer,
    listing,
    money,
    number,
    rows,
)
from suppliers import price_break, split, tco
from suppliers.house_rules import SplitPolicy


def _npv(**given: Any) -> dict[str, Any]:
    found = business_case.present_value(**given)
    names = ("npv", "irr", "discounted_payback_years")
    return pick(found, **{name: name for name in names})


def _npv_monthly(**given: Any) -> dict[str, Any]:
    return pick(business_case.monthly_value(**given), monthly_rate="monthly_rate", npv="npv")


def _payback(**given: Any) -> dict[str, Any]:
    months = business_case.payback_months(**given)
    return {"months": months, "method": business_case.PAYBACK_METHOD}


def _price_break(**given: Any) -> dict[str, Any]:
    found = price_break.cheapest_order(**given)
    names = ("order_qty", "cost", "excess", "unit_price")
    return pick(found, **{name: name for name in names})


def _sourcing_split(*, policy: SplitPolicy, **given: Any) -> dict[str, Any]:
    found = split.sourcing_split(warm_share=float(policy.warm_share), **given)
    return pick(found, x="x", cost="cost")


def _tco(**given: Any) -> dict[str, Any]:
    found = tco.total_cost(**given)
    names = ("duty", "carrying", "quality", "qualification", "risk", "tco")
    return pick(found, **{name: name for name in names})


CALCULATORS = (
    Calculator(
        name="npv",
        area="money",
        title="Net present value",
        purpose="What yearly cash flows are worth today, their return and discounted payback.",
        formula="NPV = Σ CFₜ ÷ (1 + r)ᵗ, t from 0 (now)",
        where="CF cash flow, r rate a year, t year",
        source="Textbook; numpy-financial",
        fields=(
            listing(
                "cashflows",
                "Cash flows by year",
                note="from year 0 on",
                example=[-60000, 30000, 30000, 30000],
                read=amounts,
            ),
            number("rate", "Rate a year", low=-0.99, high=10, share=True, example=0.1),
            choice(
                "timing",
                "Timing",
                ("year-end", "mid-year"),
                required=False,
                default="year-end",
                example="year-end",
            ),
        ),
        outputs=("npv", "irr", "discounted_payback_years"),
        compute=_npv,
    ),
    Calculator(
        name="npv-monthly",
        area="money",
        title="Net present value of a monthly saving",
        purpose="A one-time cost now against a saving at the end of each month.",
        formula="i = (1 + r)^(1/12) − 1; NPV = −cost + Σ saving ÷ (1 + i)ᵗ",
        where="r rate a year, i rate a month, t month",
        source="Textbook; numpy-financial",
        fields=(
            amount("cost", "One-time cost", low=0, example=60000),
            amount("monthly", "Net saving a month", example=7500),
            integer("months", "Months", low=1, high=600, example=24),
            number("annual_rate", "Rate a year", low=-0.99, high=10, share=True, example=0.1),
        ),
        outputs=("monthly_rate", "npv"),
        compute=_npv_monthly,
    ),
    Calculator(
        name="payback",
        area="money",
        title="Simple payback",
        purpose="Months until the one-time cost is back; never when nothing is saved.",
        formula="cost ÷ net saving a month",
        source="Textbook",
        fields=(
            amount("one_time_cost", "One-time cost", low=0, example=60000),
            amount("net_saving_per_month", "Net saving a month", example=7500),
        ),
        outputs=("months",),
        compute=_payback,
    ),
    Calculator(
        name="price-break",
        area="money",
        title="Price ladder",
        purpose="The cheapest quantity that covers a need, with minimum order and packing.",
        formula="least total over the need and every higher break, after minimum and multiple",
        source="Trade practice; all-units and incremental ladders differ",
        rounds=True,
        fields=(
            integer("need", "Need", low=1, example=950),
            rows(
                "breaks",
                "Breaks",
                note="quantities rising",
                columns=(column(0, "From quantity", "integer"), column(1, "Unit price", "decimal")),
                example=[[1, "1.00"], [1000, "0.90"], [5000, "0.80"]],
            ),
            choice(
                "type",
                "Type",
                ("all_units", "incremental"),
                argument="break_type",
                required=False,
                default="all_units",
                example="all_units",
            ),
            integer("moq", "Minimum order quantity", low=1, required=False, default=1),
            integer("multiple", "Packing multiple", low=1, required=False, default=1),
        ),
        outputs=("order_qty", "cost", "excess"),
        compute=_price_break,
    ),
    Calculator(
        name="sourcing-split",
        area="money",
        title="Split of the demand",
        purpose="Units from each source at least cost within shares and capacities.",
        formula="min Σ pᵢxᵢ + fixed, Σ xᵢ = D, share and capacity bounds (linear or mixed-integer)",
        where="p unit price, x units of a source, D demand",
        source="Linear programme, HiGHS; the second source's warm share of 20 % is our own",
        fields=(
            number("demand", "Demand", above=0, example=100000),
            listing("price", "Unit price", table="Sources", example=[1.0, 0.88], read=amounts),
            listing(
                "min_share",
                "Least share",
                share=True,
                table="Sources",
                required=False,
                blank=0,
                note="left out, the second source keeps its warm share",
                example=[0.3, 0],
            ),
            listing(
                "max_share", "Greatest share", table="Sources", required=False, blank=1, share=True
            ),
            listing(
                "capacity",
                "Capacity",
                table="Sources",
                required=False,
                note="empty: no limit",
                example=[None, 60000],
            ),
            listing(
                "fixed",
                "Fixed cost when used",
                table="Sources",
                required=False,
                blank=0,
                read=amounts,
            ),
            listing("moq", "Least order when used", table="Sources", required=False, blank=0),
        ),
        outputs=("x", "cost"),
        compute=_sourcing_split,
        policy=SplitPolicy,
        hands_policy=True,
        house_rule="The share that keeps the second source warm is our own.",
    ),
    Calculator(
        name="tco",
        area="money",
        title="Total cost of ownership",
        purpose="What a unit really costs on our dock; compare at one Incoterm, date and volume.",
        formula="price + freight + duty + carrying + quality + qualification ÷ units + risk",
        where=(
            "duty on price + freight (CIF) or price (FOB), carrying on price + freight "
            "+ duty, quality on price"
        ),
        source="House composition; duty on CIF in the EU, FOB in the US",
        fields=(
            money("price", "Unit price", low=0, example="2.40"),
            money("freight", "Freight a unit", low=0, required=False, default="0", example="0.08"),
            decimal(
                "duty_rate",
                "Duty rate",
                share=True,
                low=0,
                high=10,
                required=False,
                default="0",
                example="0.035",
            ),
            choice(
                "duty_basis",
                "Duty on",
                ("cif", "fob"),
                required=False,
                default="cif",
                example="cif",
            ),
            decimal(
                "carry_rate",
                "Carrying rate a year",
                share=True,
                low=0,
                high=10,
                required=False,
                default="0",
                example="0.18",
            ),
            integer(
                "days_held",
                "Days held",
                low=0,
                high=3650,
                required=False,
                unit="d",
                default=0,
                example=60,
            ),
            decimal(
                "quality_cost_rate",
                "Quality cost on price",
                share=True,
                low=0,
                high=10,
                required=False,
                default="0",
                example="0.015",
            ),
            money(
                "qualification_cost",
                "Qualification cost",
                low=0,
                required=False,
                default="0",
                example="45000",
            ),
            integer("amortise_units", "Spread over units", low=1, required=False, example=150000),
            money("risk_premium", "Risk premium a unit", low=0, required=False, default="0"),
        ),
        outputs=("duty", "carrying", "quality", "qualification", "tco"),
        compute=_tco,
        house_rule="What belongs to the cost of a unit, and on which base, is our own.",
    ),
)
