"""The clock of the product.

Tests and the builder of the demo company set it with :func:`at`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

_moved: ContextVar[dt.datetime | None] = ContextVar("moved_clock", default=None)


def now() -> dt.datetime:
    """The current moment, UTC."""
    return _moved.get() or dt.datetime.now(dt.UTC)


def moved() -> dt.datetime | None:
    """The time set by :func:`at`, else None."""
    return _moved.get()


def business_day() -> dt.date:
    """Today in the company's calendar (setting ``COMPANY_TIME_ZONE``).

    Rules in Python and SQL compare dates of this calendar. The reader's time zone is only for time
    stamps on pages.
    """
    return day_of(now())


def day_of(moment: dt.datetime) -> dt.date:
    """The day of the company's calendar on which a moment lies."""
    return moment.astimezone(settings.COMPANY_TIME_ZONE).date()


def year_begins(year: int) -> dt.datetime:
    """The first moment of a year of the company's calendar."""
    return dt.datetime(year, 1, 1, tzinfo=settings.COMPANY_TIME_ZONE)


today = business_day


@contextmanager
def at(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Set the time to ``moment`` (a date means its noon, UTC) inside the block."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(12), tzinfo=dt.UTC)
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
