"""Inputs of several values as a small table: which cell holds which value, there and back.

A cell's name is the dotted path to its value (``models.2.passed``), the same by which a refusal
names it. Empty rows do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from secondsource.workspace.calculators.base import Calculator, plain
from secondsource.workspace.calculators.fields import Column, Field, Step
from secondsource.workspace.calculators.typed import TypedError, cell_value, json_value, listing

Rows = list[list[str]]
MOST_DRAWN = 60
"""More rows than this are shown as text."""


@dataclass(frozen=True)
class Grid:
    """One table of a form. ``key`` is the name of its paste area."""

    key: str
    title: str
    fields: tuple[Field, ...]

    @property
    def first(self) -> Field:
        """The field that says how the table is laid out."""
        return self.fields[0]

    @property
    def lists(self) -> bool:
        """Plain lists side by side, an entry of each in a row."""
        return not (self.first.columns or self.first.keys)

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns."""
        if self.first.columns:
            return self.first.columns
        return tuple(
            Column(
                at=(),
                label=f.label,
                kind=f.entry,
                unit=f.unit,
                required=f.required,
                share=f.share,
            )
            for f in self.fields
        )

    @property
    def row_heads(self) -> tuple[str, ...]:
        """Names of the rows; empty where rows can be added."""
        if self.first.keys:
            return tuple(label for _, label in self._keys())
        if self.first.single:
            return tuple(field.label for field in self.fields)
        return self.first.heads

    @property
    def grows(self) -> bool:
        """Whether rows can be added and removed."""
        return not self.row_heads

    @property
    def notes(self) -> list[str]:
        """What stands below the table."""
        several = len(self.fields) > 1
        shares = [head.label for head in self.heads if head.is_share]
        told = [f"{', '.join(shares)}: fraction or %"] if shares else []
        return told + [
            f"{field.label}: {field.note}" if several else field.note
            for field in self.fields
            if field.note
        ]

    def path(self, row: int, column: int) -> tuple[Step, ...] | None:
        """The way to a cell's value; None where the table has a hole."""
        if self.first.keys:
            field, key = self.fields[column], self._keys()[row][0]
            return (field.name, key) if key in dict(field.keys) else None
        if self.first.single:
            return (self.fields[row].name, *self.first.columns[column].at)
        if self.lists:
            return (self.fields[column].name, row)
        return (self.first.name, row, *self.first.columns[column].at)

    def _keys(self) -> list[tuple[str, str]]:
        named: dict[str, str] = {}
        for field in self.fields:
            named |= dict(field.keys)
        return list(named.items())

    def of_values(self, given: Mapping[str, Any]) -> Rows:
        """Typed cells of values as the interface takes them."""
        if not self.grows:
            count = len(self.row_heads)
        else:
            lengths = (_length(given.get(field.name)) for field in self.fields)
            count = max(lengths, default=0)
        return [[self._text(given, r, c) for c in range(len(self.heads))] for r in range(count)]

    def _text(self, given: Mapping[str, Any], row: int, column: int) -> str:
        path = self.path(row, column)
        return "" if path is None else _written(_walk(given, path))

    def of_cells(self, typed: Mapping[str, str]) -> Rows:
        """Typed cells of a posted form, without empty rows."""
        count = len(self.row_heads) or self._last_row(typed) + 1
        rows = [
            [
                "" if (path := self.path(r, c)) is None else typed.get(dotted(path), "").strip()
                for c in range(len(self.heads))
            ]
            for r in range(count)
        ]
        return [row for row in rows if any(row)] if self.grows else rows

    def _last_row(self, typed: Mapping[str, str]) -> int:
        names = tuple(f"{field.name}." for field in self.fields)
        numbers = (
            int(part)
            for name in typed
            if name.startswith(names) and (part := name.split(".")[1]).isdecimal() and len(part) < 6
        )
        return max(numbers, default=-1)

    def of_text(self, text: str) -> Rows:
        """Rows pasted from a sheet, or the JSON value. Raises :class:`TypedError`."""
        if text.lstrip()[:1] in ("[", "{") and not self.lists:
            return self.of_values({self.first.name: json_value(text)})
        lines = [line for line in text.splitlines() if line.strip()]
        mark = next((mark for mark in "\t;" if mark in text), ",")
        width = len(self.heads)
        split = [[cell.strip() for cell in line.split(mark)] for line in lines]
        for number, cells in enumerate(split, start=1):
            if len(cells) > width:
                raise TypedError(f"Line {number} has {len(cells)} columns, the table has {width}.")
        return [cells + [""] * (width - len(cells)) for cells in split]

    def of_link(self, typed: Mapping[str, str]) -> Rows:
        """Rows of whole values in the address, one text an input. Raises :class:`TypedError`."""
        values = {}
        for field in self.fields:
            if text := typed.get(field.name, "").strip():
                reads = listing if field.kind == "list" else json_value
                values[field.name] = reads(text)
        return self.of_values(values)

    def values(self, rows: Rows) -> tuple[dict[str, Any], dict[str, str]]:
        """What the interface takes, and what is wrong with a cell by its name."""
        errors: dict[str, str] = {}
        found: dict[str, Any] = {}
        filled = self._filled(rows)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                path = self.path(r, c)
                if path is None or path[0] not in filled:
                    continue
                try:
                    value = cell_value(self._column(r, c), text) if text else self._empty(c)
                except TypedError as error:
                    errors[dotted(path)] = str(error)
                else:
                    _put(found, path, value)
        return found, errors

    def _filled(self, rows: Rows) -> set[Step]:
        """Inputs with at least one cell filled: the others are left out."""
        paths = (
            (self.path(r, c), text) for r, row in enumerate(rows) for c, text in enumerate(row)
        )
        return {path[0] for path, text in paths if path and text}

    def _column(self, row: int, column: int) -> Column:
        return self.heads[column]

    def _empty(self, column: int) -> Any:
        return self.fields[column].blank if self.lists else None

    def as_text(self, rows: Rows) -> str:
        """Rows as a sheet copies them."""
        return "\n".join("\t".join(row) for row in rows)


def layout(calculator: Calculator) -> Iterator[Field | Grid]:
    """The form from above: single inputs, and tables where the first of their inputs stands."""
    drawn: set[str] = set()
    for field in calculator.fields:
        if not field.is_tabular:
            yield field
        elif not field.table:
            yield Grid(field.name, field.label, (field,))
        elif field.table not in drawn:
            drawn.add(field.table)
            together = tuple(f for f in calculator.fields if f.table == field.table)
            yield Grid(f"table.{field.table.lower()}", field.table, together)


def dotted(path: Iterable[Step]) -> str:
    """A path as one name."""
    return ".".join(str(step) for step in path)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def _walk(value: Any, path: tuple[Step, ...]) -> Any:
    """The value at the path's end, None where the way ends before."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)


def _put(into: dict[str, Any], path: tuple[Step, ...], value: Any) -> None:
    """Place a value, growing lists on the way; an empty key of an object is left out."""
    holder: Any = into
    for step, following in pairwise(path):
        fresh: Any = [] if isinstance(following, int) else {}
        holder = _enter(holder, step, fresh)
    last = path[-1]
    if isinstance(last, int):
        _enter(holder, last, None)
        holder[last] = value
    elif value is not None:
        holder[last] = value


def _enter(holder: Any, step: Step, fresh: Any) -> Any:
    if isinstance(step, str):
        return holder.setdefault(step, fresh)
    while len(holder) <= step:
        holder.append(fresh)
    return holder[step]
