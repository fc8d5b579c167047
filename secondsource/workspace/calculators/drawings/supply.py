"""Charts of supply risk: common cause, lead times, cover, stock."""

from __future__ import annotations

from typing import Any

from secondsource.core import formats
from secondsource.core.charts import Chart, Curve, Mark, Rule, curves, pareto
from secondsource.workspace.calculators.answers.words import Answer, figure, many, money, pct, whole
from secondsource.workspace.survival_chart import survival_chart
from suppliers import cover, independence, lead_time, notices


def _joint(a: Answer, i: Answer) -> list[Chart]:
    betas = sorted({*(n / 20 for n in range(21)), i["beta"]})
    found = [
        (b, independence.joint_failure(p_single=i["p_single"], beta=b).p_both_down) for b in betas
    ]
    return [
        curves(
            [Curve("Both down", found, "s-alt")],
            sentence=f"At a shared fraction of {figure(i['beta'])} both are down with "
            f"{pct(a['p_both_down'])}; at 1 nothing is gained",
            x_name="Common-cause fraction",
            y_name="Chance that both are down",
            x_label=figure,
            y_label=pct,
            marks=[Mark(i["beta"], a["p_both_down"], pct(a["p_both_down"]))],
            rules=[Rule("one source alone", y=i["p_single"])],
        )
    ]


def _shares(a: Answer, i: Answer) -> list[Chart]:
    if "shares" in i:
        rows = [(f"Source {n}", 100 * share) for n, share in enumerate(i["shares"], 1)]
    else:
        rows = [(line.get("supplier", f"Line {n}"), 100 * line["share"])
                for n, line in enumerate(i["lines"], 1)]  # fmt: skip
    rows = sorted(rows, key=lambda row: -row[1])[:12]
    said = f"The largest carries {formats.number(rows[0][1], 1)} per cent"
    return [pareto(rows, sentence=said, first="Source", second="Share, %", coloured=1)]


def _lead_time(a: Answer, i: Answer) -> list[Chart]:
    ends = (*i["incumbent"], *i["second"])
    low, high = max(0.0, min(ends) * 0.9), max(ends) * 1.05
    days = [low + (high - low) * n / 60 for n in range(61)]
    both = {"incumbent": i["incumbent"], "second": i["second"]}
    told = [
        lead_time.two_sources(**both, dependence=i.get("dependence", "independent"), due_day=d)
        for d in days
    ]
    drawn = [
        Curve(name, [(d, lead_time.arrived_by(**both, split_second=w, day=d)) for d in days], css)
        for name, w, css in (("Incumbent", 0, "s-inc"), ("Second source", 1, "s-alt"))
    ]
    first = [(d, _known(t.p_something)) for d, t in zip(days, told, strict=True)]
    kit = [(d, _known(t.p_complete)) for d, t in zip(days, told, strict=True)]
    drawn.append(Curve("First of the two", first, "s-3", dashed=True))
    drawn.append(Curve("Full kit", kit, "s-4", dashed=True))
    rules = [Rule(f"due, day {figure(i['due_day'])}", x=i["due_day"])] if "due_day" in i else []
    return [
        curves(
            drawn,
            sentence=f"The first order is there after {figure(a['E_first'], 1)} days on average, "
            f"the full kit after {figure(a['E_last'], 1)}",
            x_name="Day",
            y_name="Arrived by then",
            x_label=figure,
            y_label=pct,
            rules=rules,
        )
    ]


def _known(value: float | None) -> float:
    assert value is not None, "a due day was given"
    return value


def _safety_stock(a: Answer, i: Answer) -> list[Chart]:
    given = {
        "lead_mean_days": i["L_mean_d"],
        "demand_sd_day": i["sd_demand_d"],
        "demand_day": i["demand_d"],
        "lead_sd_days": i.get("sd_L_d", 0.0),
    }
    levels = sorted({0.5, *(n / 100 for n in range(60, 100, 4)), 0.98, 0.99, 0.995, i["service"]})
    found = [(s, lead_time.safety_stock(service=s, **given).safety_stock) for s in levels]
    return [
        curves(
            [Curve("Safety stock", found)],
            sentence=f"{whole(a['ss'])} units for {pct(i['service'])}; the last per cent costs "
            "most",
            x_name="Cycle service level",
            y_name="Safety stock, units",
            x_label=pct,
            y_label=whole,
            marks=[Mark(i["service"], a["ss"], f"{whole(a['ss'])} units")],
        )
    ]


def _lost(a: Answer, i: Answer) -> list[Chart]:
    lost = a["lost_units"] if isinstance(a["lost_units"], list) else [a["lost_units"]]
    if len(lost) < 2 or not any(lost):
        return []
    rows = [(f"Product {n}", units) for n, units in enumerate(lost, 1)]
    said = f"{money(a['performance_impact'])} of margin are lost where they cost least"
    return [pareto(rows, sentence=said, first="Product", second="Units lost", coloured=1)]


def _nodes(a: Answer, i: Answer) -> list[Chart]:
    rows = sorted(a["PI"].items(), key=lambda row: -row[1])[:15]
    said = f"{rows[0][0]} hurts most" if rows[0][1] else "No node is hurt"
    return [pareto(rows, sentence=said, first="Node", second="Margin lost", coloured=1)]


def _survive(a: Answer, i: Answer) -> list[Chart]:
    stock: dict[str, Any] = {
        "inventory": _list(i["inventory"]),
        "demand_wk": _list(i["demand_wk"]),
    }
    alone = cover.time_to_survive(**stock)
    if alone.tts_wk is None:
        return []
    first = cover.Alternate(
        capacity_wk=i.get("alternative_capacity_wk", 0),
        lead_wk=i.get("alternative_lead_wk", 0),
        independent=i.get("alternative_independent", True),
    )
    further = [cover.Alternate(**_known_of(one)) for one in i.get("alternates", ())]
    alternates = ([first] if first.capacity_wk else []) + further
    helped = cover.time_to_survive(alternates=alternates, **stock)
    leads = [one.lead_wk for one in alternates]
    lasts = a["TTS_wk"]
    span = i.get("TTR_wk") or max(alone.tts_wk, lasts or 0, *leads, 0) * 1.25 or 1
    rows = [("stock alone", _weeks(alone.tts_wk), alone.stretches)]
    if alternates:
        rows.append(("with alternates", _weeks(lasts), helped.stretches))
    end = "to recovery" if i.get("TTR_wk") else "drawn"
    said = f"{'It never runs out' if lasts is None else f'{figure(lasts)} weeks'} of "
    return [survival_chart(rows, span, sentence=f"{said}{figure(span)} weeks {end}", ticks=leads)]


def _known_of(one: Answer) -> dict[str, Any]:
    return {name: value for name, value in one.items() if value is not None}


def _weeks(lasts: float | None) -> str:
    return "never runs out" if lasts is None else f"{figure(lasts)} weeks"


def _list(value: Any) -> list[float]:
    return value if isinstance(value, list) else [value]


def _last_buy(a: Answer, i: Answer) -> list[Chart]:
    given = {k: v for k, v in i.items() if k != "months"}
    months = sorted({max(0.5, i["months"] * n / 20) for n in range(31)} | {i["months"]})
    months = [m for m in months if m <= 600]
    found = [(m, float(notices.last_time_buy(**given, months=m).quantity)) for m in months]
    return [
        curves(
            [Curve("Units to buy", found)],
            sentence=f"{many(a['qty'], 'unit')} cover {figure(i['months'])} months",
            x_name="Months to cover",
            y_name="Units to buy",
            x_label=figure,
            y_label=whole,
            marks=[Mark(i["months"], a["qty"], f"{whole(a['qty'])} units")],
        )
    ]


DRAWINGS = {
    "beta-factor": _joint,
    "hhi": _shares,
    "lead-time": _lead_time,
    "safety-stock": _safety_stock,
    "performance-impact": _lost,
    "rei": _nodes,
    "time-to-survive": _survive,
    "last-time-buy": _last_buy,
}
