"""Audited writes: field history with person and reason, and events of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain
from typing import Any, TypeVar

from django.db import models, transaction

from secondsource.core import clock, outbox, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import Stale
from secondsource.core.models import Event, Record

R = TypeVar("R", bound=Record)
_gathered: ContextVar[list[list[Event]] | None] = ContextVar("gathered", default=None)


def label(model: type[models.Model] | models.Model) -> str:
    """``app.model``, the type of a subject in events and attachments."""
    return model._meta.label_lower


def save_as(obj: R, actor: Actor, reason: str = "", *, raise_version: bool = True) -> R:
    """Save ``obj`` with actor and reason in its history; the version rises by one."""
    now = clock.now()
    if obj.pk is None:
        obj.created_at = now
    elif raise_version:
        obj.version += 1
    obj.updated_at = now
    with transaction.atomic(savepoint=False):
        traces.attribute(actor, reason)
        obj.save()
    return obj


def delete_as(obj: Record, actor: Actor, reason: str = "") -> None:
    """Delete ``obj``; its history keeps the last values, the actor and the reason."""
    with transaction.atomic(savepoint=False):
        traces.attribute(actor, reason)
        obj.delete()


def bulk_create_as(
    model: type[R], objects: Iterable[R], actor: Actor, reason: str = "", *, batch_size: int = 2000
) -> list[R]:
    """Create many rows with actor and reason in their history."""
    with transaction.atomic(savepoint=False):
        traces.attribute(actor, reason)
        return model._default_manager.bulk_create(objects, batch_size=batch_size)


def record(
    action: str,
    subject: models.Model,
    actor: Actor,
    *,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write an event of the timeline in the caller's transaction, and queue it for subscribers."""
    return record_all(action, [(subject, data or {})], actor, note=note)[0]


def record_all(
    action: str,
    entries: Iterable[tuple[models.Model, dict[str, Any]]],
    actor: Actor,
    *,
    note: str = "",
) -> list[Event]:
    """Write an event for each subject by one statement; see :func:`record`."""
    events = [
        Event(
            at=clock.now(),
            actor_id=actor.user_id,
            job=actor.job,
            origin=actor.origin,
            action=action,
            subject_type=label(subject),
            subject_id=subject.pk if isinstance(subject.pk, int) else None,
            subject_key=str(getattr(subject, "key", subject.pk)),
            note=note,
            data=data,
        )
        for subject, data in entries
    ]
    if (gathered_ones := _gathered.get()) is not None:
        gathered_ones.append(events)
        return events
    with transaction.atomic(savepoint=False):
        traces.attribute_to(actor)
        outbox.publish(Event.objects.bulk_create(events))
        return events


@contextmanager
def gathered() -> Iterator[None]:
    """Write the events of the block together at its end, when nothing within reads them.

    For the owner's role, which may write of the past: from others the database does not take the
    actors of events.
    """
    acts: list[list[Event]] = []
    token = _gathered.set(acts)
    try:
        yield
    finally:
        _gathered.reset(token)
    traces.forget()
    Event.objects.bulk_create(chain.from_iterable(acts))
    outbox.publish_all(acts)


def events_of(subject: models.Model) -> models.QuerySet[Event]:
    """The timeline of one object, newest first."""
    return Event.objects.filter(subject_type=label(subject), subject_id=subject.pk).order_by("-id")


def check_version(obj: Record, expected: int | None) -> None:
    """Raise :class:`Stale` if the caller read another version of the (locked) object."""
    if expected is not None and obj.version != expected:
        raise Stale(expected=expected, current=obj.version)


def changed_fields(
    entry: Any, previous: Any, *, hidden: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Field changes from ``previous`` to ``entry`` (history rows), without hidden fields.

    Non-editable fields such as a case's state are included, unlike in simple-history's comparison.
    """
    if previous is None:
        return []
    left_out = {"version", "updated_at", *hidden}
    told = [field for field in entry.tracked_fields if field.name not in left_out]
    pairs = [(f.name, f.value_from_object(previous), f.value_from_object(entry)) for f in told]
    return [
        {"field": name, "from": _plain(before), "to": _plain(after)}
        for name, before, after in sorted(pairs, key=lambda pair: pair[0])
        if before != after
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool, list, dict, type(None))) else str(value)
