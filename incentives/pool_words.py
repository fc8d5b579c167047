"""How rates and shares are written."""

from __future__ import annotations

from decimal import Decimal

from secondsource.core.formats import quantity


def in_percent(fraction: Decimal) -> str:
    """A fraction with all its decimals: ``7 %``, ``7.25 %``."""
    return quantity(fraction * 100, "%")
