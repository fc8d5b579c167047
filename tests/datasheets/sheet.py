"""Invented datasheets as Typst sources, each with what a careful reader takes from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import typst

#: A cell: its text, or its text with the rows and columns that it covers.
Cell = str | tuple[str, int, int]


class Fact(NamedTuple):
    """A line that a careful reader would take."""

    name: str
    minimum: float | None
    typical: float | None
    maximum: float | None
    unit: str
    condition: str = ""
    page: int = 1


@dataclass(frozen=True)
class Sheet:
    """A datasheet: its source in Typst, and the facts of its tables."""

    name: str
    source: str
    facts: Sequence[Fact]

    @property
    def pdf(self) -> bytes:
        """The bytes of the file."""
        return compiled(self.source)


@cache
def compiled(source: str) -> bytes:
    """The PDF of a source, with the fonts that Typst brings alone."""
    return typst.compile(source.encode(), font_paths=[], ignore_system_fonts=True)


def page(*blocks: str, font: str = "Libertinus Serif", size: float = 8.5) -> str:
    """A document with a margin, a running header and these blocks."""
    head = (
        '#set page(paper: "a4", margin: 48pt, header: align(right)[Invented Parts, rev. 1.2],'
        " footer: align(center)[Not a real part])\n"
        f'#set text(font: "{font}", size: {size}pt)\n'
    )
    return head + "\n\n".join(blocks)


def table(
    head: Iterable[Cell],
    rows: Iterable[Iterable[Cell]],
    *,
    columns: str,
    more: str = "",
    repeat: bool = True,
) -> str:
    """A table; ``more`` are further arguments, such as its strokes."""
    first = ", ".join(map(_cell, head))
    if repeat:
        first = f"table.header({first})"
    body = ",\n".join(", ".join(map(_cell, row)) for row in rows)
    return f"#table(columns: {columns}, {more}\n{first},\n{body})"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"[{cell}]"
    text, down, across = cell
    return f"table.cell(rowspan: {down}, colspan: {across})[{text}]"


#: Strokes: everywhere (the default), below rows alone, below the header alone, none.
LINES = "stroke: (x: none, y: 0.4pt), inset: 3pt,"
HEAD_LINE = "stroke: (_, y) => if y == 0 { (top: 0.8pt, bottom: 0.5pt) }, inset: 3pt,"
NONE = "stroke: none, inset: 3pt,"
ZEBRA = "stroke: none, inset: 3pt, fill: (_, y) => if calc.odd(y) { luma(235) },"


#: Text before a table, which holds no value.
PROSE = "The part is meant for supplies of small instruments. " * 6
