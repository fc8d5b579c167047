"""Bars: counts, shares, rankings, cover. Every bar starts at zero."""

from __future__ import annotations

from collections.abc import Sequence

from secondsource.core import formats
from secondsource.core.charts.base import Chart, Series, fraction, linked, pct, svg, tag

_ROW = 26
_BAR = 14
_LABEL_END = 0.29  # share of the width that names take
_FIGURE = 0.17  # share of the width that figures take


def blocks(
    done: int, total: int, *, sentence: str, pending: int = 0, expected: float | None = None
) -> Chart:
    """A count against a plan: a block each, done, under way, to come; a tick where we should be."""
    total = max(total, done, 1)
    step = 14 if total <= 20 else 280 / total
    width = step - 3 if step > 5 else step
    states = ["f-good"] * done + ["f-accs"] * min(pending, total - done)
    states += ["f-0"] * (total - len(states))
    parts = [
        tag("rect", css=css, x=f"{index * step:g}", y=4, width=f"{width:g}", height=9, rx=2)
        for index, css in enumerate(states)
    ]
    if expected is not None:
        at = f"{min(expected, total) * step - 1.5:g}"
        parts.append(tag("line", css="tgt", x1=at, x2=at, y1=0, y2=17))
    return Chart(svg(parts, 18, sentence, width=f"{total * step:g}"), sentence)


def stacked(
    rows: Sequence[tuple[str, Sequence[float], str]],
    series: Sequence[Series],
    *,
    sentence: str,
    first: str = "",
    links: Sequence[Sequence[str]] = (),
) -> Chart:
    """Where the exposure is: a stacked bar a row (name, one value a series, figure at the end).

    ``links`` has addresses for each row: of its name, and of its piece of each series.
    """
    longest = max((sum(values) for _, values, _ in rows), default=0)
    parts: list[str] = []
    for index, (name, values, figure) in enumerate(rows):
        y = index * _ROW
        row_url, *urls = links[index] if links else [""] * (len(series) + 1)
        parts.append(linked(tag("text", name, css="k2", x=0, y=y + 17), row_url, name))
        pieces = _stack(values, series, longest, y + 6)
        for piece, one, url in zip(pieces, series, urls, strict=True):
            parts.append(linked(piece, url, f"{name}, {one.name}") if piece else "")
        parts.append(tag("text", figure, css="k e", x="100%", y=y + 17))
    head = [first, *(one.name for one in series), "Shown"]
    table = [
        [name, *(formats.number(v, 0) for v in values), figure] for name, values, figure in rows
    ]
    drawn = svg(parts, _ROW * len(rows), sentence, role="group" if links else "img")
    return Chart(drawn, sentence, head, table, tuple(series))


def _stack(
    values: Sequence[float], series: Sequence[Series], longest: float, y: float
) -> list[str]:
    """A piece of each series, '' where there is nothing to draw."""
    scale, at, parts = 1 - _LABEL_END - _FIGURE, _LABEL_END, []
    for value, one in zip(values, series, strict=True):
        share = fraction(value, longest) * scale
        width = pct(max(share - 0.002, 0.002))
        piece = tag("rect", css=one.css, x=pct(at), y=y, width=width, height=_BAR, rx=1.5)
        parts.append(piece if share > 0 else "")
        at += share
    return parts


def pareto(
    rows: Sequence[tuple[str, int]], *, sentence: str, first: str, second: str, coloured: int = 2
) -> Chart:
    """What fails most: bars with their counts, the first ones coloured."""
    longest = max((count for _, count in rows), default=0)
    parts: list[str] = []
    for index, (name, count) in enumerate(rows):
        y, width = index * 25, fraction(count, longest) * 0.4
        css = "f-alt" if index < coloured else "f-0"
        parts.append(f'<svg class="clip" width="51%" height="{y + 25}">')
        parts.append(tag("text", name, css="k2", x=0, y=y + 15) + "</svg>")
        parts.append(tag("rect", css=css, x="52%", y=y + 4, width=pct(width), height=15, rx=2))
        figure = formats.number(count)
        parts.append(tag("text", figure, css="k", x=pct(0.52 + width), dx=6, y=y + 16))
    table = [[name, formats.number(count)] for name, count in rows]
    return Chart(svg(parts, 25 * len(rows), sentence), sentence, [first, second], table)


def stretch(
    rows: Sequence[tuple[str, str, Sequence[tuple[float, str]]]],
    whole: float,
    *,
    sentence: str,
    ticks: Sequence[float] = (),
) -> Chart:
    """How long we last: rows of pieces (length, css) up to ``whole``, name and figure above."""
    parts: list[str] = []
    for index, (name, figure, pieces) in enumerate(rows):
        y, at = index * 28, 0.0
        parts.append(tag("text", name, css="k2", x=0, y=y + 9))
        parts.append(tag("text", figure, css="k e", x="100%", y=y + 9))
        parts.append(tag("rect", css="f-0", y=y + 14, width="100%", height=8, rx=2))
        for length, css in pieces:
            share = fraction(length, whole)
            parts.append(tag("rect", css=css, x=pct(at), y=y + 14, width=pct(share), height=8))
            at += share
        for tick in ticks:
            x = pct(fraction(tick, whole))
            parts.append(tag("line", css="tgt", x1=x, x2=x, y1=y + 12, y2=y + 24))
    table = [[name, figure] for name, figure, _ in rows]
    return Chart(svg(parts, 28 * len(rows), sentence), sentence, ["", "Result"], table)
