"""The outbox: work after a commit, written in the same transaction and done by a worker.

:func:`publish` writes a row for each topic that is subscribed to the action of an event;
:func:`post` writes other rows. Handlers are idempotent. ``on_commit`` sends a message to a worker,
and a periodic task works off missed rows, so that a failing broker or worker only delays the work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from django.db import connection, transaction

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Event, Outbox

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = {}
#: Action of an event → topic → key of the row that is written.
_subscribed: dict[str, dict[str, str]] = {}

#: Topic of rows that failed finally; its receiver notifies administrators.
FAILED = "follow_up_failed"

#: Waits between tries of a failing handler; after one more try the row is ``failed``.
RETRY_AFTER = [dt.timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 6 * 3600)]
MOST_TRIES = len(RETRY_AFTER) + 1


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler of ``topic`` (in an app's ``receivers.py``)."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        return handler

    return register


def subscribe(topic: str, actions: Iterable[str], *, key: str = "") -> None:
    """Write a row of ``topic`` for every event with one of these actions.

    The payload is ``{"event": id}``; for many events of one statement it has the ids of the
    ``first`` and the last. With a ``key`` waiting rows are done together.
    """
    for action in actions:
        _subscribed.setdefault(action, {})[topic] = key


def publish(events: Sequence[Event]) -> None:
    """Write a row for each topic subscribed to these events, in the caller's transaction."""
    _write(_rows(events))


def publish_all(acts: Iterable[Sequence[Event]]) -> None:
    """As :func:`publish` for the events of each act, in one statement."""
    _write([row for events in acts for row in _rows(events)])


def _rows(events: Sequence[Event]) -> list[Outbox]:
    rows: dict[str, Outbox] = {}
    for event in events:
        for topic, key in _subscribed.get(event.action, {}).items():
            row = rows.setdefault(topic, Outbox(topic=topic, key=key, payload={"event": event.pk}))
            row.due_at = event.at
            if row.payload["event"] != event.pk:
                row.payload = {"first": row.payload["event"], **row.payload, "event": event.pk}
    return list(rows.values())


def post(
    topic: str, payload: dict[str, Any], *, key: str = "", after: dt.timedelta | None = None
) -> None:
    """Add a row in the caller's transaction.

    Rows with the same key (not '') are the same work: a worker does all that it sees together. A
    row is added even if another one waits, because that one may be done before this transaction's
    change is visible.
    """
    due_at = clock.now() + (after or dt.timedelta())
    _write([Outbox(topic=topic, key=key, payload=payload, due_at=due_at)], waits=after is not None)


def _write(rows: list[Outbox], *, waits: bool = False) -> None:
    Outbox.objects.bulk_create(rows)
    follows = getattr(connection, "run_on_commit", [])
    if rows and not waits and not any(entry[1] is nudge for entry in follows):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Send a message to a worker. Faults of the broker are ignored."""
    from secondsource.core.tasks import sweep_outbox  # the tasks import this module

    try:
        sweep_outbox.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  (any fault of the broker: beat sweeps later)
        log.warning("outbox_nudge_failed", error=str(error))


def work_off(limit: int = 200) -> int:
    """Do waiting rows, each in a transaction of its own. Returns their number."""
    done = 0
    for _ in range(limit):
        pk = _begin()
        if pk is None:
            break
        done += _finish(pk)
    return done


@transaction.atomic
def _begin() -> int | None:
    """Take the next due row and the others of its key.

    Returns its id. This is committed before the handler runs, so that rows written in the meantime
    are done later: the handler may have read the data before their change.
    """
    due = Outbox.objects.select_for_update(skip_locked=True).filter(
        state=Outbox.State.WAITING, due_at__lte=clock.now()
    )
    row = due.order_by("due_at", "id").first()
    if row is None:
        return None
    if row.attempts >= MOST_TRIES:
        row.state, row.error = Outbox.State.FAILED, row.error or "The worker died in every try."
        _tell_of_failure(row)
    row.attempts += 1
    row.due_at = clock.now() + RETRY_AFTER[min(row.attempts, len(RETRY_AFTER)) - 1]
    row.save(update_fields=["state", "error", "attempts", "due_at"])
    if row.key:
        same = due.filter(topic=row.topic, key=row.key).exclude(pk=row.pk)
        _done(list(same.values_list("pk", flat=True)))
    return row.pk


def _done(ids: list[int]) -> None:
    if ids:
        Outbox.objects.filter(pk__in=ids).update(
            state=Outbox.State.DONE, done_at=clock.now(), error=""
        )


@transaction.atomic
def _finish(pk: int) -> bool:
    """Run the handler under the row's lock. Rows locked by another worker are skipped."""
    waiting = Outbox.objects.select_for_update(skip_locked=True).filter(state=Outbox.State.WAITING)
    row = waiting.filter(pk=pk).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            _run(row)
    except Exception as error:
        row.error = f"{type(error).__name__}: {error}"[:2000]
        if row.attempts >= MOST_TRIES:
            row.state = Outbox.State.FAILED
            _tell_of_failure(row)
        row.save(update_fields=["error", "state"])
        log.exception("outbox_effect_failed", topic=row.topic, outbox_id=row.pk, state=row.state)
        return False
    _done([row.pk, *_made_up_for(row)])
    return True


def _tell_of_failure(row: Outbox) -> None:
    """Post a notice of the failure, except for failed notices."""
    if row.topic != FAILED and FAILED in _handlers:
        post(FAILED, {"row": row.pk}, key=row.topic)


def _run(row: Outbox) -> None:
    """Run the handler. A missing one is an error, because this worker may have an older version."""
    if row.topic not in _handlers:
        raise LookupError(f"nothing handles {row.topic!r}")
    for handler in _handlers[row.topic]:
        handler(row.payload)


def _made_up_for(row: Outbox) -> list[int]:
    """Failed rows of the same key, whose work is done by this row."""
    if not row.key:
        return []
    failed = Outbox.objects.filter(topic=row.topic, key=row.key, state=Outbox.State.FAILED)
    return list(failed.filter(pk__lt=row.pk).values_list("pk", flat=True))


@transaction.atomic
def retry(*, pk: int, actor: Actor) -> Outbox:
    """Try a failed row again, with all tries; for administrators.

    Raises ``PermissionRefused``, ``Outbox.DoesNotExist``, and ``RuleRefused`` unless it failed.
    """
    from secondsource.core import audit  # it imports this module

    actor.require("accounts.manage_jobs")
    row = Outbox.objects.select_for_update().get(pk=pk)
    if row.state != Outbox.State.FAILED:
        detail = f"This is {row.get_state_display().lower()}; only failed work can be tried again."
        raise RuleRefused.one("not_failed", detail)
    row.state, row.attempts, row.due_at = Outbox.State.WAITING, 0, clock.now()
    row.save(update_fields=["state", "attempts", "due_at"])
    audit.record("core.outbox.retried", row, actor, note=row.error, data={"topic": row.topic})
    transaction.on_commit(nudge)
    return row
