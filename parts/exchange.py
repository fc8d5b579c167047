"""Conversion between currencies on a day, by the SQL function ``parts_rate``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from secondsource.core import queries


@dataclass(frozen=True)
class Conversion:
    """The value of one unit of a currency in another, the day of the rate and its publisher."""

    rate: Decimal
    as_of: dt.date
    publisher: str


def conversion(*, given: str, wanted: str, day: dt.date) -> Conversion | None:
    """The latest rate on or before ``day``; None when no publisher gives one."""
    found = queries.rows("SELECT * FROM parts_rate(%s, %s, %s)", (given, wanted, day))
    return Conversion(*found[0]) if found else None
