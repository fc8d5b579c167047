"""Lines over time: sparklines and cumulative lines against a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secondsource.core import formats
from secondsource.core.charts.base import Chart, pct, svg, tag

_TOP, _FOOT, _LEFT, _RIGHT = 12, 24, 0.08, 0.2


def sparkline(
    values: Sequence[float], *, sentence: str, css: str = "s-good", width: int = 88
) -> Chart:
    """The course of one figure, its last value dotted; the figure itself stands beside it."""
    if len(values) < 2:
        return Chart(svg([], 20, sentence, width=width), sentence)
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = (width - 6) / (len(values) - 1)
    points = [(1 + i * step, 3 + 14 * (1 - (v - low) / span)) for i, v in enumerate(values)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    fill = css.replace("s-", "f-")
    parts = [
        tag("path", css=f"ln th {css}", d=path),
        tag("circle", css=fill, cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.6),
    ]
    return Chart(svg(parts, 20, sentence, width=width), sentence)


@dataclass(frozen=True)
class Line:
    """One line: (x, y) points in the chart's units, its end labelled directly.

    ``css``: s-good, s-inc, s-alt …; or ``tgd`` for a target. ``last``: the figure at the end.
    """

    name: str
    points: Sequence[tuple[float, float]]
    css: str = "s-good"
    dashed: bool = False
    area: bool = False
    last: str = ""


def lines(
    drawn: Sequence[Line],
    *,
    sentence: str,
    x_ticks: Sequence[tuple[float, str]],
    height: int = 200,
    y_label: Callable[[float], str] = formats.number,
    first: str = "",
) -> Chart:
    """Lines over a common x from the first to the last tick or point, y from zero."""
    xs = [x for line in drawn for x, _ in line.points] + [x for x, _ in x_ticks]
    ys = [y for line in drawn for _, y in line.points]
    if not ys:
        return Chart(svg([], height, sentence), sentence)
    low, high = min(xs), max(xs)
    steps = _nice(max(*ys, 0.0))
    top = steps[-1]
    plot = height - _TOP - _FOOT

    def at_x(x: float) -> float:
        return _LEFT + (1 - _LEFT - _RIGHT) * ((x - low) / ((high - low) or 1))

    def at_y(y: float) -> float:
        return _TOP + plot * (1 - y / top)

    parts: list[str] = []
    for step in steps:
        parts.append(
            tag(
                "line",
                css="gl",
                x1=pct(_LEFT),
                x2=pct(1 - _RIGHT),
                y1=f"{at_y(step):.1f}",
                y2=f"{at_y(step):.1f}",
            )
        )
        parts.append(
            tag("text", y_label(step), css="e", x=pct(_LEFT), dx=-6, y=f"{at_y(step) + 4:.1f}")
        )
    parts += [tag("text", label, css="m", x=pct(at_x(x)), y=height - 6) for x, label in x_ticks]
    parts.append(_paths(drawn, low, high, top, plot))
    parts += _ends(drawn, at_x, at_y)
    table = [[line.name, y_label(line.points[-1][1])] for line in drawn if line.points]
    return Chart(svg(parts, height, sentence), sentence, [first or "Line", "Last value"], table)


def _paths(drawn: Sequence[Line], low: float, high: float, top: float, plot: float) -> str:
    """The lines in a nested drawing that stretches with the width."""
    span = (high - low) or 1
    inner: list[str] = []
    for line in drawn:
        if not line.points:
            continue
        places = [(1000 * (x - low) / span, 100 * (1 - y / top)) for x, y in line.points]
        path = "M" + "L".join(f"{x:.1f} {y:.2f}" for x, y in places)
        if line.area:
            fill = line.css.replace("s-", "f-")
            inner.append(tag("path", css=f"area {fill}", d=f"{path}V100H{places[0][0]:.1f}z"))
        css = line.css if line.css == "tgd" else f"ln {line.css}{' d' if line.dashed else ''}"
        inner.append(tag("path", css=css, d=path))
    box = f'x="{pct(_LEFT)}" y="{_TOP}" width="{pct(1 - _LEFT - _RIGHT)}" height="{plot}"'
    return f'<svg {box} viewBox="0 0 1000 100" preserveAspectRatio="none">{"".join(inner)}</svg>'


def _ends(
    drawn: Sequence[Line], at_x: Callable[[float], float], at_y: Callable[[float], float]
) -> list[str]:
    """A label at each line's last point, pushed apart so that none covers another."""
    parts: list[str] = []
    taken: list[tuple[float, float]] = []
    for line in sorted(
        (one for one in drawn if one.points), key=lambda one: at_y(one.points[-1][1])
    ):
        x, y = at_x(line.points[-1][0]), at_y(line.points[-1][1])
        if not line.dashed and line.css != "tgd":
            parts.append(
                tag("circle", css=line.css.replace("s-", "f-"), cx=pct(x), cy=f"{y:.1f}", r=3.6)
            )
        place = max([y + 4, *(used + 30 for at, used in taken if abs(at - x) < _RIGHT)])
        taken.append((x, place))
        inside = x < 1 - _RIGHT - 0.02
        side = {"css": "k e halo", "dx": -8, "dy": -8} if inside else {"css": "k", "dx": 8}
        text = f"{line.last} {line.name}" if inside else line.last
        parts.append(tag("text", text.strip(), x=pct(x), y=f"{place:.1f}", **side))
        if not inside:
            parts.append(tag("text", line.name, x=pct(x), dx=8, y=f"{place + 13:.1f}"))
    return parts


def _nice(highest: float) -> list[float]:
    """Three to five round steps from zero to at least ``highest``."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / 3
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= raw * 0.999)
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)]
