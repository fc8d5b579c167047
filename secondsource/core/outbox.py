"""What must happen after a commit: written with it, done by a worker, never lost.

A handler is idempotent. ``on_commit`` only nudges a worker; beat sweeps what was missed, so a
dead broker or worker delays and never loses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import structlog
from django.db import connection, transaction

from secondsource.core import clock
from secondsource.core.models import Outbox

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = {}

#: Waits between tries of a failing effect; after the last it is left for a person to see.
RETRY_AFTER = [dt.timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 6 * 3600)]


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler of ``topic`` (in an app's ``receivers.py``)."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        return handler

    return register


def post(
    topic: str, payload: dict[str, Any], *, key: str = "", after: dt.timedelta | None = None
) -> None:
    """Add a row in the caller's transaction; one with the same key that nobody began is enough."""
    due = clock.now() + (after or dt.timedelta())
    Outbox.objects.bulk_create(
        [Outbox(topic=topic, key=key, payload=payload, due_at=due)], ignore_conflicts=True
    )
    waiting = getattr(connection, "run_on_commit", [])
    if after is None and not any(entry[1] is nudge for entry in waiting):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Wake a worker; a broker that is away is no reason to fail the request."""
    from secondsource.core.tasks import sweep_outbox  # tasks import this module

    try:
        sweep_outbox.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  (any fault of the broker: beat sweeps later)
        log.warning("outbox_nudge_failed", error=str(error))


def work_off(limit: int = 200) -> int:
    """Do waiting rows, each in a transaction of its own; answers how many were done."""
    done = 0
    for _ in range(limit):
        pk = _begin()
        if pk is None:
            break
        done += _finish(pk)
    return done


def _begin() -> int | None:
    """Take the next due row and say so at once, so that its key is free for later posts.

    A post that comes while the effect runs must make a row of its own: the effect may have
    read the data before that post's change.
    """
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, due_at__lte=clock.now())
            .order_by("due_at", "id")
            .first()
        )
        if row is None:
            return None
        row.begun_at, row.attempts = clock.now(), row.attempts + 1
        row.due_at = clock.now() + _wait(row)
        row.save(update_fields=["begun_at", "attempts", "due_at"])
        return row.pk


def _wait(row: Outbox) -> dt.timedelta:
    return RETRY_AFTER[min(row.attempts, len(RETRY_AFTER)) - 1]


@transaction.atomic
def _finish(pk: int) -> bool:
    """Run the effect under the row's lock; a row that another worker holds is theirs."""
    row = Outbox.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            for handler in _handlers.get(row.topic, []):
                handler(row.payload)
    except Exception as error:
        row.error = f"{type(error).__name__}: {error}"[:2000]
        row.save(update_fields=["error"])
        log.exception("outbox_effect_failed", topic=row.topic, outbox_id=row.pk)
        return False
    row.done_at, row.error = clock.now(), ""
    row.save(update_fields=["done_at", "error"])
    return True
