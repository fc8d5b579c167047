"""Counts of rows of several querysets, by one query of bounded cost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from secondsource.core import queries

Query = tuple[str, tuple[Any, ...]]


#: How long a count above its cap is cached.
BEYOND_S = 30


Named = Mapping[str, QuerySet[Any]]

#: How many sets of compiled statements a process keeps.
MOST_KEPT = 512
_kept: dict[Hashable, dict[str, Query]] = {}


def capped_counts(
    querysets: Named | Callable[[], Named],
    *,
    cap: int,
    remember: bool = False,
    same: Hashable = None,
) -> dict[str, int]:
    """Numbers of rows by name; counting ends at ``cap`` + 1, which means more.

    With ``remember`` a result of more is cached. ``same`` is everything that the querysets depend
    on, such as the reader and the day: their SQL is compiled once for it, since the ORM takes
    longer to write such a statement than the database to run it.
    """
    found = _compiled(querysets, cap, same)
    key = remembered_as("counts", found) if remember else ""
    beyond = set(cache().get(key) or ()) if remember else set()
    counts = _counted({name: query for name, query in found.items() if name not in beyond})
    over = [name for name, count in counts.items() if count > cap]
    if remember and over and not beyond:
        cache().set(key, over, BEYOND_S)
    return {name: counts.get(name, cap + 1) for name in found}


def _compiled(querysets: Named | Callable[[], Named], cap: int, same: Hashable) -> dict[str, Query]:
    if same is not None and (kept := _kept.get((same, cap))) is not None:
        return kept
    named = querysets() if callable(querysets) else querysets
    found = {name: _limited(queryset, cap + 1) for name, queryset in named.items()}
    if same is not None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[same, cap] = found
    return found


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
    rows = queryset.order_by()
    if issubclass(rows._iterable_class, ModelIterable):
        rows = rows.values("pk")  # leaves out columns and annotations that only a page needs
    try:
        found = rows[:limit].query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE false", ()
    return found


def up_to(queryset: QuerySet[Any], cap: int) -> tuple[str, Callable[[], int]]:
    """A cache key for the number of rows, and what counts them up to ``cap`` + 1."""
    query = _limited(queryset, cap + 1)
    return remembered_as("total", query), lambda: _counted({"rows": query})["rows"]
