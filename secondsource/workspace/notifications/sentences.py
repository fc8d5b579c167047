"""Sentences of notifications, with the current names of people."""

from __future__ import annotations

from collections.abc import Sequence

from qualification.views import timeline as case_timeline
from secondsource.core.models import Event, Notification, NotificationKind
from secondsource.workspace.parts import timeline as part_timeline
from suppliers.models import Source

_COMMENT = "core.comment.added"


def fill(rows: Sequence[Notification]) -> Sequence[Notification]:
    """Set ``said``, the sentence, and ``who``, the name of who caused it, on each row."""
    watched = [row.number for row in rows if row.kind == NotificationKind.WATCHED]
    events = Event.objects.in_bulk(watched)
    names = case_timeline.names_of([*events.values(), *_actors(rows)])
    sources = Source.objects.with_manufacturers().in_bulk(
        {e.subject_id for e in events.values() if e.subject_type == "suppliers.source"}
    )
    for row in rows:
        row.who = names.get(row.actor_id or 0, "")
        row.said = row.text
        event = events.get(row.number) if row.kind == NotificationKind.WATCHED else None
        if event is not None:
            row.said = _watched(row, event, names, sources)
    return rows


def _actors(rows: Sequence[Notification]) -> list[Event]:
    return [Event(actor_id=row.actor_id) for row in rows if row.actor_id]


def _watched(
    row: Notification, event: Event, names: case_timeline.Names, sources: dict[int, Source]
) -> str:
    if event.action == _COMMENT:
        done = "wrote in the discussion"
    elif event.action == "parts.part.changed":
        fields = (name.replace("_", " ") for name in event.data.get("fields", []))
        done = f"changed {', '.join(fields)}"
    elif row.subject_type == event.subject_type == "qualification.case":
        done = case_timeline.in_a_sentence(event, names)
    else:
        source = sources.get(event.subject_id or 0)
        subject = source.manufacturer_part.mpn if source else event.subject_key
        done = part_timeline.in_a_sentence(event, subject)
    more = row.times - 1
    others = f", and {more:,} more change{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{done[:1].upper()}{done[1:]}{others}"
