"""How did it move? Lines over time or over quantities: stepped for prices, joined for curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from secondsource.core import formats
from secondsource.core.charts.base import Chart, Series, pct, svg, tag
from secondsource.core.charts.dots import steps

_HEIGHT, _TOP, _BOTTOM = 214, 30, 190
_LEFT, _RIGHT = 0.105, 0.885
#: Texts of marks that a phone has room for.
_MOST_ON_PHONE = 2


@dataclass(frozen=True)
class Line:
    """A named line of (x, y) points in order; ``tone``: inc, alt, 3, 4, 5.

    ``end`` is the text at its last point.
    """

    name: str
    tone: str
    points: Sequence[tuple[float, float]]
    end: str = ""


@dataclass(frozen=True)
class Mark:
    """A vertical line with a text above it, such as a gate that was passed."""

    at: float
    label: str


@dataclass(frozen=True)
class _Plane:
    low: float
    high: float
    ticks: Sequence[float]

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return _LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, share))

    def y(self, value: float) -> float:
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return _BOTTOM - (_BOTTOM - _TOP) * share


def lines(
    drawn: Sequence[Line],
    *,
    x: tuple[float, float],
    ticks: Sequence[tuple[float, str]],
    sentence: str,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    marks: Sequence[Mark] = (),
    band: tuple[float, float, str] | None = None,
    label: Callable[[float], str] = formats.number,
    stepped: bool = True,
    dots: bool = True,
) -> Chart:
    """Lines over one plane whose vertical axis need not begin at zero.

    ``ticks`` are places of the horizontal axis with their texts, ``band`` a stretch of it.
    """
    values = [y for one in drawn for _, y in one.points]
    room = (max(values) - min(values)) * 0.08 or abs(max(values)) * 0.05 or 1
    low = min(values) - room if min(values) < 0 else max(0.0, min(values) - room)
    plane = _Plane(x[0], x[1], steps(low, max(values) + room))
    parts = [*_axes(plane, ticks, label), *_band(plane, band)]
    for number, mark in enumerate(marks):
        parts += _mark(plane, mark, number, crowded=len(marks) > _MOST_ON_PHONE)
    for one in drawn:
        parts += _line(plane, one, stepped=stepped, dots=dots)
    parts += _ends(plane, drawn)
    legend = [Series(one.name, f"f-{one.tone}") for one in drawn]
    return Chart(svg(parts, _HEIGHT, sentence), sentence, head, rows, legend)


def _axes(
    plane: _Plane, ticks: Sequence[tuple[float, str]], label: Callable[[float], str]
) -> list[str]:
    parts = []
    for value in plane.ticks:
        y = f"{plane.y(value):g}"
        parts.append(tag("line", css="gl", x1=pct(_LEFT), x2=pct(_RIGHT), y1=y, y2=y))
        parts.append(tag("text", label(value), css="e", x=pct(_LEFT - 0.012), y=plane.y(value) + 4))
    for number, (place, text) in enumerate(ticks):
        css = "m hide-m" if number % 2 else "m"
        parts.append(tag("text", text, css=css, x=pct(plane.x(place)), y=_BOTTOM + 17))
    return parts


def _band(plane: _Plane, band: tuple[float, float, str] | None) -> list[str]:
    if band is None:
        return []
    left, right = plane.x(band[0]), plane.x(band[1])
    box = tag("rect", css="plan", x=pct(left), y=_TOP - 16, width=pct(right - left),
              height=_BOTTOM - _TOP + 16)  # fmt: skip
    return [box, tag("text", band[2], css="m k2", x=pct((left + right) / 2), y=_TOP - 4)]


def _mark(plane: _Plane, mark: Mark, number: int, *, crowded: bool) -> list[str]:
    """A line with its text; many texts are left to the table on a phone."""
    at, y = plane.x(mark.at), 10 + 11 * (number % 2)
    side = ("e" if at > 0.7 else "") + (" hide-m" if crowded else "")
    return [
        tag("line", css="today", x1=pct(at), x2=pct(at), y1=y + 2, y2=_BOTTOM),
        tag("text", mark.label, css=f"k2 halo {side}", x=pct(at), y=y),
    ]


def _line(plane: _Plane, one: Line, *, stepped: bool, dots: bool) -> list[str]:
    stroke, parts = f"iv s-{one.tone}", []
    for (x0, y0), (x1, y1) in pairwise(one.points):
        middle = y0 if stepped else y1
        parts.append(
            tag("line", css=stroke, x1=pct(plane.x(x0)), x2=pct(plane.x(x1)),
                y1=f"{plane.y(y0):g}", y2=f"{plane.y(middle):g}")
        )  # fmt: skip
        if stepped and y0 != y1:
            parts.append(
                tag("line", css=stroke, x1=pct(plane.x(x1)), x2=pct(plane.x(x1)),
                    y1=f"{plane.y(y0):g}", y2=f"{plane.y(y1):g}")
            )  # fmt: skip
    if dots:
        parts += [
            tag("circle", css=f"f-{one.tone}", cx=pct(plane.x(x)), cy=f"{plane.y(y):g}", r=3.5)
            for x, y in one.points
        ]
    return parts


def _ends(plane: _Plane, drawn: Sequence[Line]) -> list[str]:
    """The texts at the ends of the lines, moved apart where they would touch."""
    found, last = [], -99.0
    wanted = [(plane.y(one.points[-1][1]), one) for one in drawn if one.end and one.points]
    for y, one in sorted(wanted, key=lambda pair: pair[0]):
        last = max(y + 4, last + 13)
        place = pct(plane.x(one.points[-1][0]) + 0.012)
        found.append(tag("text", one.end, css="k", x=place, y=f"{last:g}"))
    return found
