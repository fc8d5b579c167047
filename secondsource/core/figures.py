"""Stored figures from the querysets that explain them.

The queryset's SQL is wrapped in ``INSERT … SELECT … ON CONFLICT DO UPDATE … WHERE row IS
DISTINCT FROM excluded``, so stored and explained figures cannot drift and an unchanged run
writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from secondsource.core import queries


@contextmanager
def unhurried() -> Iterator[None]:
    """A transaction whose statements may take long: recomputing everything is a job's work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        yield


def upsert_sql(
    query: str, params: Any, *, into: type[models.Model], key: str, columns: list[str]
) -> int:
    """The same for a SELECT written by hand.

    Its columns stand in the order of ``columns`` and one more follows: the time of computation.
    The query is not wrapped, because a subselect would turn its bare literals into text.
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
