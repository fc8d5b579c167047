"""Charts of measured parameters and of reliability."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qualification import capability, reliability
from secondsource.core import formats
from secondsource.core.charts import (
    Chart,
    Curve,
    Interval,
    Mark,
    Rule,
    curves,
    histogram,
    intervals,
)
from secondsource.workspace.calculators.answers.words import Answer, figure, many, whole

_SIZES = (5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300)


def _capability(a: Answer, i: Answer) -> list[Chart]:
    rules = [Rule(name, x=i[name]) for name in ("LSL", "USL") if name in i]
    rules.append(Rule(f"mean {figure(a['mean'])}", x=a["mean"]))
    said = f"{many(len(i['data']), 'value')} around {figure(a['mean'])}"
    return [histogram(i["data"], sentence=said, x_name="Value", label=figure, rules=rules)]


def _bound(name: str, given: str, lower: Callable[[float, int, float], float]) -> Any:
    def draw(a: Answer, i: Answer) -> list[Chart]:
        confidence, index = a["method"]["confidence"], i[given]
        sizes = sorted({*_SIZES, i["n"]})
        found = [(float(n), lower(index, n, confidence)) for n in sizes]
        return [
            curves(
                [Curve("Lower bound", found)],
                sentence=f"{many(i['n'], 'value')} show {figure(a['lower'])} of "
                f"{figure(index)} seen",
                x_name="Values measured",
                y_name=name,
                x_label=whole,
                y_label=figure,
                marks=[Mark(i["n"], a["lower"], figure(a["lower"]))],
                rules=[Rule(f"seen {figure(index)}", y=index)],
                log_x=True,
                from_zero=index >= 0,
            )
        ]

    return draw


def _ppk(index: float, n: int, confidence: float) -> float:
    return capability.ppk_bound(ppk=index, n=n, confidence=confidence).lower


def _cp(index: float, n: int, confidence: float) -> float:
    return capability.cp_bound(cp=index, n=n, confidence=confidence).lower


def _cpl(a: Answer, i: Answer) -> list[Chart]:
    rows = [
        Interval("Exact", i["index"], a["lower"], i["index"], "alt"),
        Interval("Bissell", i["index"], a["bissell"], i["index"], "inc"),
    ]
    said = f"At least {figure(a['lower'])} of {figure(i['index'])} seen"
    return [intervals(rows, sentence=said, label=figure, head=("", "Seen", "Lower", "", ""))]


def _tost(a: Answer, i: Answer) -> list[Chart]:
    if not a["interval"]:
        return []
    low, high = a["interval"]
    tone = "good" if a["equivalent"] else "warn"
    row = Interval("New less incumbent", a["diff"], low, high, tone, limits=(i["low"], i["high"]))
    inside = "inside" if a["equivalent"] else "not inside"
    return [
        intervals(
            [row],
            sentence=f"The interval lies {inside} the limits",
            label=figure,
            head=("", "Difference", "Lower", "Upper", "Limits"),
        )
    ]


def _arrhenius(a: Answer, i: Answer) -> list[Chart]:
    energy = i.get("Ea_eV", 0.7)
    reach = max(10.0, abs(i["Tstress_C"] - i["Tuse_C"]))
    least = max(reliability.LEAST_CELSIUS + 1, min(i["Tuse_C"], i["Tstress_C"]))
    warmest = min(reliability.MOST_CELSIUS, least + 1.3 * reach)
    degrees = sorted({*(least + (warmest - least) * n / 24 for n in range(25)), i["Tstress_C"]})
    found = [
        (
            t,
            reliability.arrhenius(
                activation_energy_ev=energy, use_c=i["Tuse_C"], stress_c=t
            ).factor,
        )
        for t in degrees
    ]
    return [
        curves(
            [Curve("Factor", found)],
            sentence=f"{figure(a['AF'])} times faster at {figure(i['Tstress_C'])} °C",
            x_name="Stress, °C junction",
            y_name="Acceleration factor",
            x_label=figure,
            y_label=figure,
            marks=[Mark(i["Tstress_C"], a["AF"], figure(a["AF"]))],
            log_y=True,
        )
    ]


def _stress(a: Answer, i: Answer) -> list[Chart]:
    given = {
        "hours": i["hours"],
        "activation_energy_ev": i.get("Ea", 0.7),
        "use_c": i["Tuse"],
        "stress_c": i["Tstress"],
        "confidence": a["method"]["confidence"],
    }
    sizes = sorted(
        {n for n in (25, 45, 77, 150, 231, 462, 800, 2400) if n >= i["fails"]} | {i["n"]}
    )
    found = [
        (float(n), reliability.stress_fit(devices=n, failures=i["fails"], **given).fit_upper)
        for n in sizes
    ]
    return [
        curves(
            [Curve("Upper bound", found)],
            sentence=f"{many(i['n'], 'device')} show {figure(a['fit'])} FIT at best",
            x_name="Devices",
            y_name="FIT, upper bound",
            x_label=whole,
            y_label=figure,
            marks=[Mark(i["n"], a["fit"], f"{figure(a['fit'])} FIT")],
            log_x=True,
            log_y=True,
        )
    ]


def _mtbf(a: Answer, i: Answer) -> list[Chart]:
    confidence, ended = a["method"]["confidence"], i.get("termination", "time")
    first = 1 if ended == "failure" else 0
    counts = range(first, max(first + 6, i["failures"] + 3)) if i["failures"] < 50 else ()
    found = [
        (
            float(n),
            reliability.mtbf_bound(
                total_device_hours=i["total_device_hours"],
                failures=n,
                confidence=confidence,
                termination=ended,
            ).mtbf_lower,
        )
        for n in counts
    ]
    if not found:
        return []
    return [
        curves(
            [Curve("Lower bound", found, dots=True)],
            sentence=f"At least {figure(a['mtbf_lower'])} h with {many(i['failures'], 'failure')}",
            x_name="Failures",
            y_name="MTBF, lower bound, h",
            x_label=formats.number,
            y_label=whole,
            marks=[Mark(i["failures"], a["mtbf_lower"], f"{figure(a['mtbf_lower'])} h")],
        )
    ]


def _demo(a: Answer, i: Answer) -> list[Chart]:
    allowed = i.get("allowed_failures", 0)
    if allowed > 50:
        return []
    found = [
        (
            float(n),
            reliability.demonstration(
                target_mtbf=i["target_mtbf"],
                confidence=a["method"]["confidence"],
                allowed_failures=n,
            ).device_hours,
        )
        for n in range(max(6, allowed + 3))
    ]
    return [
        curves(
            [Curve("Device-hours", found, dots=True)],
            sentence=f"{whole(a['device_hours'])} device-hours; every failure allowed costs more",
            x_name="Failures allowed",
            y_name="Device-hours",
            x_label=formats.number,
            y_label=whole,
            marks=[Mark(allowed, a["device_hours"], whole(a["device_hours"]))],
        )
    ]


DRAWINGS = {
    "capability": _capability,
    "ppk-bound": _bound("Ppk", "Ppk", _ppk),
    "cp-bound": _bound("Cp", "Cp", _cp),
    "cpl-bound": _cpl,
    "tost": _tost,
    "arrhenius": _arrhenius,
    "htol-fit": _stress,
    "mtbf": _mtbf,
    "mtbf-demo": _demo,
}
