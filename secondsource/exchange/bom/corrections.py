"""What a person or program says of a mapping, applied to it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from .mapping import Mapping, Role, Table


def is_whole(said: AnyMapping[str, Any]) -> bool:
    """Whether a whole mapping is given, and not only what is to be changed in one."""
    tables = said.get("tables")
    if not isinstance(tables, (list, tuple)):
        return False
    return any(isinstance(one, dict) and "columns" in one for one in tables)


def whole(said: AnyMapping[str, Any]) -> Mapping:
    """A mapping given as a whole: all that stands in it is said. Raises `BomError`."""
    mapping = Mapping.from_json(dict(said))
    return replace(mapping, tables=tuple(map(_all_said, mapping.tables)))


def _all_said(table: Table) -> Table:
    return replace(
        table, doubt="", columns=tuple(replace(column, said=True) for column in table.columns)
    )


def corrected(mapping: Mapping, said: AnyMapping[str, Any]) -> Mapping:
    """The mapping with what is said of single columns and tables, and with answers.

    `columns`: `index` (from 0) or `header`, `role`, `number`, and `table` when there are several.
    `tables`: `table` (from 0), `use`, `not_fitted`, `decimal`. `answered`: keys of questions.
    Raises `ValueError` for what the file has not.
    """
    if not said.keys() & {"columns", "tables", "answered", "header_row"}:
        raise ValueError("it says nothing")
    for one in said.get("columns", ()):
        table = _position(mapping, one)
        index = column_said(mapping.tables[table].columns, one).index
        role, number = Role(str(one["role"])), int(one.get("number", 1))
        mapping = mapping.with_column(table, index, role, max(1, number))
    for one in said.get("tables", ()):
        if not one.keys() & {"use", "not_fitted", "decimal"}:
            raise ValueError("it says nothing of a table")
        mapping = mapping.with_table(
            _position(mapping, one),
            use=_flag(one, "use"),
            not_fitted=_flag(one, "not_fitted"),
            decimal=_sign(one),
        )
    return mapping.with_answers(map(str, said.get("answered", ())))


def _flag(one: AnyMapping[str, Any], name: str) -> bool | None:
    return bool(one[name]) if name in one else None


def _sign(one: AnyMapping[str, Any]) -> str | None:
    sign = one.get("decimal")
    if sign not in (None, "", ",", "."):
        raise ValueError(f"{sign!r} is no decimal sign")
    return sign


def _position(mapping: Mapping, one: AnyMapping[str, Any]) -> int:
    position = int(one.get("table", 0))
    if not 0 <= position < len(mapping.tables):
        raise ValueError(f"the file has no table {position}")
    return position


class _Headed(Protocol):
    @property
    def index(self) -> int: ...
    @property
    def header(self) -> str: ...


_Column = TypeVar("_Column", bound=_Headed)


def column_said(columns: Iterable[_Column], one: AnyMapping[str, Any]) -> _Column:
    """The column that is meant, by `index` (from 0) or `header`. Raises `ValueError`."""
    wanted = " ".join(str(one.get("header", "")).split()).casefold()
    for column in columns:
        if "index" in one:
            if column.index == int(one["index"]):
                return column
        elif wanted and " ".join(column.header.split()).casefold() == wanted:
            return column
    raise ValueError(f"the file has no column {one.get('header', one.get('index'))!r}")
