"""Charts of sample sizes, yields and the pilot verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qualification import proportions, sample_size
from secondsource.core.charts import Chart, Curve, Interval, Mark, Series, curves, intervals
from secondsource.workspace.calculators.answers.words import Answer, many, pct, points, whole

_RELIABILITIES = (
    0.5, 0.6, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.965,
    0.97, 0.975, 0.98, 0.985, 0.99, 0.9925, 0.995,
)  # fmt: skip
_TONES = {"pass": "good", "fail": "bad", "not_enough_data": "warn"}
_YIELD = (0.0, 1.0)


def _units(units: Callable[[float], int], reliability: float) -> list[tuple[float, float]]:
    low = min(0.8, reliability)
    chosen = [r for r in (*_RELIABILITIES, reliability) if low <= r <= max(0.995, reliability)]
    return [(r, float(units(r))) for r in sorted(set(chosen))]


def _against_reliability(a: Answer, i: Answer, drawn: list[Curve]) -> list[Chart]:
    said = f"{many(a['n'], 'unit')} for {pct(i['R'])}; each nine more costs ten times the units"
    return [
        curves(
            drawn,
            sentence=said,
            x_name="Reliability to show",
            y_name="Units to test",
            x_label=pct,
            y_label=whole,
            marks=[Mark(i["R"], a["n"], f"{whole(a['n'])} units")],
            log_y=True,
        )
    ]


def _success_run(a: Answer, i: Answer) -> list[Chart]:
    def units(r: float) -> int:
        return sample_size.success_run(confidence=i["C"], reliability=r).n

    return _against_reliability(a, i, [Curve("No failure", _units(units, i["R"]))])


def _plan(a: Answer, i: Answer) -> list[Chart]:
    def allowing(failures: int) -> Callable[[float], int]:
        return lambda r: (
            sample_size.binomial_plan(confidence=i["C"], reliability=r, allowed_failures=failures).n
        )

    named = f"{many(i['allowed_failures'], 'failure')} allowed"
    drawn = [Curve(named, _units(allowing(i["allowed_failures"]), i["R"]))]
    if i["allowed_failures"]:
        drawn.append(Curve("No failure", _units(allowing(0), i["R"]), "s-inc", dashed=True))
    return _against_reliability(a, i, drawn)


def _size(a: Answer, i: Answer) -> list[Chart]:
    given = {k: v for k, v in i.items() if k not in ("margin", "incumbent_units")}
    margins = sorted({*(n / 200 for n in range(2, 13)), i["margin"]})
    found = [
        (m, float(sample_size.noninferiority_size(**{**given, "margin": m}).n)) for m in margins
    ]
    marks = [] if "incumbent_units" in i else [Mark(i["margin"], a["n"], f"{whole(a['n'])} units")]
    return [
        curves(
            [Curve("New units", found)],
            sentence=f"{many(a['n'], 'new unit')}; half the margin asks for four times the units",
            x_name="Margin",
            y_name="New units to build",
            x_label=lambda m: points(m).lstrip("+"),
            y_label=whole,
            marks=marks,
            log_y=True,
        )
    ]


def _zero_failure(a: Answer, i: Answer) -> list[Chart]:
    fails, confidence = i.get("fails", 0), a["method"]["confidence"]
    sizes = sorted({n for n in (10, 20, 45, 77, 150, 231, 500, 1000, 2400, 10000) if n >= fails}
                   | {i["n"]})  # fmt: skip
    found = [
        (n, sample_size.failure_bound(n=n, fails=fails, confidence=confidence).p_upper)
        for n in sizes
    ]
    return [
        curves(
            [Curve("Upper bound", found)],
            sentence=f"{many(i['n'], 'unit')} show {pct(a['p_upper'])} at best",
            x_name="Units tested",
            y_name="Failure probability, upper bound",
            x_label=whole,
            y_label=pct,
            marks=[Mark(i["n"], a["p_upper"], pct(a["p_upper"]))],
            log_x=True,
            log_y=True,
        )
    ]


def _interval(a: Answer, i: Answer) -> list[Chart]:
    low, high = a["two_sided"]
    rows = [
        Interval("Two-sided", a["point"], low, high, "alt"),
        Interval(
            "One-sided 95 %", a["point"], a["one_sided_lower_95"], a["one_sided_upper_95"], "alt"
        ),
    ]
    said = f"Between {pct(low)} and {pct(high)}"
    return [intervals(rows, sentence=said, label=pct, ends=_YIELD, head=_HEAD[:4])]


_HEAD = ("", "Yield", "Lower", "Upper", "Floor")


def _arms(counts: Callable[[Answer], Sequence[tuple[str, int, int]]]) -> Any:
    """A row for each arm, with its exact 95 % interval."""

    def draw(a: Answer, i: Answer) -> list[Chart]:
        rows = [_arm(name, good, built) for name, good, built in counts(i)]
        said = ", ".join(f"{row.name} {pct(row.point)}" for row in rows)
        return [intervals(rows, sentence=said, label=pct, ends=_YIELD, head=_HEAD[:4])]

    return draw


def _arm(name: str, good: int, built: int) -> Interval:
    found = proportions.clopper_pearson(passed=good, built=built)
    css = "inc" if name.startswith("Incumbent") else "alt"
    return Interval(name, found.point, found.lower, found.upper, css)


def _of_table(i: Answer) -> list[tuple[str, int, int]]:
    (new_failed, new_good), (old_failed, old_good) = i["table"]
    return [
        ("New source", new_good, new_good + new_failed),
        ("Incumbent", old_good, old_good + old_failed),
    ]


def _of_strata(i: Answer) -> list[tuple[str, int, int]]:
    rows = []
    for n, ((new_good, new_failed), (old_good, old_failed)) in enumerate(i["strata"][:12], 1):
        rows.append((f"Model {n}, new", new_good, new_good + new_failed))
        rows.append((f"Incumbent, model {n}", old_good, old_good + old_failed))
    return [row for row in rows if row[2]]


def _difference(name: str, a: Answer, i: Answer, low: str, high: str, at: str) -> Chart:
    margin = i.get("margin")
    tone = {True: "good", False: "warn", None: "alt"}[a["noninferior"]]
    floor = None if margin is None else -margin
    row = Interval(name, a[at], a[low], a[high], tone, floor=floor)
    told = "" if margin is None else f", the margin is {points(-margin)}"
    return intervals(
        [row],
        sentence=f"{points(a[at])}, between {points(a[low])} and {points(a[high])}{told}",
        label=points,
        tick=lambda value: points(value).removesuffix(" points"),
        head=("", "Difference, points", "Lower", "Upper", "Margin"),
    )


def _newcombe(a: Answer, i: Answer) -> list[Chart]:
    return [_difference("New less incumbent", a, i, "lower", "upper", "difference")]


def _stratified(a: Answer, i: Answer) -> list[Chart]:
    if a["lower"] is None:
        return []
    return [_difference("New less incumbent", a, i, "lower", "upper", "rd")]


def _farrington_manning(a: Answer, i: Answer) -> list[Chart]:
    values = {**(a.get("policy") or {}).get("values", {}), **i}
    counts = (i["pass_new"], i["n_new"], i["pass_inc"], i["n_inc"])
    bounds = {
        "lower": proportions.score_bound(*counts, tail=values["alpha"], side=-1),
        "upper": proportions.score_bound(*counts, tail=values["alpha"], side=1),
        "d": i["pass_new"] / i["n_new"] - i["pass_inc"] / i["n_inc"],
        "noninferior": a["noninferior"],
    }
    asked = {"margin": values["margin"]}
    return [_difference("New less incumbent", bounds, asked, "lower", "upper", "d")]


def _pilot(a: Answer, i: Answer) -> list[Chart]:
    asked = {model["model"]: model for model in i["models"]}
    rows = [_model(model, asked[model["model"]]) for model in a["models"][:20]]
    passed = sum(model["verdict"] == "pass" for model in a["models"])
    legend = [Series("Incumbent", "ring", "ring"), Series("Floor", "tgt", "tick")]
    charts = [
        intervals(
            rows,
            sentence=f"{passed} of {many(len(a['models']), 'model')} at or above the floor",
            label=pct,
            ends=_YIELD,
            head=_HEAD,
            legend=legend if any(row.ring is not None for row in rows) else (),
        )
    ]
    pooled = a["pooled"]
    if pooled["lower"] is not None:
        used = {"pass": True, "fail": False}.get(pooled["verdict"]) if pooled["used"] else None
        told = {**pooled, "noninferior": used}
        margin = i.get("margin", a["policy"]["values"]["margin"])
        name = "Pooled difference" if pooled["used"] else "Difference, not used"
        charts.append(_difference(name, told, {"margin": margin}, "lower", "upper", "rd"))
    return charts


def _model(model: Mapping[str, Any], asked: Mapping[str, Any]) -> Interval:
    built = asked.get("incumbent_built")
    return Interval(
        model["model"],
        model["point"],
        model["lower"],
        model["upper"],
        _TONES[model["verdict"]],
        floor=model["floor"],
        ring=(asked.get("incumbent_passed") or 0) / built if built else None,
    )


def _of_four(i: Answer) -> list[tuple[str, int, int]]:
    return [("New source", i["x1"], i["n1"]), ("Incumbent", i["x2"], i["n2"])]


DRAWINGS = {
    "success-run": _success_run,
    "binomial-plan": _plan,
    "noninferiority-size": _size,
    "zero-failure-bound": _zero_failure,
    "clopper-pearson": _interval,
    "fisher-exact": _arms(_of_table),
    "two-proportion-z": _arms(_of_four),
    "cmh": _arms(_of_strata),
    "newcombe": _newcombe,
    "farrington-manning": _farrington_manning,
    "mh-risk-difference": _stratified,
    "pilot-verdict": _pilot,
}
