"""Is it as good? A dot with its bounds a lane, the floor as a tick, a ring to compare it with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from secondsource.core import formats
from secondsource.core.charts.base import pct, svg, tag

_HEIGHT, _MIDDLE, _FOOT = 66, 34, 22
_MOST_STEPS = 8


@dataclass(frozen=True)
class Dot:
    """One lane: a value with its bounds, all None where nothing is known yet.

    ``tone``: good, warn, bad or neu. ``note`` and ``mark`` stand beside the name. ``floor`` is the
    least that is asked for, ``ring`` the value that it is compared with. ``sentence`` is what the
    lane says to assistive technology.
    """

    name: str
    sentence: str
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    tone: str = "neu"
    floor: float | None = None
    ring: float | None = None
    note: str = ""
    mark: SafeString | str = ""


@dataclass(frozen=True)
class Drawn:
    """A lane with its drawing."""

    dot: Dot
    svg: SafeString


@dataclass(frozen=True)
class Dots:
    """What ``components/dots.html`` draws: the lanes, and the axis below them."""

    lanes: Sequence[Drawn]
    axis: SafeString


def dots(
    lanes: Sequence[Dot],
    *,
    label: Callable[[float], str] = formats.number,
    tick: Callable[[float], str] = formats.number,
    ends: tuple[float, float] | None = None,
) -> Dots:
    """Lanes over one axis that need not begin at zero; ``ends`` are values that it cannot pass."""
    scale = _scale(lanes, ends)
    drawn = [Drawn(one, _lane(one, scale, label)) for one in lanes]
    return Dots(drawn, _axis(scale, tick))


@dataclass(frozen=True)
class _Scale:
    ticks: Sequence[float]

    def at(self, value: float) -> float:
        """Place of a value, 0–1."""
        low, high = self.ticks[0], self.ticks[-1]
        return min(1.0, max(0.0, (value - low) / (high - low)))


def _scale(lanes: Sequence[Dot], ends: tuple[float, float] | None) -> _Scale:
    known = [
        value
        for one in lanes
        for value in (one.point, one.lower, one.upper, one.floor, one.ring)
        if value is not None
    ]
    room = (max(known) - min(known)) * 0.12
    low, high = min(known) - room, max(known) + room
    if ends:
        low, high = max(low, ends[0]), min(high, ends[1])
    return _Scale(steps(low, high))


def steps(low: float, high: float) -> list[float]:
    """Round values that span from at most ``low`` to at least ``high``."""
    if not high > low:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / _MOST_STEPS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * n, 12) for n in range(first, last + 1)]


def _lane(one: Dot, scale: _Scale, label: Callable[[float], str]) -> SafeString:
    y = _MIDDLE
    parts = [
        tag("line", css="gl", x1=pct(x), x2=pct(x), y1=0, y2=_HEIGHT)
        for x in map(scale.at, scale.ticks)
    ]
    if one.floor is not None:
        x = pct(scale.at(one.floor))
        parts.append(tag("rect", css="f-sunk", x=0, y=y - 19, width=x, height=38))
        parts.append(tag("line", css="tgt", x1=x, x2=x, y1=y - 19, y2=y + 19))
    if one.ring is not None:
        parts.append(tag("circle", css="ring", cx=pct(scale.at(one.ring)), cy=y + 12, r=4.5))
    if one.lower is not None and one.upper is not None:
        left, right = pct(scale.at(one.lower)), pct(scale.at(one.upper))
        stroke = f"iv s-{one.tone}"
        parts.append(tag("line", css=stroke, x1=left, x2=right, y1=y, y2=y))
        parts += [tag("line", css=stroke, x1=x, x2=x, y1=y - 6, y2=y + 6) for x in (left, right)]
    if one.point is not None:
        place = scale.at(one.point)
        parts.append(tag("circle", css=f"f-{one.tone}", cx=pct(place), cy=y, r=5.5))
        side = "e" if place > 0.92 else "" if place < 0.08 else "m"
        parts.append(tag("text", label(one.point), css=f"k {side}", x=pct(place), y=y - 12))
    return svg(parts, _HEIGHT, one.sentence)


def _axis(scale: _Scale, tick: Callable[[float], str]) -> SafeString:
    last = len(scale.ticks) - 1
    parts = []
    for index, value in enumerate(scale.ticks):
        side = "e" if index == last else "m" if index else ""
        css = f"{side} hide-m" if index not in (0, last) and index % 2 else side
        parts.append(tag("text", tick(value), css=css, x=pct(scale.at(value)), y=14))
    ends = f"{tick(scale.ticks[0])} to {tick(scale.ticks[-1])}"
    return svg(parts, _FOOT, f"Axis from {ends}")
