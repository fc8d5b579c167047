"""What the page of a pilot build shows of its results: verdict, charts, table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from qualification.models import PilotParameter
from qualification.pilot import Pooled
from qualification.pilot_parameters import ParameterResult
from qualification.pilot_verdicts import ModelResult, PilotResults
from qualification.pilot_work import beside, floor_in_words, percent_of, reasons_of
from secondsource.core import charts
from secondsource.core.charts import Chart, Dot, Dots
from secondsource.core.errors import Reason
from secondsource.core.formats import MINUS, MISSING, number
from secondsource.core.money import round_apart
from secondsource.core.templatetags.ui import chip

#: Verdict → word, tone, icon.
VERDICTS = {
    "pass": ("Pass", "good", "circle-check"),
    "fail": ("Fail", "bad", "octagon-x"),
    "not_enough_data": ("Not enough data", "warn", "triangle-alert"),
}
_SHORT = {"pass": "passes", "fail": "is below its floor", "not_enough_data": "has not enough data"}
MOST_DEFECTS = 5


def verdict_chip(verdict: str) -> SafeString:
    """The chip of a verdict."""
    word, tone, icon = VERDICTS[verdict]
    return chip(word, tone, icon=icon)


@dataclass(frozen=True)
class Banner:
    """The verdict as a note: tone, title, and what decides it."""

    tone: str
    title: str
    lines: Sequence[str]


def banner(results: PilotResults) -> Banner:
    """The verdict over all models, with every reason and remedy."""
    word, tone, _ = VERDICTS[results.verdict]
    if not results.started:
        lines = [_line(reason) for reason in reasons_of(results)]
        return Banner("", "No verdict yet: nothing was built under this plan.", lines)
    title = f"Verdict: {word.lower()}. {_named(results)}"
    return Banner(tone, title.strip(), [_line(reason) for reason in reasons_of(results)])


def _line(reason: Reason) -> str:
    return f"{reason.detail} {reason.fix}".strip()


def _named(results: PilotResults) -> str:
    """``KC-515 is below its floor, KC-118 has not enough data.``"""
    if results.verdict == "pass":
        return "Every model reaches its floor."
    parts = [
        f"{one.code} {_SHORT[verdict]}"
        for verdict in ("fail", "not_enough_data")
        for one in results.of(verdict)
    ]
    return f"{', '.join(parts)}." if parts else ""


def yields(results: PilotResults) -> Dots | None:
    """The yield of each model with its bounds, floor and incumbent; None before the first unit."""
    if not results.started:
        return None
    return charts.dots(
        [_yield(one) for one in results.models],
        label=lambda value: percent_of(value / 100, 2),
        tick=lambda value: f"{value:g}\u202f%",
        ends=(0, 100),
    )


def _yield(one: ModelResult) -> Dot:
    model, judged, least = one.model, one.judged, float(one.model.floor)
    word, tone, _ = VERDICTS[one.verdict]
    floor = floor_in_words(least)
    counts = f"{number(one.good)} of {number(one.started)} good"
    bounds = (
        f", bounds {beside(judged.lower, least, 2)} to {beside(judged.upper, least, 2)}"
        if judged
        else ""
    )
    return Dot(
        name=one.code,
        note=model.product.name,
        mark=verdict_chip(one.verdict),
        sentence=f"{one.code}: {counts}{bounds}, floor {floor}. {word}.",
        point=100 * judged.point if judged else None,
        lower=100 * judged.lower if judged else None,
        upper=100 * judged.upper if judged else None,
        tone=tone,
        floor=100 * least,
        ring=100 * incumbent if (incumbent := incumbent_yield(one)) is not None else None,
    )


def incumbent_yield(one: ModelResult) -> float | None:
    """The incumbent's yield; None without units."""
    started = one.model.incumbent_started
    return one.model.incumbent_good / started if started else None


def difference(results: PilotResults) -> Dots | None:
    """The pooled difference to the incumbent in points; None where there is none."""
    pooled = results.judged.pooled if results.judged else None
    if pooled is None or pooled.rd is None or pooled.lower is None or pooled.upper is None:
        return None
    margin = 100 * float(results.plan.margin)
    tone = VERDICTS[pooled.verdict or "not_enough_data"][1] if pooled.used else "neu"
    used = "" if pooled.used else "; not used because the models differ"
    limit, (lower, upper) = _margin(results), _bounds(pooled, results)
    sentence = (
        f"Pooled difference {points(pooled.rd)} points, one-sided bounds {lower}"
        f" and {upper}, margin {limit}{used}"
    )
    one = Dot(
        name="Pooled difference",
        note=f"alternate − incumbent, points. Tick: margin {limit}",
        sentence=sentence,
        point=100 * pooled.rd,
        lower=100 * pooled.lower,
        upper=100 * pooled.upper,
        tone=tone,
        floor=-margin,
    )
    return charts.dots(
        [one], label=lambda value: f"{signed(value, 2)} points", tick=lambda v: signed(v, None)
    )


def defects(counts: Sequence[tuple[str, int]], failed: int) -> Chart | None:
    """What failed most, the rest and units without a named defect together."""
    rows = [(name, count) for name, count in counts[:MOST_DEFECTS]]
    rest = sum(count for _, count in counts[MOST_DEFECTS:])
    if rest:
        rows.append(("Other", rest))
    if not rows:
        return None
    top = f"{rows[0][0]} is the most frequent defect, {number(rows[0][1])}"
    return charts.pareto(
        rows, sentence=f"{top} of {number(failed)} failed units.", first="Defect", second="Units"
    )


@dataclass(frozen=True)
class Row:
    """A line of the table of results."""

    code: str
    name: str
    url: str
    started: str
    planned: str
    good: str
    point: str
    lower: str
    upper: str
    floor: str
    incumbent: str
    incumbent_of: str
    chip: SafeString
    further: str


def table(results: PilotResults) -> list[Row]:
    """The table of results by model."""
    return [_row(one) for one in results.models]


def _row(one: ModelResult) -> Row:
    model, judged, floor = one.model, one.judged, float(one.model.floor)
    further = ""
    if one.verdict == "not_enough_data" and one.needed:
        further = f"{number(one.needed)} more good {'unit' if one.needed == 1 else 'units'}"
    return Row(
        code=one.code,
        name=model.product.name,
        url=model.product.get_absolute_url(),
        started=number(one.started),
        planned=number(model.units),
        good=number(one.good) if judged else MISSING,
        point=_pct(judged.point) if judged else MISSING,
        lower=beside(judged.lower, floor, 2) if judged else MISSING,
        upper=beside(judged.upper, floor, 2) if judged else MISSING,
        floor=floor_in_words(floor),
        incumbent=MISSING if (found := incumbent_yield(one)) is None else _pct(found),
        incumbent_of=number(model.incumbent_started) if model.incumbent_started else "",
        chip=verdict_chip(one.verdict),
        further=further,
    )


def pooled_row(results: PilotResults) -> dict[str, Any] | None:
    """The line of the pooled difference; None where no model has units of both sources."""
    pooled = results.judged.pooled if results.judged else None
    if pooled is None or pooled.rd is None or pooled.lower is None or pooled.upper is None:
        return None
    return {
        "method": _METHODS[pooled.method],
        "started": number(results.started),
        "good": number(results.good),
        "point": f"{points(pooled.rd)} pts",
        "lower": _bounds(pooled, results)[0],
        "upper": _bounds(pooled, results)[1],
        "margin": _margin(results),
        "why": _why(pooled),
        "chip": verdict_chip(pooled.verdict)
        if pooled.used and pooled.verdict
        else chip("Not pooled", "out", icon="split"),
    }


_METHODS = {
    "sato": "stratified, Sato",
    "farrington_manning": "summed counts, Farrington–Manning, as an arm has no failure",
    "none": "",
}


def _why(pooled: Pooled) -> str:
    p = pooled.heterogeneity_p
    if p is None:
        return "nothing says that the models differ"
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    return f"models agree, {shown}" if pooled.used else f"models differ, {shown}"


def _pct(share: float) -> str:
    return percent_of(share, 2)


def points(share: float) -> str:
    """A difference of shares in points with its sign: ``−0.55``."""
    return signed(100 * share, 2)


def _margin(results: PilotResults) -> str:
    """The worst difference that the plan allows, in points."""
    return _in_points((-100 * results.plan.margin).normalize(), 1)


def _bounds(pooled: Pooled, results: PilotResults) -> tuple[str, str]:
    """The bounds of the difference in points, each on its side of the margin."""
    margin = -100 * results.plan.margin
    exact = [Decimal(repr(bound or 0.0)) * 100 for bound in (pooled.lower, pooled.upper)]
    lower, upper = (_in_points(round_apart(bound, margin), 2) for bound in exact)
    return lower, upper


def _in_points(value: Decimal, least: int) -> str:
    return signed(float(value), max(least, -int(value.as_tuple().exponent)))


def signed(value: float, places: int | None) -> str:
    """A number with its sign; as many places as it has when ``places`` is None."""
    text = f"{abs(value):g}" if places is None else f"{abs(value):.{places}f}"
    if not float(text):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


@dataclass(frozen=True)
class ParameterRow:
    """A line of the table of parameters."""

    name: str
    limits: str
    values: str
    mean: str
    incumbent_mean: str
    ppk: str
    ppk_lower: str
    interval: str
    within: str
    chip: SafeString


def parameters(results: Sequence[ParameterResult]) -> list[ParameterRow]:
    """Capability and equivalence by parameter."""
    return [_parameter(one) for one in results]


def _parameter(one: ParameterResult) -> ParameterRow:
    unit, shown, equal = one.parameter.unit, one.capability, one.equivalence
    means = (shown.mean if shown else None, _incumbent_mean(one))
    interval = MISSING
    if equal is not None and equal.interval is not None:
        within_least = None if one.difference is None else -one.difference
        low, high = equal.interval
        interval = f"{_figure(low, within_least)} to {_figure(high, one.difference)}"
    within = MISSING if one.difference is None else f"±{_figure(one.difference)} {unit}".strip()
    return ParameterRow(
        name=one.parameter.name,
        limits=_limits(one.parameter),
        values=f"{number(one.alternate)} / {number(one.incumbent)}",
        mean=_figure(means[0]),
        incumbent_mean=_figure(means[1]),
        ppk=_index(shown.ppk if shown else None),
        ppk_lower=_index(shown.ppk_lower if shown else None),
        interval=interval,
        within=within,
        chip=_equal_chip(one),
    )


def _incumbent_mean(one: ParameterResult) -> float | None:
    """The incumbent's mean, from the difference of the means."""
    if one.capability is None or one.equivalence is None:
        return None
    return one.capability.mean - one.equivalence.diff


def _equal_chip(one: ParameterResult) -> SafeString:
    if one.problem:
        return chip("Cannot be judged", "warn", title=one.problem)
    if one.equivalence is None or one.equivalence.equivalent is None:
        return chip("Not enough data", "out")
    if one.equivalence.equivalent:
        return chip("Equivalent", "good", icon="circle-check")
    return chip("Not shown to be equivalent", "warn", icon="triangle-alert")


def _limits(parameter: PilotParameter) -> str:
    low, high = parameter.lower_limit, parameter.upper_limit
    if low is None:
        shown = f"≤ {_figure(high)}"
    else:
        shown = f"≥ {_figure(low)}" if high is None else f"{_figure(low)} to {_figure(high)}"
    return f"{shown} {parameter.unit}".strip()


def _figure(value: float | None, bound: float | None = None) -> str:
    """A measured value with four significant digits, more where its side of a bound needs them."""
    if value is None:
        return MISSING
    digits = 4
    if bound is not None:
        while digits < 12 and (float(f"{value:.{digits}g}") > bound) != (value > bound):
            digits += 1
    return f"{value:.{digits}g}".replace("-", MINUS)


def _index(value: float | None) -> str:
    return MISSING if value is None else f"{value:.2f}".replace("-", MINUS)
