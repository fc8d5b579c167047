"""Conversion between currencies on a day, by the SQL function ``parts_rate``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
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


def rates(
    *, given: Collection[tuple[str, dt.date]], wanted: str
) -> dict[tuple[str, dt.date], Decimal]:
    """What a unit of each currency is worth on its day, in one statement; none without a rate."""
    codes, days = [code for code, _ in given], [day for _, day in given]
    found = queries.rows(
        "SELECT n.code, n.day, r.rate FROM unnest(%s::text[], %s::date[]) n(code, day),"
        " LATERAL parts_rate(n.code, %s, n.day) r",
        (codes, days, wanted),
    )
    return {(code, day): rate for code, day, rate in found}
