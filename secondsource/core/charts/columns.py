"""Columns: several measures side by side over periods, from a common zero line."""

from __future__ import annotations

from collections.abc import Sequence

from secondsource.core.charts.base import Chart, Series, pct, svg, tag

_HEIGHT = 150
_GAP = 0.24  # share of a period that stays empty


def columns(
    periods: Sequence[tuple[str, Sequence[float]]],
    series: Sequence[Series],
    *,
    sentence: str,
    table: Sequence[Sequence[str]],
    first: str = "",
) -> Chart:
    """A group of columns a period (name, one value a series); values below zero hang down.

    ``table`` has the rows of the table, formatted.
    """
    values = [value for _, group in periods for value in group]
    most, least = max([0.0, *values]), min([0.0, *values])
    scale = _HEIGHT / ((most - least) or 1)
    zero = 4 + most * scale
    room = 1 / max(len(periods), 1)
    width = room * (1 - _GAP) / len(series)
    step = max(1, -(-len(periods) // 12))
    parts: list[str] = []
    for index, (name, group) in enumerate(periods):
        at = index * room
        for place, (value, one) in enumerate(zip(group, series, strict=True)):
            if not value:
                continue
            height = max(abs(value) * scale, 1)
            y = zero - height if value > 0 else zero
            parts.append(
                tag("rect", css=one.css, x=pct(at + place * width), y=f"{y:.1f}",
                    width=pct(width * 0.92), height=f"{height:.1f}", rx=1)
            )  # fmt: skip
        if index % step == 0:
            css = "k2 hide-m" if index // step % 2 else "k2"  # a phone has room for every other
            parts.append(tag("text", name, css=css, x=pct(at), y=_HEIGHT + 24))
    parts.append(tag("line", css="gl", x1=0, x2="100%", y1=f"{zero:.1f}", y2=f"{zero:.1f}"))
    head = [first, *(one.name for one in series)]
    return Chart(svg(parts, _HEIGHT + 30, sentence), sentence, head, table, tuple(series))
