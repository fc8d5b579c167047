"""Bulk inserts by few statements, and many values as one parameter of a query.

Ids are taken from the table's sequence beforehand, so rows that refer to each other can be written
in any order of tables: PostgreSQL checks foreign keys at the commit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault, RawSQL
from psycopg2.extras import execute_values

from secondsource.core import queries


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], **same: Any
) -> list[int]:
    """Insert rows and return their ids, in order.

    ``names`` are the attributes (``part_id``) of the values in each row; ``id`` can be one of them.
    ``same`` are values that all rows share. Other columns get the default of the model or the
    table. Raises ``IntegrityError``.
    """
    if not rows:
        return []
    if "id" not in names:
        names = ("id", *names)
        rows = [(pk, *row) for pk, row in zip(take_ids(model, len(rows)), rows, strict=True)]
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    shared = _shared_values(model, names, same)
    fields = [by_name[name] for name in names]
    tail = tuple(_prepared(by_name[name], value) for name, value in shared.items())
    values = [(*map(_prepared, fields, row), *tail) for row in rows]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(by_name[name].column)) for name in (*names, *shared))
    command = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES %s"  # noqa: S608 (quoted)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        execute_values(cursor.cursor, command, values, page_size=1000)
    return [row[names.index("id")] for row in rows]


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """The next ``count`` ids of the model's table, for rows that refer to each other."""
    return queries.column(
        # The subquery looks up the sequence's name once, not for each id.
        "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))"
        " FROM generate_series(1, %s)",
        (model._meta.db_table, count),
    )


def ids_in(values: Collection[int]) -> RawSQL:
    """Ids for ``…__in=``: one array instead of many parameters."""
    return RawSQL("SELECT unnest(%s::bigint[])", (list(values),))


def words_in(values: Collection[str]) -> RawSQL:
    """Words for ``…__in=``: one array instead of many parameters."""
    return RawSQL("SELECT unnest(%s::text[])", (list(values),))


def _shared_values(
    model: type[models.Model], names: Sequence[str], same: dict[str, Any]
) -> dict[str, Any]:
    """Values that all rows share, without those with a default in the table."""
    defaults = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.has_db_default() or field.generated)
    }
    return {
        name: value
        for name, value in (defaults | same).items()
        if name not in names and not isinstance(value, DatabaseDefault)
    }


def _prepared(field: Any, value: Any) -> Any:
    """The value for the driver, without NUL characters, which PostgreSQL cannot store."""
    if isinstance(value, str):
        value = value.replace("\x00", "")
    return field.get_db_prep_save(value, connection)
