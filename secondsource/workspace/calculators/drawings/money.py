"""Charts of money: price ladder, cost against risk of a split, cumulative value, parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qualification import business_case
from secondsource.core.charts import (
    Chart,
    Curve,
    Interval,
    Mark,
    Rule,
    Series,
    curves,
    intervals,
    pareto,
    stacked,
)
from secondsource.core.inputs import MAX_COUNT
from secondsource.workspace.calculators.answers.words import (
    Answer,
    amount,
    figure,
    money,
    pct,
    unit,
    whole,
)
from suppliers import independence, price_break, split

_PER_CENT = unit("%")


def _ladder(a: Answer, i: Answer) -> list[Chart]:
    breaks = [(int(quantity), Decimal(str(price))) for quantity, price in i["breaks"]]
    end = max(breaks[-1][0] * 2, a["order_qty"] * 2, i["need"] * 2)
    quantities = sorted({quantity for quantity, _ in breaks} | {end})
    found = [(float(q), float(price_break.unit_price(q, breaks))) for q in quantities]
    paid = float(a["unit_price"])
    return [
        curves(
            [Curve("Unit price", found, step=True)],
            sentence=f"{whole(a['order_qty'])} at {money(a['unit_price'])} is the cheapest order",
            x_name="Quantity",
            y_name="Unit price",
            x_label=whole,
            y_label=figure,
            marks=[Mark(a["order_qty"], paid, f"order {whole(a['order_qty'])}")],
            rules=[Rule(f"need {whole(i['need'])}", x=i["need"])],
            log_x=True,
            from_zero=False,
        )
    ]


def _frontier(a: Answer, i: Answer) -> list[Chart]:
    """Cost against risk, for two sources without fixed costs or least orders."""
    if len(i["price"]) != 2 or any(v for name in ("fixed", "moq") for v in i.get(name) or []):
        return []
    demand = int(i["demand"])
    if not 1 <= demand <= MAX_COUNT:
        return []
    cap = (i.get("max_share") or [1, 1])[1]
    capacity = (i.get("capacity") or [None, None])[1]
    cap = min(cap, 1 if capacity is None else capacity / i["demand"])
    first, second = (Decimal(str(price)) for price in i["price"])
    found = split.frontier(
        demand=demand,
        incumbent_tco=first,
        second_tco=second,
        share_cap=Decimal(str(round(cap, 6))),
        exposure=_concentration,
    )
    points = [(float(p.exposure), float(p.yearly_tco)) for p in found]
    chosen = a["x"][1] / i["demand"]
    spread = float(_concentration(Decimal(str(chosen))))
    return [
        curves(
            [Curve("Second source from 0 % up", points, dots=True)],
            sentence=f"{pct(chosen, 0)} from the second source is chosen; to the left the risk is "
            "less concentrated",
            x_name="Concentration, HHI",
            y_name="Cost",
            x_label=whole,
            y_label=whole,
            marks=[Mark(spread, a["cost"], f"{pct(chosen, 0)} second source", "f-good")],
            from_zero=False,
        )
    ]  # fmt: skip


def _concentration(share: Decimal) -> Decimal:
    return Decimal(str(independence.hhi([float(1 - share), float(share)]).hhi))


def _tco(a: Answer, i: Answer) -> list[Chart]:
    parts = [("Price", amount(i["price"])), ("Freight", amount(i.get("freight", 0)))]
    parts += [(name.capitalize(), float(a[name]))
              for name in ("duty", "carrying", "quality", "qualification", "risk")]  # fmt: skip
    rows = sorted((part for part in parts if part[1]), key=lambda part: -part[1])
    if not rows:
        return []
    said = f"{rows[0][0]} is the largest part of {money(a['tco'])}"
    return [pareto(rows, sentence=said, first="Part", second="A unit", coloured=1)]


def _npv(a: Answer, i: Answer) -> list[Chart]:
    flows = [amount(flow) for flow in i["cashflows"]]
    timing = i.get("timing", "year-end")
    found = [
        (float(n - 1), business_case.present_value(
            cashflows=flows[:n], rate=i["rate"], timing=timing).npv)
        for n in range(1, len(flows) + 1)
    ]  # fmt: skip
    return _cumulative(found, "Year", f"{money(float(a['npv']))} after {len(flows) - 1} years")


def _npv_monthly(a: Answer, i: Answer) -> list[Chart]:
    cost, monthly, months = amount(i["cost"]), amount(i["monthly"]), i["months"]
    chosen = sorted({1, months, *(max(1, round(months * n / 24)) for n in range(25))})
    found = [(0.0, -cost)] + [
        (float(n), business_case.monthly_value(
            cost=cost, monthly=monthly, months=n, annual_rate=i["annual_rate"]).npv)
        for n in chosen
    ]  # fmt: skip
    return _cumulative(found, "Month", f"{money(float(a['npv']))} after {months} months")


def _cumulative(found: list[tuple[float, float]], x_name: str, said: str) -> list[Chart]:
    if len(found) < 2:
        return []
    return [
        curves(
            [Curve("Discounted and added up", found, "s-alt", area=True, dots=len(found) < 15)],
            sentence=said,
            x_name=x_name,
            y_name="Value so far",
            x_label=figure,
            y_label=whole,
            marks=[Mark(*found[-1], whole(found[-1][1]))],
            rules=[Rule("paid back", y=0.0)],
        )
    ]


def _two_parts(a: Answer, i: Answer) -> list[Chart]:
    parts = (float(a["negotiated"]), float(a["volume_shift"]))
    if min(parts) < 0 or not any(parts):
        return []
    series = [Series("Negotiated", "f-inc"), Series("Shifted", "f-alt")]
    said = f"{money(a['negotiated'])} negotiated and {money(a['volume_shift'])} shifted"
    return [stacked([("Saving", parts, money(a["total"]))], series, sentence=said)]


def _parties(a: Answer, i: Answer) -> list[Chart]:
    rows = sorted(((n, float(v)) for n, v in a["split"].items()), key=lambda row: -row[1])[:15]
    if not rows or not rows[0][1]:
        return []
    said = f"{rows[0][0]} has the largest part"
    return [pareto(rows, sentence=said, first="Party", second="Amount", coloured=1)]


def _band(a: Answer, i: Answer) -> list[Chart]:
    values = a["policy"]["values"]
    limits = (float(values["band_low_pct"]), float(values["band_high_pct"]))
    given = i["pct"][:20]
    rows = [
        Interval(f"Saving {n}", float(value), None, None, "good" if word == "inside" else "warn",
                 limits=limits)
        for n, (value, word) in enumerate(zip(given, a["value"], strict=False), 1)
    ]  # fmt: skip
    inside = sum(word == "inside" for word in a["value"])
    said = f"{inside} of {len(a['value'])} inside {limits[0]:g} to {limits[1]:g} per cent"
    head = ("", "Saving", "", "", "Band")
    return [intervals(rows, sentence=said, label=_PER_CENT, head=head)]


def _realised(a: Answer, i: Answer) -> list[Chart]:
    done, planned = float(a["realised"]), float(a["annualised"])
    if done < 0 or planned <= 0:
        return []
    series = [Series("Realised by receipts", "f-alt"), Series("Forecast only", "f-0")]
    row = ("12 months", (done, max(0.0, planned - done)), f"{figure(a['realisation_pct'])} %")
    said = f"{money(a['realised'])} of {money(a['annualised'])}"
    return [stacked([row], series, sentence=said)]


DRAWINGS: dict[str, Any] = {
    "price-break": _ladder,
    "sourcing-split": _frontier,
    "tco": _tco,
    "npv": _npv,
    "npv-monthly": _npv_monthly,
    "savings-split": _two_parts,
    "savings-band": _band,
    "realised-savings": _realised,
    "bonus-pool": _parties,
    "clawback": _parties,
}
