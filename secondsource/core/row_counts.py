"""Counts of rows of several querysets, by one query of bounded cost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from secondsource.core import queries

Query = tuple[str, tuple[Any, ...]]


#: How long a count above its cap is cached.
BEYOND_S = 30


def capped_counts(
    querysets: Mapping[str, QuerySet[Any]], *, cap: int, remember: bool = False
) -> dict[str, int]:
    """Numbers of rows by name; counting ends at ``cap`` + 1, which means more.

    With ``remember`` a result of more is cached.
    """
    found = {name: _limited(queryset, cap + 1) for name, queryset in querysets.items()}
    key = remembered_as("counts", found) if remember else ""
    beyond = set(cache().get(key) or ()) if remember else set()
    counts = _counted({name: query for name, query in found.items() if name not in beyond})
    over = [name for name, count in counts.items() if count > cap]
    if remember and over and not beyond:
        cache().set(key, over, BEYOND_S)
    return {name: counts.get(name, cap + 1) for name in querysets}


def _counted(asked: Mapping[str, Query]) -> dict[str, int]:
    if not asked:
        return {}
    columns = [f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _ in asked.values()]  # noqa: S608 (the ORM wrote it)
    values = [one for _, given in asked.values() for one in given]
    (counts,) = queries.rows(f"SELECT {', '.join(columns)}", values)
    return dict(zip(asked, counts, strict=True))


def cache() -> Any:
    """The cache of counts."""
    return caches["optional"]


def remembered_as(kind: str, query: Any) -> str:
    """The cache key of a query."""
    return f"{kind}:{hashlib.sha256(repr(query).encode()).hexdigest()}"


def _limited(queryset: QuerySet[Any], limit: int) -> Query:
    try:
        found = queryset.order_by().values("pk")[:limit].query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE false", ()
    return found
