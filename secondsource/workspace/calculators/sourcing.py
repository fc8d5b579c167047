"""Calculators of cost: payback, present value, price ladder, split, total cost."""

from __future__ import annotations

from typing import Any

from qualification import business_case
from secondsource.workspace.calculators.base import (
    Calculator,
    amount,
    amounts,
    choice,
    decimal,
    integer,
    listing,
    money,
    number,
    pick,
    rows,
)
from suppliers import price_break, split, tco


def _npv(**given: Any) -> dict[str, Any]:
    found = business_case.present_value(**given)
    names = ("npv", "irr", "discounted_payback_years")
    return pick(found, **{name: name for name in names})


def _npv_monthly(**given: Any) -> dict[str, Any]:
    return pick(business_case.monthly_value(**given), monthly_rate="monthly_rate", npv="npv")


def _payback(**given: Any) -> dict[str, Any]:
    return {"months": business_case.payback_months(**given)}


def _price_break(**given: Any) -> dict[str, Any]:
    found = price_break.cheapest_order(**given)
    names = ("order_qty", "cost", "excess", "unit_price")
    return pick(found, **{name: name for name in names})


def _sourcing_split(**given: Any) -> dict[str, Any]:
    return pick(split.sourcing_split(**given), x="x", cost="cost")


def _tco(**given: Any) -> dict[str, Any]:
    found = tco.total_cost(**given)
    names = ("duty", "carrying", "quality", "qualification", "risk", "tco")
    return pick(found, **{name: name for name in names})


_BY_SOURCE = "one number a source"

CALCULATORS = (
    Calculator(
        name="npv",
        area="money",
        title="Net present value",
        purpose="What yearly cash flows are worth today, their return and discounted payback.",
        formula="NPV = Σ CFₜ ÷ (1 + r)ᵗ, t from 0 (now)",
        source="Textbook; numpy-financial",
        chart="cumulative",
        fields=(
            listing(
                "cashflows",
                "Cash flows by year",
                note="from year 0 on",
                example=[-60000, 30000, 30000, 30000],
                read=amounts,
            ),
            number("rate", "Rate a year", low=-0.99, high=10, example=0.1),
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
        formula="i = (1 + r)^(1/12) - 1; NPV = -cost + Σ saving ÷ (1 + i)ᵗ",
        source="Textbook; numpy-financial",
        fields=(
            amount("cost", "One-time cost", low=0, example=60000),
            amount("monthly", "Net saving a month", example=7500),
            integer("months", "Months", low=1, high=600, example=24),
            number("annual_rate", "Rate a year", low=-0.99, high=10, example=0.1),
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
        chart="ladder",
        rounds=True,
        fields=(
            integer("need", "Need", low=1, example=950),
            rows(
                "breaks",
                "Breaks",
                note="pairs of quantity and unit price, quantities rising",
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
        source="Linear programme, HiGHS; the second source's warm share of 20 % is our own",
        chart="frontier",
        fields=(
            number("demand", "Demand", above=0, example=100000),
            listing("price", "Unit prices", note=_BY_SOURCE, example=[1.0, 0.88], read=amounts),
            listing(
                "min_share",
                "Least shares",
                required=False,
                note="fractions; left out, the second source keeps 0.2",
                example=[0.3, 0],
            ),
            listing(
                "capacity",
                "Capacities",
                required=False,
                note="units, or null for no limit",
                example=[None, 60000],
            ),
            listing(
                "fixed", "Fixed costs when used", required=False, note=_BY_SOURCE, read=amounts
            ),
            listing("max_share", "Greatest shares", required=False, note="fractions"),
            listing("moq", "Least order when used", required=False, note=_BY_SOURCE),
        ),
        outputs=("x", "cost"),
        compute=_sourcing_split,
    ),
    Calculator(
        name="tco",
        area="money",
        title="Total cost of ownership",
        purpose="What a unit really costs on our dock; compare at one Incoterm, date and volume.",
        formula="price + freight + duty + carrying + quality + qualification ÷ units + risk",
        source="House composition; duty on CIF in the EU, FOB in the US",
        chart="stack",
        fields=(
            money("price", "Unit price", low=0, example="2.40"),
            money("freight", "Freight a unit", low=0, required=False, default="0", example="0.08"),
            decimal("duty_rate", "Duty rate", low=0, high=10, required=False, example="0.035"),
            choice("duty_basis", "Duty on", ("cif", "fob"), required=False, example="cif"),
            decimal(
                "carry_rate", "Carrying rate a year", low=0, high=10, required=False, example="0.18"
            ),
            integer(
                "days_held", "Days held", low=0, high=3650, required=False, unit="d", example=60
            ),
            decimal(
                "quality_cost_rate",
                "Quality cost on price",
                low=0,
                high=10,
                required=False,
                example="0.015",
            ),
            money(
                "qualification_cost", "Qualification cost", low=0, required=False, example="45000"
            ),
            integer("amortise_units", "Spread over units", low=1, required=False, example=150000),
            money("risk_premium", "Risk premium a unit", low=0, required=False),
        ),
        outputs=("duty", "carrying", "quality", "qualification", "tco"),
        compute=_tco,
    ),
)
