"""Answers of several rows: a table each, the input beside its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qualification import ppap
from secondsource.core import formats
from secondsource.core.templatetags.ui import chip
from secondsource.workspace.calculators.answers.labels import label_of
from secondsource.workspace.calculators.answers.words import (
    Answer,
    figure,
    money,
    p_value,
    pct,
    plain,
    points,
    title,
    unit,
    whole,
    word,
    yes_no,
)

Rows = list[list[str]]
TONES = {
    "pass": "good", "accept": "good", "ok": "good", "inside": "good",
    "platinum": "good", "fail": "bad", "reject": "bad", "exceeds": "bad", "below": "warn",
    "above": "warn", "conditional": "warn", "not enough data": "warn", "too short": "bad",
    "too few": "bad", "must tell": "warn", "not pooled": "out",
}  # fmt: skip
"""Verdicts that are drawn as chips."""


@dataclass(frozen=True)
class AnswerTable:
    """A table of the answer; ``words`` counts the columns from the left that are words."""

    title: str
    head: list[str]
    rows: Rows
    words: int = 1

    @property
    def drawn(self) -> list[list[str]]:
        """The rows with verdicts as chips."""
        return [[_drawn(text) for text in row] for row in self.rows]


def _drawn(text: str) -> str:
    tone = TONES.get(text)
    if tone is None:
        return text
    icons = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-x"}
    return chip(text[:1].upper() + text[1:], tone, icons.get(tone, ""))


def _pilot(a: Answer, i: Answer) -> AnswerTable:
    asked = {model["model"]: model for model in i["models"]}
    rows = [
        [
            model["model"],
            f"{formats.number(asked[model['model']]['passed'])} of "
            f"{formats.number(asked[model['model']]['built'])}",
            *_against_floor(model),
            formats.number(model["good_units_to_decide"]),
            word(model["verdict"]),
        ]
        for model in a["models"]
    ]
    pooled = a["pooled"]
    if pooled["rd"] is not None:
        told = word(pooled["verdict"]) if pooled["used"] else "not pooled"
        margin = points(-(i.get("margin") or a["policy"]["values"]["margin"]))
        bounds = [points(pooled[name]) for name in ("rd", "lower", "upper")]
        rows.append(["Difference to the incumbent", _pooled_by(pooled), *bounds, margin, "–", told])
    head = ["Model", "Good", "Yield", "Lower", "Upper", "Floor", "More good units", "Verdict"]
    return AnswerTable("By product model", head, rows)


def _against_floor(model: Mapping[str, Any]) -> list[str]:
    """Yield, its bounds and the floor; the bound that decides with the digits that decide."""
    deciding = "upper" if model["verdict"] == "fail" else "lower"
    shown = {name: pct(model[name]) for name in ("point", "lower", "upper", "floor")}
    shown[deciding], shown["floor"] = formats.apart(model[deciding], model["floor"], pct, 2)
    return list(shown.values())


def _pooled_by(pooled: Mapping[str, Any]) -> str:
    p = pooled["heterogeneity_p"]
    method = {"sato": "Sato", "farrington_manning": "Farrington–Manning"}[pooled["method"]]
    return method if p is None else f"{method}, homogeneity p {p_value(p)}"


def _judged(title: str, head: str, values: Callable[[Answer], list[str]]) -> Any:
    def table(a: Answer, i: Answer) -> AnswerTable:
        rows = [[value, word(v)] for value, v in zip(values(i), a["value"], strict=True)]
        return AnswerTable(title, [head, "Verdict"], rows)

    return table


def _declared(a: Answer, i: Answer) -> AnswerTable:
    rows = []
    for name, values in i.items():
        substance, entries = name.split("_")[0], values if isinstance(values, list) else [values]
        mark = "% w/w" if substance == "SVHC" else "ppm"
        rows += [
            [substance, unit(mark)(value), word(verdict)]
            for value, verdict in zip(entries, a[substance], strict=True)
        ]
    return AnswerTable("By substance", ["Substance", "Found", "Verdict"], rows)


def _elements(a: Answer, i: Answer) -> AnswerTable:
    does = {
        n: told
        for key, told in (("S", "submit"), ("R", "retain"), ("on_request", "on request"))
        for n in a[key]
    }
    rows = [
        [f"{e.number} {e.name}", does[e.number], e.second_source or formats.MISSING]
        for e in ppap.ELEMENTS
    ]
    return AnswerTable("Elements", ["Element", "Level asks", "For a second source"], rows, 3)


def _floor_life(a: Answer, i: Answer) -> AnswerTable:
    levels = i["levels"] if isinstance(i["levels"], list) else [i["levels"]]
    told = {None: "unlimited", 0: "bake before use"}
    rows = [[level, told.get(a[level]) or unit("h")(a[level])] for level in levels]
    return AnswerTable("Floor life", ["Level", "Floor life"], rows)


def _split(a: Answer, i: Answer) -> AnswerTable:
    total = sum(a["x"]) or 1
    prices = i["price"]
    rows = [
        [f"Source {n}", whole(x), pct(x / total, 1), money(x * float(price))]
        for n, (x, price) in enumerate(zip(a["x"], prices, strict=True), 1)
    ]
    return AnswerTable("By source", ["Source", "Units", "Share", "At its price"], rows)


def _legs(a: Answer, i: Answer) -> AnswerTable:
    rows = [
        [word(leg["mode"]), unit("km")(leg["km"]), unit("kg")(kg)]
        for leg, kg in zip(i["legs"], a["legs_kg"], strict=True)
    ]
    return AnswerTable("By leg", ["Leg", "Distance", "CO₂e"], rows)


def _months(a: Answer, i: Answer) -> AnswerTable:
    rows = [
        [str(n), plain(score), value, "on hold" if hold else formats.MISSING]
        for n, (score, value, hold) in enumerate(
            zip(i["scores"], a["value"], a["hold"], strict=True), 1
        )
    ]
    return AnswerTable("Month by month", ["Month", "Score", "Standing", "Orders"], rows)


def _shares(a: Answer, i: Answer) -> AnswerTable:
    weights = dict(i.get("shares") or [])
    paid = a.get("paid")
    rows = [
        [name, plain(weights.get(name)), money(part, i),
         *([money(paid[name], i) if name in paid else "disputed"] if paid is not None else [])]
        for name, part in a["split"].items()
    ]  # fmt: skip
    head = ["Party", "Weight", "Share", *(["Paid now"] if paid is not None else [])]
    return AnswerTable("By party", head, rows)


def _nodes(a: Answer, i: Answer) -> AnswerTable:
    rows = [[name, money(a["PI"][name]), figure(a["REI"][name])] for name in a["PI"]]
    return AnswerTable("By node", ["Node", "Margin lost", "Index"], rows)


def _points(a: Answer, i: Answer) -> AnswerTable:
    weights = i.get("weights") or {}
    rows = [
        [title(name), figure(score), figure(weights.get(name)),
         figure(a["contributions"].get(name))]
        for name, score in i["scores"].items()
    ]  # fmt: skip
    return AnswerTable("By part", ["Part", "Score", "Weight", "Points"], rows)


def _products(a: Answer, i: Answer) -> AnswerTable:
    lost = a["lost_units"] if isinstance(a["lost_units"], list) else [a["lost_units"]]
    rows = [[f"Product {n}", whole(units)] for n, units in enumerate(lost, 1)]
    return AnswerTable("By product", ["Product", "Units lost"], rows)


def _levels(a: Answer, i: Answer) -> AnswerTable | None:
    if "coverage" not in a:
        return None
    rows = [
        [title(name), figure(a[name], 0), pct(a["coverage"][name], 0)] for name in a["coverage"]
    ]
    return AnswerTable("By level", ["Level", "HHI", "Known"], rows)


def _ratings(a: Answer, i: Answer) -> AnswerTable | None:
    if "revised" not in a:
        return None
    rows = [
        [name, *(str(given[k]) for k in "SOD"), told["action_priority"], str(told["rpn"])]
        for name, given, told in (("Before", i, a), ("After", i["revised"], a["revised"]))
    ]
    return AnswerTable("Before and after", ["", "S", "O", "D", "AP", "RPN"], rows)


def _audit(row: Mapping[str, Any]) -> str:
    closed = [n for n in ("priority", "major", "all") if row.get(f"{n}_closed")]
    return f"{figure(row['score'])}, closed: {', '.join(closed) or 'none'}"


TABLES: dict[str, Callable[[Answer, Answer], AnswerTable | None]] = {
    "pilot-verdict": _pilot,
    "process-index": _judged("By index", "Index", lambda i: [figure(v) for v in i["index"]]),
    "production-run": _judged(
        "By run",
        "Run",
        lambda i: [f"{figure(r['hours'])} h, {whole(r['parts'])}" for r in i["runs"]],
    ),
    "savings-band": _judged("By saving", "Saving", lambda i: [unit("%")(v) for v in i["pct"]]),
    "rba-recognition": _judged("By audit", "Audit", lambda i: [_audit(row) for row in i["rows"]]),
    "declarations": _declared,
    "ppap-elements": _elements,
    "msl-floor-life": _floor_life,
    "sourcing-split": _split,
    "freight": _legs,
    "standing": _months,
    "bonus-pool": _shares,
    "clawback": _shares,
    "rei": _nodes,
    "composite-risk": _points,
    "supplier-score": _points,
    "performance-impact": _products,
    "hhi": _levels,
    "action-priority": _ratings,
}

IN_TABLE = {
    "pilot-verdict": {"models", "pooled", "reasons", "verdict"},
    "ppap-elements": {"S", "R", "on_request"},
    "sourcing-split": {"x"},
    "freight": {"legs_kg"},
    "standing": {"hold"},
    "bonus-pool": {"split", "paid"},
    "clawback": {"split"},
    "rei": {"PI", "REI"},
    "composite-risk": {"contributions"},
    "supplier-score": {"contributions"},
    "performance-impact": {"lost_units"},
    "hhi": {
        "supplier",
        "manufacturer",
        "fab",
        "assembly",
        "country",
        "sub_tier",
        "die",
        "coverage",
    },
    "action-priority": {"revised"},
    "declarations": {"Pb", "Cd", "Hg", "CrVI", "PBB", "PBDE", "DEHP", "BBP", "DBP", "DIBP", "SVHC"},
    "msl-floor-life": {"1", "2", "2a", "3", "4", "5", "5a", "6"},
}
"""Outputs that stand in the table and not among the single figures."""


def single_rows(calculator: str, a: Answer, i: Answer) -> list[tuple[str, str]]:
    """Outputs that are one figure or a pair of bounds, with their labels."""
    hidden = IN_TABLE.get(calculator, set()) | {"method", "inputs", "policy", "enough"}
    listed = {"value"} if calculator in TABLES else set()
    shown = []
    for name, value in a.items():
        if name in hidden | listed:
            continue
        label, form = label_of(calculator, name)
        shown.append((label, _in_form(value, form, i)))
    return shown


def _in_form(value: Any, form: Any, asked: Answer) -> str:
    if isinstance(value, list):
        between = " to " if len(value) == 2 else ", "
        return between.join(form(entry) for entry in value) or formats.MISSING
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, bool):
        return yes_no(value)
    if form is money:
        return money(value, asked)
    return formats.MISSING if value is None else form(value)
