"""The history of a record in words: who changed which fields, when and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models

from secondsource.core import formats
from secondsource.core.actors import Actor
from secondsource.core.api.history import describe
from secondsource.core.api.history_entries import with_rows
from secondsource.core.models import Record

#: How much of the past one page shows.
MOST = 200


@dataclass(frozen=True)
class Entry:
    """One line of ``components/timeline.html``."""

    at: dt.datetime
    who: str
    what: str
    why: str = ""
    icon: str = "circle-dot"
    tone: str = ""
    url: str = ""


def changes_of(record: Record, actor: Actor, noun: str, *, rows: bool = True) -> list[Entry]:
    """The newest ``MOST`` changes of a record's fields and, with ``rows``, of the rows it owns."""
    found = list(record.history.order_by("-history_id")[:MOST])
    told = describe(record, found, actor)
    return _entries(record, with_rows(record, found, told, actor) if rows else told, noun)


def _entries(record: Record, told: list[dict[str, Any]], noun: str) -> list[Entry]:
    return [
        Entry(
            at=dt.datetime.fromisoformat(one["at"]),
            who=one["by"]["name"] if one["by"] else "A job",
            what=_changes_in_words(record, one["changes"])
            if one["changes"] and one["kind"] != "created"
            else f"added this {noun}",
            why=one["reason"],
            icon="plus" if one["kind"] == "created" else "pencil",
        )
        for one in told
        if one["changes"] or one["kind"] == "created"
    ]


def _changes_in_words(record: Record, changes: list[dict[str, Any]]) -> str:
    return f"changed {', '.join(_change_in_words(record, one) for one in changes)}"


def _change_in_words(record: Record, change: dict[str, Any]) -> str:
    name, sides = change["field"], [change["from"], change["to"]]
    if all(isinstance(side, list) for side in sides) and record._meta.get_field(name).auto_created:
        went, came = (_rows_in_words(side) for side in sides)
        said = [f"added {came}"] if came else []
        said += [f"removed {went}"] if went else []
        return f"{name.replace('_', ' ')} ({'; '.join(said)})"
    old, new = (_shown(record, name, side) for side in sides)
    return f"{_label(record, name)} from {old} to {new}"


def _rows_in_words(rows: list[Any]) -> str:
    """Rows that belong to a record by what names them, else how many there are."""
    names = [row.get("text") or row.get("name") for row in rows if isinstance(row, dict)]
    if rows and not all(names):
        return str(len(rows))
    return ", ".join(str(name) for name in names or rows)


_LABELS = {"stock_qty": "on hand", "stock_as_of": "day of the stock", "open_order_qty": "on order"}


def _label(record: Record, name: str) -> str:
    field: Any = record._meta.get_field(name)
    return _LABELS.get(name) or str(field.verbose_name)


def _shown(record: Record, name: str, value: Any) -> str:
    if formats.is_missing(value):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    field: Any = record._meta.get_field(name)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(field, models.DecimalField):
        return formats.number(value)
    if isinstance(field, models.DateField):
        return formats.day(_day(value))
    choices = dict(field.flatchoices or [])
    return str(choices.get(value, value))


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
