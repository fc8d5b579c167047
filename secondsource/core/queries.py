"""Raw SQL statements and their rows."""

from __future__ import annotations

from typing import Any

from django.db import connection


def execute(query: Any, parameters: Any = None) -> int:
    """Run a statement. Returns the number of written rows."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.rowcount)


def rows(query: Any, parameters: Any = None) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def column(query: Any, parameters: Any = None) -> list[Any]:
    """The first column of a query."""
    return [row[0] for row in rows(query, parameters)]


def records(query: Any, parameters: Any = None) -> list[dict[str, Any]]:
    """All rows of a query as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [described[0] for described in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
