"""Is it as good? A dot with its bounds a row, a floor tick, a ring for what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secondsource.core import formats
from secondsource.core.charts.axis import Scale, grid, steps
from secondsource.core.charts.base import Chart, Series, pct, svg, tag

_ROW, _LEFT, _RIGHT, _FOOT = 44, 0.26, 0.04, 26


@dataclass(frozen=True)
class Interval:
    """One row. ``css`` names the tone: good, warn, bad, neu or alt; None where nothing is known.

    ``floor`` is the least that is asked for, ``ring`` the other one's value. ``limits`` are two
    ends between which the interval should lie.
    """

    name: str
    point: float | None
    lower: float | None
    upper: float | None
    css: str = "neu"
    floor: float | None = None
    ring: float | None = None
    limits: tuple[float, float] | None = None


def intervals(
    rows: Sequence[Interval],
    *,
    sentence: str,
    label: Callable[[float], str] = formats.number,
    legend: Sequence[Series] = (),
    head: Sequence[str] = ("", "Value", "Lower", "Upper", "Floor"),
    ends: tuple[float, float] | None = None,
    tick: Callable[[float], str] | None = None,
) -> Chart:
    """Rows over one axis that need not begin at zero; ``ends`` are values that it cannot pass."""
    known = [
        value
        for row in rows
        for value in (row.point, row.lower, row.upper, row.floor, row.ring, *(row.limits or ()))
        if value is not None
    ]
    room = (max(known) - min(known)) * 0.06
    ticks = steps(min(known) - room, max(known) + room)
    if ends:
        ticks = [t for t in ticks if ends[0] - 1e-9 <= t <= ends[1] + 1e-9]
    low, high = min(ticks[0], *known), max(ticks[-1], *known)
    scale = Scale(low, high)

    def at(value: float) -> float:
        return _LEFT + (1 - _LEFT - _RIGHT) * scale.at(value)

    foot = _ROW * len(rows) + 6
    parts = grid(ticks, at, tick or label, top=0, foot=foot)
    for index, row in enumerate(rows):
        parts += _row(row, index * _ROW + 24, at, label, low)
    table = [
        [
            row.name,
            *(
                formats.MISSING if v is None else label(v)
                for v in (row.point, row.lower, row.upper)
            ),
            _floor(row, label),
        ]
        for row in rows
    ]
    table = [row[: len(head)] for row in table]
    return Chart(svg(parts, foot + _FOOT, sentence), sentence, head, table, tuple(legend))


def _floor(row: Interval, label: Callable[[float], str]) -> str:
    if row.limits:
        return f"{label(row.limits[0])} to {label(row.limits[1])}"
    return formats.MISSING if row.floor is None else label(row.floor)


def _row(
    row: Interval,
    y: float,
    at: Callable[[float], float],
    label: Callable[[float], str],
    low: float,
) -> list[str]:
    parts = []
    if row.floor is not None:
        x = at(row.floor)
        parts.append(
            tag("rect", css="f-sunk", x=pct(at(low)), y=y - 12, width=pct(x - at(low)), height=24)
        )
        parts.append(tag("line", css="tgt", x1=pct(x), x2=pct(x), y1=y - 12, y2=y + 12))
    for limit in row.limits or ():
        x = at(limit)
        parts.append(tag("line", css="tgt", x1=pct(x), x2=pct(x), y1=y - 12, y2=y + 12))
    parts.append(tag("text", row.name, css="k", x=0, y=y + 4))
    if row.lower is not None and row.upper is not None:
        left, right = pct(at(row.lower)), pct(at(row.upper))
        stroke = f"ln s-{row.css}"
        parts.append(tag("line", css=stroke, x1=left, x2=right, y1=y, y2=y))
        parts += [tag("line", css=stroke, x1=x, x2=x, y1=y - 5, y2=y + 5) for x in (left, right)]
    if row.ring is not None:
        parts.append(tag("circle", css="ring", cx=pct(at(row.ring)), cy=y + 9, r=4))
    if row.point is not None:
        x = at(row.point)
        parts.append(tag("circle", css=f"f-{row.css}", cx=pct(x), cy=y, r=4.5))
        side = "k e halo" if x > 0.9 else "k m halo"
        parts.append(tag("text", label(row.point), css=side, x=pct(x), y=y - 10))
    return parts
