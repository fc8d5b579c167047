"""A scale of round steps between two ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from secondsource.core.charts.base import pct, tag


@dataclass(frozen=True)
class Scale:
    """``low`` to ``high`` on a line from 0 to 1, logarithmic where ``log``."""

    low: float
    high: float
    log: bool = False

    def at(self, value: float) -> float:
        """Place of a value, kept between 0 and 1."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low or 1e-300))
        return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round values that span from at most ``low`` to at least ``high``."""
    if not high > low:
        pad = abs(low) * 0.05 or 1.0
        low, high = low - pad, high + pad
    raw = (high - low) / most
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * n, 12) for n in range(first, last + 1)]


def decades(low: float, high: float) -> list[float]:
    """Powers of ten from at most ``low`` to at least ``high``, both above 0."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    return [10.0**n for n in range(first, max(last, first + 1) + 1)]


def grid(
    ticks: list[float],
    at: Callable[[float], float],
    label: Callable[[float], str],
    *,
    top: float,
    foot: float,
) -> list[str]:
    """Vertical grid lines with their labels below; ``at`` gives a share of the width."""
    parts = []
    for tick in ticks:
        x = pct(at(tick))
        parts.append(tag("line", css="gl", x1=x, x2=x, y1=top, y2=foot))
        parts.append(tag("text", label(tick), css="m", x=x, y=f"{foot + 16:g}"))
    return parts
