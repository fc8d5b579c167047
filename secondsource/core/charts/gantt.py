"""What runs when: one lane a row, bars between dates, a line for today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from secondsource.core import formats
from secondsource.core.charts.base import pct, svg, tag

_HEIGHT = 27
_CSS = {"done": "f-goods", "now": "f-acc", "plan": "plan", "final": "f-good"}


@dataclass(frozen=True)
class Bar:
    """A stretch of time: ``kind`` done, now, plan (faint) or final; ``label`` is its name."""

    start: dt.date
    end: dt.date
    kind: str
    label: str = ""


@dataclass(frozen=True)
class Lane:
    """One row: its name, address, marks before the name, bars, and a note beside them."""

    name: str
    bars: Sequence[Bar]
    url: str = ""
    marks: SafeString | str = ""
    flag: SafeString | str = ""
    note: str = ""


@dataclass(frozen=True)
class Drawn:
    """A lane with its drawing."""

    lane: Lane
    svg: SafeString


@dataclass(frozen=True)
class Gantt:
    """What ``components/gantt.html`` draws."""

    head: SafeString
    lanes: Sequence[Drawn]
    name_label: str
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)


def gantt(
    lanes: Sequence[Lane], *, start: dt.date, end: dt.date, today: dt.date, name_label: str
) -> Gantt:
    """Lanes between ``start`` and ``end`` with quarter lines and today's line."""
    frame = _Calendar(start, end, today)
    rows = [
        [lane.name, _named(bar), formats.day(bar.start), formats.day(bar.end)]
        for lane in lanes
        for bar in lane.bars
    ]
    drawn = [Drawn(lane, frame.lane(lane)) for lane in lanes]
    return Gantt(frame.head(), drawn, name_label, rows)


def _named(bar: Bar) -> str:
    if bar.kind == "plan":
        return f"{bar.label}, planned" if bar.label else "planned"
    return bar.label or bar.kind


@dataclass(frozen=True)
class _Calendar:
    start: dt.date
    end: dt.date
    today: dt.date

    def at(self, date: dt.date) -> float:
        """Place of a date, 0–1."""
        days = max(1, (self.end - self.start).days)
        return min(1.0, max(0.0, (date - self.start).days / days))

    def quarters(self) -> list[dt.date]:
        """First days of the quarters inside the frame."""
        firsts = (
            dt.date(y, m, 1)
            for y in range(self.start.year, self.end.year + 1)
            for m in (1, 4, 7, 10)
        )
        return [first for first in firsts if self.start <= first < self.end]

    def head(self) -> SafeString:
        """Names of the quarters (the year with the last) and today's flag."""
        quarters = self.quarters()
        parts = []
        for first in quarters:
            year = f" {first.year}" if first is quarters[-1] or first.month == 1 else ""
            name, place = f"Q{(first.month + 2) // 3}{year}", self.at(first)
            css = "" if self._has_room(place) else "hide-m"
            parts.append(tag("text", name, css=css, x=pct(place), dx=5, y=15))
        x = pct(self.at(self.today))
        parts.append(
            f'<svg x="{x}" y="2">{tag("rect", css="f-acc", x=-23, width=46, height=17, rx=3)}'
        )
        parts.append(tag("text", formats.day(self.today)[:6], css="w m", x=0, y=12) + "</svg>")
        return svg(parts, 22, f"Quarters; today is {formats.day(self.today)}")

    def _has_room(self, place: float) -> bool:
        """Whether a quarter's name meets neither today's flag nor the edge on a phone."""
        return not -0.3 < place - self.at(self.today) < 0.15 and place < 0.8

    def lane(self, lane: Lane) -> SafeString:
        """One lane: grid, bars, note, today."""
        parts = [
            tag("line", css="gl", x1=pct(self.at(q)), x2=pct(self.at(q)), y1=0, y2=_HEIGHT)
            for q in self.quarters()
        ]
        for bar in lane.bars:
            parts += self._bar(bar)
        if lane.bars:
            parts += self._note(lane)
        x = pct(self.at(self.today))
        parts.append(tag("line", css="today", x1=x, x2=x, y1=0, y2=_HEIGHT))
        told = ", ".join(
            f"{_named(bar)} {formats.day(bar.start)} to {formats.day(bar.end)}" for bar in lane.bars
        )
        return svg(parts, _HEIGHT, f"{lane.name}: {told or 'nothing planned'}")

    def _notes(self, lane: Lane) -> list[str]:
        """The notes beside the bars, the fullest first: the name of a bar too short for it."""
        running = [bar for bar in lane.bars if bar.kind in ("now", "final") and bar.label]
        names = [f"now {bar.label}" for bar in running if not self._fits(bar)]
        whole = ", ".join(filter(None, [*names, lane.note]))
        return list(dict.fromkeys(filter(None, [whole, lane.note, *names])))

    def _fits(self, bar: Bar) -> bool:
        width = self.at(bar.end) - self.at(bar.start)
        return width >= 0.03 + sum(0.017 if one.isupper() else 0.0125 for one in bar.label)

    def _note(self, lane: Lane) -> list[str]:
        """The fullest note that fits before the first bar, after the last one or after today."""
        first, end, today = map(self.at, (lane.bars[0].start, lane.bars[-1].end, self.today))
        for note in self._notes(lane):
            room = 0.014 * len(note) + 0.02
            if first > room:
                return [tag("text", note, css="k2 e", x=pct(first), dx=-8, y=18)]
            place = today if today - room < end < today else end
            if place + room <= 1:
                return [tag("text", note, css="k2", x=pct(place), dx=8, y=18)]
        return []

    def _bar(self, bar: Bar) -> list[str]:
        x, width = self.at(bar.start), self.at(bar.end) - self.at(bar.start)
        drawn = [
            tag(
                "rect",
                css=_CSS[bar.kind],
                x=pct(x),
                y=6,
                width=pct(max(width - 0.002, 0.002)),
                height=15,
                rx=2.5,
            )
        ]
        if bar.kind == "done":  # passed: its name stands in the table, colour is for what runs
            return drawn
        if bar.label and self._fits(bar):
            ink = {"now": "w", "final": "og"}.get(bar.kind, "k2")
            text = tag("text", bar.label, css=ink, x=6, y=11.5)
            box = f'class="clip" x="{pct(x)}" y="6" width="{pct(width)}" height="15"'
            drawn.append(f"<svg {box}>{text}</svg>")
        return drawn
