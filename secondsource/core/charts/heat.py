"""A matrix of counts; the figure is in the cell and the cell links to its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import formats


@dataclass(frozen=True)
class HeatCell:
    """A count with its heat 0–5 and the address of the rows that it counts."""

    count: int
    level: int
    url: str = ""
    label: str = ""

    @property
    def css(self) -> str:
        """The class of its ground."""
        return f"h{min(5, max(0, self.level))}"

    @property
    def figure(self) -> str:
        """The count; a dot for none."""
        return formats.number(self.count) if self.count else "·"


@dataclass(frozen=True)
class HeatMap:
    """What ``components/heat_map.html`` draws; rows from the top."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatCell]]]
    caption: str
    note: str = ""


def heat_map(
    counts: Sequence[Sequence[int]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    caption: str,
    urls: Sequence[Sequence[str]] = (),
    note: str = "",
) -> HeatMap:
    """A matrix whose heat rises from the bottom left to the top right corner."""
    deepest = max(1, len(rows) + len(columns) - 2)
    drawn = []
    for i, (name, line) in enumerate(zip(rows, counts, strict=True)):
        cells = [
            HeatCell(
                count,
                _level(len(rows) - 1 - i + j, deepest),
                urls[i][j] if urls and count else "",
                f"{name}, {columns[j]}: {formats.number(count)}",
            )
            for j, count in enumerate(line)
        ]
        drawn.append((name, cells))
    return HeatMap(columns, drawn, caption, note)


def _level(distance: int, deepest: int) -> int:
    """Heat by the distance from the harmless corner; the harmless third stays without colour."""
    return max(0, round(distance / deepest * 6.5) - 1)
