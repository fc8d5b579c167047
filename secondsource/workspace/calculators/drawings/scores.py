"""Charts of scores, targets, standings, carbon and moisture."""

from __future__ import annotations

from typing import Any

from secondsource.core.charts import (
    Chart,
    Curve,
    Interval,
    Rule,
    Series,
    curves,
    intervals,
    pareto,
    stacked,
    stretch,
)
from secondsource.workspace.calculators.answers.words import Answer, figure, many, pct, title, word
from suppliers import msl


def _points(a: Answer, i: Answer) -> list[Chart]:
    """Points of each part of a score beside those that it could still cost or earn."""
    weights = i.get("weights") or {n: a["policy"]["values"].get(n, 0.0) for n in i["scores"]}
    known = sum(weights[name] for name in a["contributions"]) or 1
    rows = []
    for name, weight in weights.items():
        points = a["contributions"].get(name)
        most = 100 * weight / known if points is not None else 0.0
        told = "missing" if points is None else figure(points, 1)
        rows.append((title(name), (points or 0.0, max(0.0, most - (points or 0))), told))
    total = a["score"] if "score" in a else a["total"]
    if total is None:
        return []
    series = [Series("Points", "f-alt"), Series("Rest of the weight", "f-0")]
    return [stacked(rows, series, sentence=f"{figure(total)} of 100 points", first="Part")]


def _attained(a: Answer, i: Answer) -> list[Chart]:
    parts = (
        ("Conversions", "conversion_attainment"),
        ("Cost reduction", "cost_attainment"),
        ("Team", "team"),
    )
    rows = [(name, (float(a[key]), 1 - float(a[key])), pct(a[key])) for name, key in parts]
    series = [Series("Attained", "f-alt"), Series("Missing", "f-0")]
    return [stacked(rows, series, sentence=f"The team is at {pct(a['team'])}", first="Target")]


def _rates(a: Answer, i: Answer) -> list[Chart]:
    if a["otd"] is None:
        return []
    rows = [
        ("On time", (a["otd"], 1 - a["otd"]), pct(a["otd"], 1)),
        ("In full too", (a["otif"], 1 - a["otif"]), pct(a["otif"], 1)),
    ]
    series = [Series("Kept", "f-alt"), Series("Missed", "f-0")]
    said = f"{pct(a['otd'], 1)} on time, {pct(a['otif'], 1)} on time and in full"
    return [stacked(rows, series, sentence=said, first="Lines")]


def _months(a: Answer, i: Answer) -> list[Chart]:
    known = [(float(n), s) for n, s in enumerate(i["scores"], 1) if isinstance(s, int | float)]
    if len(known) < 2:
        return []
    values = a["policy"]["values"]
    up = {"probation": values["up_from_probation"], "approved": values["up_from_approved"],
          **(i.get("up") or {})}  # fmt: skip
    down = {"approved": values["down_from_approved"], "preferred": values["down_from_preferred"],
            "probation": values["down_from_probation"], **(i.get("down") or {})}  # fmt: skip
    start = i["start"]
    rules = [Rule(f"up from {start}", y=up[start])] if start in up else []
    rules += [Rule(f"down from {start}", y=down[start])] if start in down else []
    return [
        curves(
            [Curve("Score", known, dots=True)],
            sentence=f"{word(a['value'][-1])} after {many(len(i['scores']), 'month')}",
            x_name="Month",
            y_name="Score",
            x_label=figure,
            y_label=figure,
            rules=rules,
            from_zero=False,
        )
    ]


def _defects(a: Answer, i: Answer) -> list[Chart]:
    if a["dppm"] is None:
        return []
    row = Interval("Defective a million", a["dppm"], a["dppm"], a["upper95_one_sided"], "alt")
    said = f"{figure(a['dppm'])} seen, not above {figure(a['upper95_one_sided'])}"
    return [
        intervals(
            [row],
            sentence=said,
            label=figure,
            head=("", "Seen", "", "Upper", ""),
            ends=(0, 1e6),
        )
    ]


def _indices(a: Answer, i: Answer) -> list[Chart]:
    tones = {"accept": "good", "conditional": "warn", "reject": "bad"}
    rows = [
        Interval(f"Index {n}", value, None, None, tones[verdict], limits=(1.33, 1.67))
        for n, (value, verdict) in enumerate(zip(i["index"], a["value"], strict=True), 1)
    ][:20]
    good = a["value"].count("accept")
    said = f"{good} of {len(a['value'])} above 1.67"
    return [intervals(rows, sentence=said, label=figure, head=("", "Index", "", "", "Conditional"))]


def _legs(a: Answer, i: Answer) -> list[Chart]:
    rows = [
        (f"{word(leg['mode']).capitalize()}, {figure(leg['km'])} km", kg)
        for leg, kg in zip(i["legs"], a["legs_kg"], strict=True)
    ]
    rows = sorted(rows, key=lambda row: -row[1])[:15]
    said = f"{rows[0][0]} emits most"
    return [pareto(rows, sentence=said, first="Leg", second="kg CO₂e", coloured=1)]


def _footprint(a: Answer, i: Answer) -> list[Chart]:
    own = i["pcf_supplier_kg"]
    parts = (own, max(0.0, a["kg_per_unit"] - own))
    if not any(parts):
        return []
    series = [Series("Supplier", "f-inc"), Series("Freight", "f-alt")]
    row = ("A unit", parts, f"{figure(a['kg_per_unit'])} kg")
    return [stacked([row], series, sentence=f"{figure(a['kg_per_unit'])} kg CO₂e a unit")]


def _floor_life(a: Answer, i: Answer) -> list[Chart]:
    life = msl.floor_life(i["msl"])
    if not life:
        return []
    left = a["remaining_h"] or 0.0
    pieces = [(life - left, "f-bad" if a["must_bake"] else "f-inc"), (left, "f-goods")]
    told = "bake before use" if a["must_bake"] else f"{figure(left)} h left"
    said = f"{figure(life - left)} of {figure(life)} h used"
    return [stretch([(f"floor life {figure(life)} h", told, pieces)], life, sentence=said)]


DRAWINGS: dict[str, Any] = {
    "composite-risk": _points,
    "supplier-score": _points,
    "shared-kpi": _attained,
    "otd-otif": _rates,
    "standing": _months,
    "dppm": _defects,
    "process-index": _indices,
    "freight": _legs,
    "pcf": _footprint,
    "msl-remaining": _floor_life,
}
