"""Month arithmetic on local calendar dates.

A month added to the last day of a month stays at the end of the month: 31 August plus six months
is the last day of February. Adding month by month would drift; all functions count from the start.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from secondsource.core import inputs

MAX_MONTHS = 1_200
_YEARS = "must leave every date within the years 1 to 9999"


def add_months(day: date, months: int, *, field: str = "day") -> date:
    """The same day ``months`` later (earlier when negative), clamped to the month's end.

    Raises :class:`~secondsource.core.inputs.InputError` beyond the years 1 to 9999, naming
    ``field``.
    """
    inputs.integer("months", months, low=-MAX_MONTHS, high=MAX_MONTHS)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        inputs.refuse(field, "out_of_range", _YEARS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(since: date, until: date) -> int:
    """How many whole months can be added to ``since`` without passing ``until``, a later day."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (add_months(since, months) > until)


def add_days(day: date, days: int, *, field: str = "day") -> date:
    """The day ``days`` later; refuses to leave the years 1 to 9999, naming ``field``."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        inputs.refuse(field, "out_of_range", _YEARS)
