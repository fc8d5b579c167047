"""How many rows several querysets have, in one statement of bounded cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int) -> dict[str, int]:
    """Rows of each queryset by its name; counting ends at ``cap`` + 1, which means more."""
    columns: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets.values():
        sql, values = _limited(queryset, cap + 1)
        columns.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 (the ORM wrote it)
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)
        return dict(zip(querysets, cursor.fetchone(), strict=True))


def _limited(queryset: QuerySet[Any], limit: int) -> tuple[str, tuple[Any, ...]]:
    try:
        found = queryset.order_by().values("pk")[:limit].query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE false", ()
    return found
