"""How rates and shares are written."""

from __future__ import annotations

from decimal import Decimal

from secondsource.core.formats import quantity

#: Years that pages and filters take.
FIRST_YEAR, LAST_YEAR = 2000, 2199


def in_percent(fraction: Decimal) -> str:
    """A fraction with all its decimals: ``7 %``, ``7.25 %``."""
    return quantity(fraction * 100, "%")
