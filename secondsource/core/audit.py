"""Writing with a trace: field history with person and reason, and the human timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from secondsource.core import clock, outbox
from secondsource.core.actors import Actor
from secondsource.core.errors import Stale
from secondsource.core.models import Event, Record

R = TypeVar("R", bound=Record)


def label(model: type[models.Model] | models.Model) -> str:
    """``app.model``, as events and attachments name a subject's type."""
    return model._meta.label_lower


def save_as(obj: R, actor: Actor, reason: str = "", *, raise_version: bool = True) -> R:
    """Save ``obj`` with who and why in its history; the version rises by one."""
    now = clock.now()
    if obj.pk is None:
        obj.created_at = now
    elif raise_version:
        obj.version += 1
    obj.updated_at = now
    marks = obj.__dict__
    marks["_history_user"], marks["_change_reason"] = actor.user, reason or None
    marks["_history_origin"], marks["_history_date"] = actor.origin, now
    try:
        obj.save()
    finally:
        for mark in ("_history_user", "_change_reason", "_history_origin", "_history_date"):
            marks.pop(mark, None)
    return obj


def delete_as(obj: Record, actor: Actor, reason: str = "") -> None:
    """Delete ``obj``; its history keeps the last values, who and why."""
    obj.__dict__.update(
        _history_user=actor.user, _change_reason=reason or None, _history_origin=actor.origin
    )
    obj.delete()


def bulk_create_as(
    model: type[R], objects: Iterable[R], actor: Actor, reason: str = "", *, batch_size: int = 2000
) -> list[R]:
    """Create many rows, and their history by one ``INSERT … SELECT``."""
    rows = model._default_manager.bulk_create(objects, batch_size=batch_size)
    note_history(model, [row.pk for row in rows], "+", actor, reason)
    return rows


def bulk_delete_as(model: type[Record], ids: Sequence[int], actor: Actor, reason: str = "") -> int:
    """Delete rows by id after noting their last values; answers how many.

    The caller has removed, or the database cascades to, what hangs on them.
    """
    note_history(model, ids, "-", actor, reason)
    queryset = model._default_manager.filter(pk__in=ids)
    return int(queryset._raw_delete(queryset.db))


def note_history(
    model: type[Record], ids: Sequence[int], kind: str, actor: Actor, reason: str = ""
) -> None:
    """Copy rows as they are into their history: ``+`` created, ``~`` changed, ``-`` deleted."""
    if not ids:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    history = quote(model.history.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            # Names come from the model, values are parameters.
            f"INSERT INTO {history} ({columns}, history_date, history_change_reason,"  # noqa: S608
            f" history_type, history_user_id, history_origin)"
            f" SELECT {columns}, %s, %s, %s, %s, %s FROM {quote(model._meta.db_table)}"
            f" WHERE id = ANY(%s) ORDER BY id",
            (clock.now(), reason or None, kind, actor.user_id, actor.origin, list(ids)),
        )


def record(
    action: str,
    subject: models.Model,
    actor: Actor,
    *,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one line of the human timeline, in the caller's transaction, for who subscribed too."""
    event = Event.objects.create(
        at=clock.now(),
        actor_id=actor.user_id,
        job=actor.job,
        origin=actor.origin,
        action=action,
        subject_type=label(subject),
        subject_id=subject.pk if isinstance(subject.pk, int) else None,
        subject_key=str(getattr(subject, "key", subject.pk)),
        note=note,
        data=data or {},
    )
    outbox.publish(event)
    return event


def events_of(subject: models.Model) -> models.QuerySet[Event]:
    """The timeline of one object, newest first."""
    return Event.objects.filter(subject_type=label(subject), subject_id=subject.pk).order_by("-id")


def check_version(obj: Record, expected: int | None) -> None:
    """Raise :class:`Stale` when the caller saw another version of the (locked) object."""
    if expected is not None and obj.version != expected:
        raise Stale(expected=expected, current=obj.version)


def changed_fields(
    entry: Any, previous: Any, *, hidden: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Field changes from ``previous`` to ``entry`` (history rows), hidden ones left out.

    Also of fields that no form writes, a case's state above all, which the history's own
    comparison passes over.
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
