"""What must happen after a commit: written with it, done by a worker, never lost.

``core.Event`` is the bus: :func:`publish` writes a row for each topic that subscribed to the
event's action. Other work is posted by its topic. A handler is idempotent. ``on_commit`` only
nudges a worker; beat sweeps what was missed, so a dead broker or worker delays and never loses.
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

#: Topic of rows that failed for good; its receiver notifies administrators.
FAILED = "follow_up_failed"

#: Waits between tries of a failing effect; after one more try the row is ``failed``.
RETRY_AFTER = [dt.timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 6 * 3600)]
MOST_TRIES = len(RETRY_AFTER) + 1


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler of ``topic`` (in an app's ``receivers.py``)."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        return handler

    return register


def subscribe(topic: str, actions: Iterable[str], *, key: str = "") -> None:
    """Let every event with one of these actions write a row of ``topic``.

    The handler's payload is ``{"event": id}``; of many events that one statement wrote it has the
    ids of the ``first`` and the last. With a ``key`` the rows that wait are done at once.
    """
    for action in actions:
        _subscribed.setdefault(action, {})[topic] = key


def publish(events: Sequence[Event]) -> None:
    """Write a row for each topic that subscribed to these events, in the caller's transaction."""
    rows: dict[str, Outbox] = {}
    for event in events:
        for topic, key in _subscribed.get(event.action, {}).items():
            row = rows.setdefault(topic, Outbox(topic=topic, key=key, payload={"event": event.pk}))
            if row.payload["event"] != event.pk:
                row.payload = {"first": row.payload["event"], **row.payload, "event": event.pk}
    if rows:
        _write(list(rows.values()))


def post(
    topic: str, payload: dict[str, Any], *, key: str = "", after: dt.timedelta | None = None
) -> None:
    """Add a row in the caller's transaction.

    Rows with one key (not '') stand for the same effect: a worker that begins one takes all that
    it sees. A post never looks at other rows, for one that a worker is about to do does not know
    this transaction's change, and one that is not committed would have to be waited for.
    """
    _write([Outbox(topic=topic, key=key, payload=payload)], after)


def _write(rows: list[Outbox], after: dt.timedelta | None = None) -> None:
    for row in rows:
        row.due_at = clock.now() + (after or dt.timedelta())
    Outbox.objects.bulk_create(rows)
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


@transaction.atomic
def _begin() -> int | None:
    """Take the next due row, and with it the others of its key; answers its id.

    Committed before the effect runs: a row that is written meanwhile is not among them and is done
    later, because the effect may have read the data before that row's change.
    """
    due = Outbox.objects.select_for_update(skip_locked=True).filter(
        state=Outbox.State.WAITING, due_at__lte=clock.now()
    )
    row = due.order_by("due_at", "id").first()
    if row is None:
        return None
    if row.attempts >= MOST_TRIES:
        row.state, row.error = Outbox.State.FAILED, row.error or "Its worker died in every try."
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
    """Run the effect under the row's lock; a row that another worker holds is theirs."""
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
    """Post a notice of the failure, except of a notice that failed itself."""
    if row.topic != FAILED and FAILED in _handlers:
        post(FAILED, {"row": row.pk}, key=row.topic)


def _run(row: Outbox) -> None:
    """Without a handler it is no success: this worker may be of an older version."""
    if row.topic not in _handlers:
        raise LookupError(f"nothing handles {row.topic!r}")
    for handler in _handlers[row.topic]:
        handler(row.payload)


def _made_up_for(row: Outbox) -> list[int]:
    """Failed rows of the same key, whose effect this row's has brought about."""
    if not row.key:
        return []
    failed = Outbox.objects.filter(topic=row.topic, key=row.key, state=Outbox.State.FAILED)
    return list(failed.filter(pk__lt=row.pk).values_list("pk", flat=True))


@transaction.atomic
def retry(*, pk: int, actor: Actor) -> Outbox:
    """Let a failed row be tried again from its first try on; for administrators.

    Raises ``PermissionRefused``, ``Outbox.DoesNotExist``, and ``RuleRefused`` unless it failed.
    """
    from secondsource.core import audit  # it publishes events through this module

    actor.require("accounts.manage_jobs")
    row = Outbox.objects.select_for_update().get(pk=pk)
    if row.state != Outbox.State.FAILED:
        detail = f"This is {row.get_state_display().lower()}; only what failed is tried again."
        raise RuleRefused.one("not_failed", detail)
    row.state, row.attempts, row.due_at = Outbox.State.WAITING, 0, clock.now()
    row.save(update_fields=["state", "attempts", "due_at"])
    audit.record("core.outbox.retried", row, actor, note=row.error, data={"topic": row.topic})
    transaction.on_commit(nudge)
    return row
