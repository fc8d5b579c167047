"""Entries of a history, with the changes of rows that belong to the object.

Such rows are members, scope or parameters. A change in the transaction of an entry is part of that
entry, as a field with the removed and the added rows. Other changes have their own entries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.expressions import RawSQL

from secondsource.core import audit, traces
from secondsource.core.api import fields
from secondsource.core.api.visibility import hidden_names
from secondsource.core.models import RowChange

#: Most changed rows of a page of history.
MOST = 2_000
#: Kind of a history row → its value in the API.
KINDS = {"+": "created", "~": "changed", "-": "deleted"}
#: The transaction that wrote a row of an append-only table.
TRANSACTION = RawSQL("sealed_tx", (), output_field=models.BigIntegerField())


def history_entry(
    *,
    at: dt.datetime,
    by: Any,
    kind: str,
    version: int,
    changes: list[dict[str, Any]],
    origin: str = "",
    reason: str | None = "",
) -> dict[str, Any]:
    """An entry; ``by`` is a person, None for a job."""
    return {
        "at": fields.Moment().to_representation(at),
        "by": {"email": by.email, "name": by.name} if by else None,
        "origin": origin,
        "reason": reason or "",
        "kind": kind,
        "version": version,
        "changes": changes,
    }


def with_rows(
    obj: models.Model, entries: list[Any], shown: list[dict[str, Any]], actor: Any
) -> list[dict[str, Any]]:
    """The entries ``shown``, newest first, with the changes of rows."""
    names = _names(type(obj), actor)
    if not names or not entries:
        return shown
    transactions = transactions_of(obj, entries)
    found = groupby(_changes(obj, entries, names, transactions), key=lambda row: row.tx)
    groups = {tx: list(rows) for tx, rows in found}
    people = get_user_model().objects.in_bulk({r.user_id for g in groups.values() for r in g})
    keys = _Keys(groups)
    result = []
    for entry, own in zip(shown, transactions, strict=True):
        # Changes of rows alone after this entry come before it: newest first.
        later = sorted((tx for tx in groups if tx > own), reverse=True)
        result += [_alone(groups.pop(tx), names, keys, people, entry) for tx in later]
        result.append(entry)
        if own in groups:
            entry["changes"] = [*entry["changes"], *_fields(groups.pop(own), names, keys)]
    return result


def _names(model: type[models.Model], actor: Any) -> dict[str, str]:
    """Table → the object's name for its rows, without tables that are hidden from the reader."""
    hidden = hidden_names(actor, audit.label(model))
    through = {
        field.remote_field.through._meta.db_table: field.name
        for field in model._meta.local_many_to_many
    }
    found = {}
    for table, rows in traces.rows_of(model).items():
        relation = traces.owner_field(rows).remote_field
        name = through.get(table) or ("" if relation.hidden else str(relation.get_accessor_name()))
        if name and name not in hidden and not hidden_names(actor, audit.label(rows)):
            found[table] = name
    return found


def transactions_of(obj: Any, entries: list[Any]) -> list[int]:
    """The transaction that wrote each of these history rows."""
    by_id = dict(
        obj.history.filter(history_id__in=[entry.history_id for entry in entries])
        .annotate(tx=TRANSACTION)
        .values_list("history_id", "tx")
    )
    return [by_id[entry.history_id] for entry in entries]


def _changes(
    obj: Any, entries: list[Any], names: dict[str, str], transactions: list[int]
) -> list[Any]:
    """Changes from the page's oldest entry to the entry before the page, newest first."""
    rows = RowChange.objects.filter(table__in=names, owner_id=obj.pk).annotate(tx=TRANSACTION)
    newer = obj.history.filter(history_id__gt=entries[0].history_id).annotate(tx=TRANSACTION)
    bound = newer.order_by("history_id").values_list("tx", flat=True).first()
    if bound is not None:
        rows = rows.filter(tx__lt=bound)
    return list(rows.filter(tx__gte=transactions[-1]).order_by("-tx", "id")[:MOST])


class _Keys:
    """Natural keys of the rows in changes, with one query a model."""

    def __init__(self, groups: dict[int, list[Any]]) -> None:
        wanted = defaultdict(set)
        for row in (row for rows in groups.values() for row in rows):
            for model, pk in _references(row):
                wanted[model].add(pk)
        self._rows = {m: m._default_manager.in_bulk(ids) for m, ids in wanted.items()}

    def of(self, model: Any, pk: Any) -> str | None:
        row = self._rows[model].get(pk) if pk is not None else None
        return None if row is None else str(getattr(row, "key", row))


def _foreign(row: Any) -> list[Any]:
    model = traces.model_of(row.table)
    owner = traces.owner_field(model)
    return [f for f in model._meta.concrete_fields if f.many_to_one and f != owner]


def _references(row: Any) -> list[tuple[Any, Any]]:
    sides = [side for side in (row.before, row.after) if side]
    return [
        (field.related_model, side[field.column])
        for field in _foreign(row)
        for side in sides
        if side.get(field.column) is not None
    ]


def _content(row: Any, values: dict[str, Any], keys: _Keys) -> Any:
    """A row without its ids; for a plain link only its target."""
    model, foreign = traces.model_of(row.table), _foreign(row)
    named = {
        field.name: keys.of(field.related_model, values.get(field.column)) for field in foreign
    }
    if model._meta.auto_created:
        return next(iter(named.values()))
    left_out = {"id", "public_id", traces.owner_field(model).column, *(f.column for f in foreign)}
    return {**named, **{k: v for k, v in values.items() if k not in left_out}}


def _fields(rows: list[Any], names: dict[str, str], keys: _Keys) -> list[dict[str, Any]]:
    """Removed and added rows as a field for each kind; rows that are written again are left out."""
    changes = []
    for table in sorted({row.table for row in rows}):
        own = [row for row in rows if row.table == table]
        went = [_content(row, row.before, keys) for row in own if row.before]
        came = [_content(row, row.after, keys) for row in own if row.after]
        for same in [one for one in went if one in came]:
            went.remove(same)
            if same in came:
                came.remove(same)
        if went or came:
            changes.append({"field": names[table], "from": went, "to": came})
    return changes


def _alone(
    rows: list[Any], names: dict[str, str], keys: _Keys, people: Any, older: dict[str, Any]
) -> dict[str, Any]:
    first = rows[0]
    return history_entry(
        at=first.at, by=people.get(first.user_id), origin=first.origin, reason=first.reason,
        kind="changed", version=older["version"], changes=_fields(rows, names, keys),
    )  # fmt: skip
