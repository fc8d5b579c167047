"""One thing against another: curves, ladders and single marked points over two axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secondsource.core import formats
from secondsource.core.charts.axis import Scale, decades, grid, steps
from secondsource.core.charts.base import Chart, Series, pct, svg, tag

_LEFT, _RIGHT, _TOP, _FOOT = 0.09, 0.03, 32, 40
_TABLE_ROWS = 25


@dataclass(frozen=True)
class Curve:
    """One curve of (x, y) points; ``step`` draws it as a ladder, ``area`` fills down to zero."""

    name: str
    points: Sequence[tuple[float, float]]
    css: str = "s-alt"
    step: bool = False
    dashed: bool = False
    area: bool = False
    dots: bool = False


@dataclass(frozen=True)
class Mark:
    """A labelled point."""

    x: float
    y: float
    text: str
    css: str = "f-alt"


@dataclass(frozen=True)
class Rule:
    """A straight line across: at an ``x`` or at a ``y``."""

    text: str
    x: float | None = None
    y: float | None = None


Words = Callable[[float], str]


@dataclass(frozen=True)
class _Frame:
    x: Scale
    y: Scale
    height: float

    def at_x(self, value: float) -> float:
        return _LEFT + (1 - _LEFT - _RIGHT) * self.x.at(value)

    def at_y(self, value: float) -> float:
        return _TOP + self.plot * (1 - self.y.at(value))

    @property
    def plot(self) -> float:
        return self.height - _TOP - _FOOT


def curves(
    drawn: Sequence[Curve],
    *,
    sentence: str,
    x_name: str,
    y_name: str,
    x_label: Words = formats.number,
    y_label: Words = formats.number,
    marks: Sequence[Mark] = (),
    rules: Sequence[Rule] = (),
    log_x: bool = False,
    log_y: bool = False,
    from_zero: bool = True,
    height: int = 240,
) -> Chart:
    """Curves that share both axes; the vertical one begins at zero unless told otherwise."""
    xs = [x for one in drawn for x, _ in one.points] + [m.x for m in marks]
    xs += [rule.x for rule in rules if rule.x is not None]
    ys = [y for one in drawn for _, y in one.points] + [m.y for m in marks]
    ys += [rule.y for rule in rules if rule.y is not None]
    if from_zero and not log_y:
        ys.append(0.0)
    x_ticks = decades(min(xs), max(xs)) if log_x else steps(min(xs), max(xs), 7)
    y_ticks = decades(min(ys), max(ys)) if log_y else steps(min(ys), max(ys), 5)
    x_ends = (min(xs), max(xs)) if not log_x else (x_ticks[0], x_ticks[-1])
    frame = _Frame(Scale(*x_ends, log_x), Scale(y_ticks[0], y_ticks[-1], log_y), height)
    inside = [tick for tick in x_ticks if x_ends[0] - 1e-9 <= tick <= x_ends[1] + 1e-9]
    parts = grid(inside, frame.at_x, x_label, top=_TOP, foot=height - _FOOT)
    parts += _levels(y_ticks, frame, y_label)
    parts.append(tag("text", x_name, css="e", x=pct(1 - _RIGHT), y=height - 6))
    parts.append(tag("text", y_name, x=0, y=9))
    parts += [_rule(rule, frame) for rule in rules]
    parts.append(_paths(drawn, frame))
    parts += [_rule_text(rule, frame) for rule in rules]
    parts += [part for mark in marks for part in _mark(mark, frame)]
    legend = [Series(one.name, one.css.replace("s-", "f-")) for one in drawn]
    table = [[one.name, x_label(x), y_label(y)] for one in drawn for x, y in _sampled(one.points)]
    head = ["", x_name, y_name]
    shown = tuple(legend) if len(legend) > 1 else ()
    return Chart(svg(parts, height, sentence), sentence, head, table, shown)


def _levels(ticks: Sequence[float], frame: _Frame, label: Words) -> list[str]:
    parts = []
    for tick in ticks:
        y = f"{frame.at_y(tick):.1f}"
        parts.append(tag("line", css="gl", x1=pct(_LEFT), x2=pct(1 - _RIGHT), y1=y, y2=y))
        parts.append(
            tag("text", label(tick), css="e", x=pct(_LEFT), dx=-6, y=f"{frame.at_y(tick) + 4:.1f}")
        )
    return parts


def _rule(rule: Rule, frame: _Frame) -> str:
    if rule.x is not None:
        x = pct(frame.at_x(rule.x))
        return tag("line", css="tgd", x1=x, x2=x, y1=_TOP, y2=frame.height - _FOOT)
    y = f"{frame.at_y(rule.y or 0.0):.1f}"
    return tag("line", css="tgd", x1=pct(_LEFT), x2=pct(1 - _RIGHT), y1=y, y2=y)


def _rule_text(rule: Rule, frame: _Frame) -> str:
    """The words of a line: above the plot at a line up, at the left end of a line across."""
    if rule.x is not None:
        place = frame.at_x(rule.x)
        side = "k2 e" if place > 0.85 else "k2" if place < 0.15 else "k2 m"
        return tag("text", rule.text, css=side, x=pct(place), y=_TOP - 6)
    y = frame.at_y(rule.y or 0.0)
    return tag("text", rule.text, css="k2 halo", x=pct(_LEFT), dx=6, y=f"{y - 5:.1f}")


def _mark(mark: Mark, frame: _Frame) -> list[str]:
    x, y = frame.at_x(mark.x), frame.at_y(mark.y)
    late = x > 0.6
    below = y < _TOP + 16
    return [
        tag("circle", css=mark.css, cx=pct(x), cy=f"{y:.1f}", r=4.5),
        tag(
            "text",
            mark.text,
            css="k e halo" if late else "k halo",
            x=pct(x),
            dx=-9 if late else 9,
            y=f"{y + (16 if below else -7):.1f}",
        ),
    ]


def _paths(drawn: Sequence[Curve], frame: _Frame) -> str:
    """The curves in a nested drawing that stretches with the width."""
    inner = []
    for one in drawn:
        places = [(1000 * frame.x.at(x), 100 * (1 - frame.y.at(y))) for x, y in one.points]
        if not places:
            continue
        path = (
            _ladder(places) if one.step else "M" + "L".join(f"{x:.1f} {y:.2f}" for x, y in places)
        )
        if one.area:
            base = 100 * (1 - frame.y.at(0.0))
            fill = one.css.replace("s-", "f-")
            closed = f"{path}V{base:.2f}H{places[0][0]:.1f}z"
            inner.append(tag("path", css=f"area {fill}", d=closed))
        inner.append(tag("path", css=f"ln {one.css}{' d' if one.dashed else ''}", d=path))
    box = f'x="{pct(_LEFT)}" y="{_TOP}" width="{pct(1 - _LEFT - _RIGHT)}" height="{frame.plot:g}"'
    stretched = (
        f'<svg {box} viewBox="0 0 1000 100" preserveAspectRatio="none">{"".join(inner)}</svg>'
    )
    dots = [
        tag("circle", css=one.css.replace("s-", "f-"), cx=pct(frame.at_x(x)),
            cy=f"{frame.at_y(y):.1f}", r=3)
        for one in drawn if one.dots for x, y in one.points
    ]  # fmt: skip
    return stretched + "".join(dots)


def _ladder(places: Sequence[tuple[float, float]]) -> str:
    """Flat from each point to the next, then up or down."""
    first_x, first_y = places[0]
    drawn = "".join(f"H{x:.1f}V{y:.2f}" for x, y in places[1:])
    return f"M{first_x:.1f} {first_y:.2f}{drawn}"


def _sampled(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Some points of a long curve, its ends among them."""
    if len(points) <= _TABLE_ROWS:
        return points
    stride = (len(points) - 1) / (_TABLE_ROWS - 1)
    return [points[round(stride * n)] for n in range(_TABLE_ROWS)]


def histogram(
    values: Sequence[float],
    *,
    sentence: str,
    x_name: str,
    label: Words = formats.number,
    rules: Sequence[Rule] = (),
    height: int = 220,
) -> Chart:
    """How values are spread: bars of equal width, counts from zero, lines for limits and mean."""
    given = [rule.x for rule in rules if rule.x is not None]
    ticks = steps(min([*values, *given]), max([*values, *given]), 8)
    low, high = ticks[0], ticks[-1]
    count = min(30, max(8, round(len(values) ** 0.5) * 3))
    width = (high - low) / count
    bins = [0] * count
    for value in values:
        bins[min(count - 1, int((value - low) / width))] += 1
    y_ticks = [t for t in steps(0, max(bins), 4) if t == int(t)]
    frame = _Frame(Scale(low, high), Scale(0, max(y_ticks[-1], max(bins))), height)
    parts = grid(ticks, frame.at_x, label, top=_TOP, foot=height - _FOOT)
    parts += _levels(y_ticks, frame, formats.number)
    for place, number in enumerate(bins):
        left, right = frame.at_x(low + place * width), frame.at_x(low + (place + 1) * width)
        top = frame.at_y(number)
        if number:
            parts.append(
                tag("rect", css="f-alt", x=pct(left), y=f"{top:.1f}",
                    width=pct(max(right - left - 0.002, 0.002)),
                    height=f"{height - _FOOT - top:.1f}")
            )  # fmt: skip
    parts.append(tag("text", x_name, css="e", x=pct(1 - _RIGHT), y=height - 6))
    parts.append(tag("text", "Count", x=0, y=9))
    parts += [_rule(rule, frame) for rule in rules]
    parts += [_rule_text(rule, frame) for rule in rules]
    table = [
        [f"{label(low + n * width)} to {label(low + (n + 1) * width)}", formats.number(number)]
        for n, number in enumerate(bins)
        if number
    ]
    return Chart(svg(parts, height, sentence), sentence, [x_name, "Count"], table)
