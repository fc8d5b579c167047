"""Keyset pagination: all pages cost the same.

A cursor is the signed key of the row at a page's edge, so it only contains valid values. Rows with
a missing key come last in both directions.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.sql.constants import INNER

from secondsource.core import row_counts

PAGE_SIZE = 50
COUNT_CAP = 10_000
_SIGNER = signing.Signer(salt="secondsource.paging")


@dataclass(frozen=True)
class SortKey:
    """A part of the order: an ORM path, its direction, and whether it can be null."""

    path: str
    descending: bool
    nullable: bool

    def order(self, backwards: bool) -> OrderBy:
        """This key in ORDER BY; nulls last, or first when reading backwards."""
        descending = self.descending != backwards
        if not self.nullable:
            return OrderBy(F(self.path), descending=descending)
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return OrderBy(F(self.path), descending=descending, **nulls)

    def beyond(self, value: Any, backwards: bool) -> Q | None:
        """The condition for rows after ``value`` in reading direction; None without any."""
        operator = "lt" if self.descending != backwards else "gt"
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else None
        past = Q(**{f"{self.path}__{operator}": value})
        return (
            past | Q(**{f"{self.path}__isnull": True}) if self.nullable and not backwards else past
        )

    def equal(self, value: Any) -> Q:
        """The condition for rows with the same key."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


@dataclass(frozen=True)
class Total:
    """A number of rows; above the cap an estimate of the planner."""

    value: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.value:,}" if self.exact else f"about {self.value:,}"


@dataclass(frozen=True)
class KeysetPage:
    """The rows of a page and the cursors of its neighbours (None at the ends)."""

    rows: list[Any]
    total: Total
    start: int
    next: str | None
    previous: str | None

    @property
    def end(self) -> int:
        """Ordinal of the last row."""
        return self.start + len(self.rows) - 1 if self.rows else 0


class NoSuchCursor(ValueError):
    """The cursor is invalid or belongs to another order."""


def keys_for(queryset: QuerySet[Any], order: Sequence[str]) -> list[SortKey]:
    """The parts of the order, with the primary key added if they are not unique."""
    keys = [
        SortKey(
            path.lstrip("-"),
            path.startswith("-"),
            is_nullable(queryset, path.lstrip("-")),
        )
        for path in order
    ]
    last = keys[-1].descending if keys else False
    if not any(_is_unique(queryset.model, key) for key in keys):
        keys.append(SortKey("pk", last, nullable=False))
    return keys


def _is_unique(model: Any, key: SortKey) -> bool:
    unique = {"pk", *(field.name for field in model._meta.concrete_fields if field.unique)}
    return key.path in unique and not key.nullable


def is_nullable(queryset: QuerySet[Any], path: str) -> bool:
    """Whether ``path`` can be null; annotations always can.

    Relations that the query's conditions require are not null. PostgreSQL only reads an order from
    an index with the same place of nulls.
    """
    if path == "pk":
        return False
    if path in queryset.query.annotations:
        return True
    *relations, last = path.split("__")
    model, alias = queryset.model, queryset.query.get_initial_alias()
    for name in relations:
        step = _step(queryset, model, alias, name)
        if step is None:
            return True
        model, alias = step
    try:
        field = model._meta.get_field(last)
    except FieldDoesNotExist:
        return True
    return not isinstance(field, models.Field) or field.null


def _step(queryset: QuerySet[Any], model: Any, alias: str, name: str) -> tuple[Any, str] | None:
    """The model of a relation and its alias in the query; None if it can be null."""
    try:
        relation = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    for joined, join in queryset.query.alias_map.items():
        if join.parent_alias == alias and getattr(join, "join_field", None) == relation:
            return (relation.related_model, joined) if join.join_type == INNER else None
    required = isinstance(relation, models.Field) and not relation.null
    return (relation.related_model, "") if required else None


def read(row: Any, path: str) -> Any:
    """The value of an ORM path on a fetched row or in its ``values``."""
    if isinstance(row, dict):
        return row[path]
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def paginate(
    queryset: QuerySet[Any],
    order: Sequence[str],
    *,
    cursor: str = "",
    size: int = PAGE_SIZE,
    total: Total | None = None,
) -> KeysetPage:
    """A page of ``queryset`` in ``order``; ``cursor`` is '' (first), 'end' or a page's edge.

    Raises ``NoSuchCursor``.
    """
    keys = keys_for(queryset, order)
    total = total or count(queryset)
    edge = _decode(cursor, order) if cursor not in ("", "end") else None
    backwards = cursor == "end" or bool(edge and edge["back"])
    if cursor == "end" and total.exact:
        size = total.value % size or size
    rows = list(_slice(queryset, keys, edge, backwards)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    start = _start(edge, backwards, len(rows), total)
    if backwards:
        rows.reverse()
    before, after = (more, edge is not None) if backwards else (edge is not None, more)
    encode = _Encoder(keys, tuple(order))
    return KeysetPage(
        rows=rows,
        total=total,
        start=start if rows else 0,
        next=encode(rows[-1], start + len(rows) - 1, back=False) if rows and after else None,
        previous=encode(rows[0], start - 1, back=True) if rows and before else None,
    )


def _slice(
    queryset: QuerySet[Any],
    keys: list[SortKey],
    edge: dict[str, Any] | None,
    backwards: bool,
) -> QuerySet[Any]:
    ordered = queryset.order_by(*(key.order(backwards) for key in keys))
    return ordered.filter(_past(keys, edge["at"], backwards)) if edge else ordered


def _past(keys: list[SortKey], values: Sequence[Any], backwards: bool) -> Q:
    """The condition for rows after the edge, with a bound on the first key for its index."""
    condition, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backwards)
        if beyond is not None:
            condition |= same & beyond
        same &= key.equal(value)
    first, value = keys[0], values[0]
    if first.nullable or value is None:
        return condition
    operator = "lte" if first.descending != backwards else "gte"
    return Q(**{f"{first.path}__{operator}": value}) & condition


def _start(edge: dict[str, Any] | None, backwards: bool, fetched: int, total: Total) -> int:
    if edge is None:
        return max(1, total.value - fetched + 1) if backwards else 1
    return max(1, edge["n"] - fetched + 1) if backwards else edge["n"] + 1


@dataclass(frozen=True)
class _Encoder:
    keys: list[SortKey]
    order: tuple[str, ...]

    def __call__(self, row: Any, ordinal: int, *, back: bool) -> str:
        """``ordinal`` is the number of rows up to this edge, for "51–100 of 1,284"."""
        values = [read(row, key.path) for key in self.keys]
        edge = {"o": self.order, "at": values, "n": ordinal, "back": back}
        return _SIGNER.sign_object(edge, serializer=_Json)


class _Exact(DjangoJSONEncoder):
    """Encodes times with microseconds, which Django's encoder cuts off."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


class _Json:
    """Signing's serializer with Decimal, date, time and UUID."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, cls=_Exact, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _decode(cursor: str, order: Sequence[str]) -> dict[str, Any]:
    try:
        edge: dict[str, Any] = _SIGNER.unsign_object(cursor, serializer=_Json)
    except (signing.BadSignature, ValueError) as error:
        raise NoSuchCursor("This cursor is not valid.") from error
    if edge["o"] != list(order):
        raise NoSuchCursor("This cursor belongs to another order.")
    return edge


def count(queryset: QuerySet[Any], cap: int = COUNT_CAP) -> Total:
    """The number of rows: exact up to ``cap``, above it the planner's estimate with two figures.

    An estimate is cached for a short time, so that a long list is not counted for each page.
    """
    key, counted = row_counts.up_to(queryset, cap)
    about = row_counts.cache().get(key)
    if about is None:
        found = counted()
        if found <= cap:
            return Total(found, exact=True)
        about = _estimate(queryset, cap)
        row_counts.cache().set(key, about, row_counts.BEYOND_S)
    return Total(about, exact=False)


def _estimate(queryset: QuerySet[Any], cap: int) -> int:
    plan = json.loads(queryset.order_by().explain(format="json"))
    estimate = max(cap, int(plan[0]["Plan"]["Plan Rows"]))
    step = 10 ** (int(math.log10(estimate)) - 1)
    return round(estimate / step) * step
