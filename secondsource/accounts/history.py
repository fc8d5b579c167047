"""Changes of a person's account, scope and tokens, as the API shows history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from secondsource.accounts.models import ApiToken, Plant, ProductLine, User
from secondsource.core.api.history_entries import KINDS, history_entry
from secondsource.core.models import RowChange

_ACCOUNT, _TOKENS = User._meta.db_table, ApiToken._meta.db_table
#: Table of the relation → its name on the page, the column, and the model it refers to.
_LINKS: dict[str, tuple[str, str, type[Plant | ProductLine]]] = {
    User.plants.through._meta.db_table: ("plants", "plant_id", Plant),
    User.product_lines.through._meta.db_table: ("product_lines", "productline_id", ProductLine),
}
_LEFT_OUT = {"id", "public_id", "version", "user_id", "date_joined"}


def changes_of(user: User) -> QuerySet[RowChange]:
    """Changes of all rows that belong to the person."""
    return RowChange.objects.filter(table__in=[_ACCOUNT, _TOKENS, *_LINKS], owner_id=user.pk)


def described(user: User, rows: list[RowChange]) -> list[dict[str, Any]]:
    """The rows, newest first; names and codes are read by one query each."""
    people = User.objects.in_bulk({row.user_id for row in rows if row.user_id})
    keys = {table: _codes(table, rows) for table in _LINKS}
    return [_entry(user, row, people, keys) for row in rows]


def _codes(table: str, rows: list[RowChange]) -> dict[int, str]:
    _, column, model = _LINKS[table]
    sides = [side for row in rows if row.table == table for side in (row.before, row.after) if side]
    found = model._default_manager.filter(pk__in={side[column] for side in sides})
    return dict(found.values_list("pk", "code"))


def _entry(user: User, row: RowChange, people: Any, keys: Any) -> dict[str, Any]:
    before, after = row.before or {}, row.after or {}
    return history_entry(
        at=row.at, by=people.get(row.user_id), origin=row.origin, reason=row.reason,
        kind=KINDS[row.kind] if row.table == _ACCOUNT else "changed",
        version=after.get("version", user.version), changes=_changes(row, before, after, keys),
    )  # fmt: skip


def _changes(row: RowChange, before: Any, after: Any, keys: Any) -> list[dict[str, Any]]:
    if row.table in _LINKS:
        name, column, _ = _LINKS[row.table]
        codes = keys[row.table]
        went, came = codes.get(before.get(column)), codes.get(after.get(column))
        return [{"field": name, "from": went, "to": came}]
    sides = [{k: v for k, v in side.items() if k not in _LEFT_OUT} for side in (before, after)]
    if row.table == _TOKENS:
        return [{"field": "tokens", "from": sides[0] or None, "to": sides[1] or None}]
    return [
        {"field": name, "from": sides[0].get(name), "to": sides[1].get(name)}
        for name in sorted({*sides[0], *sides[1]})
        if sides[0].get(name) != sides[1].get(name)
    ]
