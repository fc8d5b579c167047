"""The one place that knows what time it is.

Tests and the demo company's builder move it with :func:`at`; nothing does in production.
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
    """The moment that :func:`at` set, None while the clock is the machine's."""
    return _moved.get()


def business_day() -> dt.date:
    """Today in the company's calendar (setting ``COMPANY_TIME_ZONE``).

    Every date that a rule compares is of this calendar, in Python and in SQL, whoever asks and
    from wherever. The reader's own time zone only draws time stamps.
    """
    return now().astimezone(settings.COMPANY_TIME_ZONE).date()


today = business_day


@contextmanager
def at(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Let :func:`now` answer ``moment`` (a date means its noon, UTC) inside the block."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(12), tzinfo=dt.UTC)
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
