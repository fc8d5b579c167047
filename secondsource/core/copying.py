"""Many rows into a table by COPY, and many values as one parameter of a query.

COPY is ten times faster than an INSERT of as many values. Ids are taken from the table's sequence
beforehand, so rows that name each other can be written in any order of tables: PostgreSQL checks
their keys at the commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault, RawSQL

#: Characters of the text format that have a meaning of their own.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
_LINES_AT_ONCE = 200


def copy_in(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], **same: Any
) -> list[int]:
    """Write rows and answer their ids, in order.

    ``names`` are attributes (``part_id``) whose values each row gives; ``same`` holds those that
    are alike in all rows; all others get the model's or the table's default. ``id`` may be among
    the names. Raises what the table's constraints raise.
    """
    if not rows:
        return []
    if "id" not in names:
        names = ("id", *names)
        rows = [(pk, *row) for pk, row in zip(take_ids(model, len(rows)), rows, strict=True)]
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    writers = [_writer(by_name[name]) for name in names]
    alike = _alike(model, names, same)
    tail = "".join(f"\t{_written(_writer(by_name[name]), value)}" for name, value in alike.items())
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(by_name[name].column)) for name in (*names, *alike))
    command = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    # The cursor's own method: Django does not translate its errors unasked.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(command, _Text(_lines(rows, writers, tail)))
    return [row[names.index("id")] for row in rows]


class _Text:
    """Lines as a file that is written while it is read: the server stores what came before."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, size: int) -> str:
        """The next lines, more or less than ``size``; '' at the end."""
        return "".join(islice(self._lines, _LINES_AT_ONCE))


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """The next ``count`` ids of the model's table, for rows that name each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The name in a query of its own: looked up once, not again for every id.
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))"
            " FROM generate_series(1, %s)",
            (model._meta.db_table, count),
        )
        return [row[0] for row in cursor.fetchall()]


def ids_in(values: Collection[int]) -> RawSQL:
    """Ids for ``…__in=``: one array instead of as many parameters."""
    return RawSQL("SELECT unnest(%s::bigint[])", (list(values),))


def words_in(values: Collection[str]) -> RawSQL:
    """Words for ``…__in=``: one array instead of as many parameters."""
    return RawSQL("SELECT unnest(%s::text[])", (list(values),))


def _alike(model: type[models.Model], names: Sequence[str], same: dict[str, Any]) -> dict[str, Any]:
    """Values that all rows share; what the table itself fills in is left to it."""
    blank = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.has_db_default() or field.generated)
    }
    return {
        name: value
        for name, value in (blank | same).items()
        if name not in names and not isinstance(value, DatabaseDefault)
    }


def _lines(
    rows: Sequence[Sequence[Any]], writers: Sequence[Callable[[Any], str]], tail: str
) -> Iterator[str]:
    for row in rows:
        yield "\t".join(map(_written, writers, row)) + tail + "\n"


def _written(write: Callable[[Any], str], value: Any) -> str:
    return "\\N" if value is None else write(value)


def _writer(field: Any) -> Callable[[Any], str]:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _array
    return _text if isinstance(field, (models.CharField, models.TextField)) else str


def _text(value: Any) -> str:
    return str(value).translate(_ESCAPES)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def _array(value: Sequence[Any]) -> str:
    quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
    return ("{" + ",".join(f'"{one}"' for one in quoted) + "}").translate(_ESCAPES)
