"""Storing of figures by the querysets that explain them.

The queryset's SQL is wrapped in ``INSERT … SELECT … ON CONFLICT DO UPDATE … WHERE row IS
DISTINCT FROM excluded``, so stored and explained figures are equal, and unchanged rows are not
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from secondsource.core import queries


@contextmanager
def unhurried() -> Iterator[None]:
    """A transaction with a long time limit, for jobs that compute everything."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        yield


def upsert_sql(
    query: str, params: Any, *, into: type[models.Model], key: str, columns: list[str]
) -> int:
    """The statement for a SELECT written by hand.

    Its columns are those of ``columns`` and the time of computation. The query is not wrapped,
    because a subselect would convert its literals to text.
    """
    quote = connection.ops.quote_name
    values = [quote(column) for column in columns if column != key]
    sets = ", ".join(f"{c} = excluded.{c}" for c in [*values, "computed_at"])
    old = ", ".join(f"t.{c}" for c in values)
    new = ", ".join(f"excluded.{c}" for c in values)
    statement = (
        f"INSERT INTO {quote(into._meta.db_table)} AS t"
        f" ({', '.join(map(quote, columns))}, computed_at) {query}"
        f" ON CONFLICT ({quote(key)}) DO UPDATE SET {sets}"
        f" WHERE ({old}) IS DISTINCT FROM ({new})"
    )
    return queries.execute(statement, params)
