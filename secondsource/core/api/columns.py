"""Rows of a list read as columns, without objects of models in between.

Making a row's objects (the part, its category, its owner, its figures) only to take them apart
again costs more than the query does. A shape whose every field is a stored column, of the row or
of what it refers to, says which columns; they are read and written as they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import itemgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    Func,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)
from django.db.models.functions import Cast
from rest_framework import serializers

from secondsource.core.api.fields import Moment
from secondsource.core.statements import AnyOf, Statement

Values = Sequence[Any]
#: The values of one field for all rows, from the values of the columns.
Writer = Callable[[Sequence[Values]], Iterable[Any]]
Cell = tuple[str, Writer]
#: What these columns give is written as it is.
_AS_IT_IS: Mapping[Any, tuple[type[Field[Any, Any]], ...]] = {
    str: (CharField, TextField),
    int: (IntegerField,),
    bool: (BooleanField,),
    float: (FloatField,),
    list: (ArrayField,),
}


#: What writes a shape field by field (:class:`Shape` adds its own); others are not taken apart.
BY_FIELDS: set[Any] = {serializers.Serializer.to_representation}


class _MomentText(Func):
    """A time as :class:`Moment` writes it: UTC, no fraction where there is none."""

    template = (
        "replace(to_char(%(expressions)s AT TIME ZONE 'UTC',"
        """ 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z')"""
    )
    output_field = TextField()


class NotColumns(ValueError):
    """Something of the shape is more than stored columns; the message names it."""


class Columns:
    """What the rows of a shape need of the database.

    Raises :class:`NotColumns` for a shape that reads more than columns.
    """

    def __init__(
        self, shape: Any, model: type[Model], key: str = "pk", *, planned: bool = False
    ) -> None:
        self._model, self._key, self._planned = model, key, planned
        #: ORM path, or expression of one, → its place among the columns.
        self._places: dict[Any, int] = {key: 0}
        self._lists: dict[str, Columns] = {}
        self._cells = self._cells_of(shape, model, "")

    def read(self, keys: Sequence[Any]) -> list[dict[str, Any]]:
        """The written rows of these keys, in their order; a row that is gone is left out."""
        found = {row[0]: row for row in self._rows(keys)}
        rows = [found[key] for key in keys if key in found]
        shown = self._written(rows)
        for name, many in self._lists.items():
            by_key = many.read_lists(keys)
            for row, answer in zip(rows, shown, strict=True):
                answer[name] = by_key[row[0]]
        return shown

    def read_lists(self, keys: Sequence[Any]) -> Mapping[Any, list[dict[str, Any]]]:
        """The written rows by the key that they belong to."""
        by_key: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        rows = self._rows(keys)
        for row, answer in zip(rows, self._written(rows), strict=True):
            by_key[row[0]].append(answer)
        return by_key

    def _written(self, rows: Sequence[Values]) -> list[dict[str, Any]]:
        return _by_row(self._cells, list(zip(*rows, strict=True))) if rows else []

    def _rows(self, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._statement.rows(keys=list(keys))

    @cached_property
    def _statement(self) -> Statement:
        keys: list[Any] = []
        rows = self._model._default_manager.filter(AnyOf.of(self._key, keys))
        return Statement(rows.values_list(*self._places), {"keys": keys}, planned=self._planned)

    def _cells_of(self, shape: Any, model: type[Model], prefix: str) -> list[Cell]:
        if type(shape).to_representation not in BY_FIELDS:
            raise NotColumns(f"{type(shape).__name__} writes in a manner of its own")
        return [self._cell(name, field, model, prefix) for name, field in shape.fields.items()]

    def _cell(self, name: str, field: Any, model: type[Model], prefix: str) -> Cell:
        if field.source == "*":
            return name, self._of_several(field, model, prefix)
        path = field.source.replace(".", "__")
        if isinstance(field, serializers.ListSerializer):
            return name, self._many(name, field.child, model, path, prefix)
        if isinstance(field, serializers.Serializer):
            return name, self._one(field, model, path, prefix)
        return name, self._plain(field, model, path, prefix)

    def _place(self, read: Any) -> int:
        return self._places.setdefault(read, len(self._places))

    def _plain(self, field: Any, model: type[Model], path: str, prefix: str) -> Writer:
        """A column, most often written as it is.

        A UUID and a time come as the text that is shown, not by way of an object.
        """
        column, whole, write = _column(model, path), prefix + path, writer_of(field)
        if isinstance(column, UUIDField) and write is str:
            return itemgetter(self._place(Cast(whole, TextField())))
        if isinstance(column, DateTimeField) and isinstance(field, Moment):
            return itemgetter(self._place(_MomentText(whole)))
        at = self._place(whole)
        if isinstance(column, _AS_IT_IS.get(write, ())):
            return itemgetter(at)
        return lambda columns: [None if v is None else write(v) for v in columns[at]]

    def _of_several(self, field: Any, model: type[Model], prefix: str) -> Writer:
        """A field that is worked out of the columns that it ``reads``."""
        names = getattr(field, "reads", ())
        if len(names) < 2:
            raise NotColumns(f"{model.__name__}.{field.field_name}")
        for name in names:
            _column(model, name)
        pick = itemgetter(*(self._place(prefix + name) for name in names))
        return lambda columns: map(field.written, *pick(columns))

    def _one(self, shape: Any, model: type[Model], path: str, prefix: str) -> Writer:
        """A row that this one refers to; None when there is none."""
        key = self._place(f"{prefix}{path}__pk")
        cells = self._cells_of(shape, _related(model, path), f"{prefix}{path}__")

        def write(columns: Sequence[Values]) -> Iterable[Any]:
            there = [value is not None for value in columns[key]]
            if all(there):
                return _by_row(cells, columns)
            written = iter(_by_row(cells, [tuple(compress(one, there)) for one in columns]))
            return [next(written) if one else None for one in there]

        return write

    def _many(self, name: str, shape: Any, model: type[Model], path: str, prefix: str) -> Writer:
        """Rows that refer to this one, read by a query of their own; no lists within lists."""
        relation = _field(model, path)
        if prefix or relation is None or not relation.one_to_many:
            raise NotColumns(f"{model.__name__}.{path}")
        key = relation.field.attname
        many = Columns(shape, relation.related_model, key, planned=self._planned)
        if many._lists:
            raise NotColumns(f"{model.__name__}.{path} has lists")
        self._lists[name] = many
        return itemgetter(0)  # holds the place until ``read`` puts the list there


def writer_of(field: Any) -> Callable[[Any], Any]:
    """How a field writes a value: the plain type where that is all it does."""
    plain: Callable[[Any], Any] | None = getattr(field, "written_by", None)
    return plain or field.to_representation  # type: ignore[no-any-return]


def _by_row(cells: list[Cell], columns: Sequence[Values]) -> list[dict[str, Any]]:
    """Column by column, then turned: much faster than value by value."""
    names = [name for name, _ in cells]
    written = (write(columns) for _, write in cells)
    return [dict(zip(names, values, strict=True)) for values in zip(*written, strict=True)]


def _field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _related(model: type[Model], path: str) -> type[Model]:
    """The model at the end of a path of single relations."""
    here: Any = model
    for name in path.split("__"):
        field = _field(here, name)
        if field is None or not (field.many_to_one or field.one_to_one):
            raise NotColumns(f"{model.__name__}.{path}")
        here = field.related_model
    return here  # type: ignore[no-any-return]


def _column(model: type[Model], path: str) -> Field[Any, Any]:
    *way, last = path.split("__")
    field = _field(_related(model, "__".join(way)) if way else model, last)
    if field is None or not field.concrete or field.is_relation:
        raise NotColumns(f"{model.__name__}.{path}")
    return field  # type: ignore[no-any-return]
