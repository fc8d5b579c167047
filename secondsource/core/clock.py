"""The one place that knows what time it is.

Tests and the demo company's builder move it with :func:`at`; nothing does in production.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moved: ContextVar[dt.datetime | None] = ContextVar("moved_clock", default=None)


def now() -> dt.datetime:
    """The current moment, UTC."""
    return _moved.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The current date in the active time zone (the reader's in a request, else UTC)."""
    return timezone.localtime(now()).date()


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
