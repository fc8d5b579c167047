"""A calculator's form: what was typed, the answer, and each refusal where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from secondsource.core.inputs import InputError
from secondsource.workspace.calculators.answers.words import figure
from secondsource.workspace.calculators.base import Calculator, HouseRule
from secondsource.workspace.calculators.fields import Column, Field, listed
from secondsource.workspace.calculators.grids import MOST_DRAWN, Grid, Rows, dotted, layout
from secondsource.workspace.calculators.typed import TypedError, field_value, written

LONGEST_TEXT = 200_000
LONGEST_LINK = 3_500
"""Longer addresses are cut off by servers on the way; such inputs have no link."""
Errors = dict[str, str]


@dataclass(frozen=True)
class Single:
    """One input as it is drawn."""

    field: Field
    value: str
    error: str
    default: Any = None

    @property
    def is_long(self) -> bool:
        """Whether it needs a text area."""
        return self.field.kind in ("list", "rows")

    @property
    def lines(self) -> int:
        """Height of the text area."""
        return min(
            10, (2 if self.is_wide else 1) + max(self.value.count("\n"), len(self.value) // 60)
        )

    @property
    def is_wide(self) -> bool:
        """Whether it holds a series of values and takes the form's whole width."""
        return self.field.entry in ("number", "score") and self.field.read is not listed

    @property
    def is_numeric(self) -> bool:
        """Whether phones should offer digits."""
        return self.field.kind not in ("text", "date")

    @property
    def help(self) -> str:
        """Allowed range and note."""
        allowed = "" if self.field.choices else _range(self.field)
        share = "fraction or %" if self.field.is_share else ""
        return "; ".join(part for part in (allowed, share, self.field.note, self.left_out) if part)

    @property
    def left_out(self) -> str:
        """What is taken when the input is left empty."""
        default = self.default
        if self.field.required or self.options or default is None:
            return ""
        return f"default {written(default)}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """Choices as value and word; the empty one says what is taken then."""
        words = self.field.choices or (("true", "false") if self.field.kind == "flag" else ())
        named = [(word, _word(word)) for word in words]
        if not words or self.field.required:
            return named
        default = self.default
        left_out = _word(str(default).lower()) if default is not None else ""
        return [("", f"default: {left_out}" if left_out else "not given"), *named]


@dataclass(frozen=True)
class Cell:
    """One cell as it is drawn."""

    name: str
    label: str
    value: str
    error: str
    column: Column

    @property
    def is_text(self) -> bool:
        """Whether it holds a word or a date."""
        return self.column.kind in ("text", "date", "score")

    @property
    def options(self) -> list[tuple[str, str]]:
        """Choices as value and word."""
        words = self.column.choices or (("true", "false") if self.column.kind == "flag" else ())
        return [("", ""), *((word, _word(word)) for word in words)] if words else []


@dataclass(frozen=True)
class Table:
    """A grid as it is drawn: rows of (head, cells); ``text`` instead where there are too many."""

    grid: Grid
    rows: list[tuple[str, list[Cell | None]]]
    text: str
    error: str
    added: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether nothing in it must be filled."""
        return not any(one.required for one in self.grid.fields)

    @property
    def cell_errors(self) -> list[Cell]:
        """Cells with a refusal, for the summary."""
        return [cell for _, row in self.rows for cell in row if cell and cell.error]


@dataclass
class CalculatorForm:
    """The inputs of one calculator as typed. After ``is_valid`` the answer is in ``answer``.

    ``typed`` holds whole values by input (a link, the example) or cells by their dotted names.
    """

    calculator: Calculator
    typed: Mapping[str, str]
    rule: HouseRule | None = None
    errors: Errors = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.layout = list(layout(self.calculator))
        self.grids: dict[str, Rows] = {
            part.key: self._rows(part) for part in self.layout if isinstance(part, Grid)
        }
        self.added = ""

    def _rows(self, grid: Grid) -> Rows:
        """Rows pasted, else typed in cells, else whole values of a link."""
        pasted = self.typed.get(grid.key, "")
        whole = any(self.typed.get(one.name, "").strip() for one in grid.fields)
        try:
            if pasted.strip():
                if len(pasted) > LONGEST_TEXT:
                    raise TypedError(f"This is longer than {LONGEST_TEXT:,} characters.")
                return grid.of_text(pasted)
            return grid.of_link(self.typed) if whole else grid.of_cells(self.typed)
        except TypedError as error:
            self.errors[grid.key] = str(error)
            return grid.of_cells(self.typed)

    def add_row(self, key: str) -> None:
        """One more, empty row of a table."""
        grid = self._grid(key)
        if grid:
            self.grids[key].append([""] * len(grid.heads))
            self.added = key

    def remove_row(self, key: str, row: int) -> None:
        """A row less."""
        if self._grid(key) and 0 <= row < len(self.grids[key]):
            del self.grids[key][row]

    def _grid(self, key: str) -> Grid | None:
        grids = (one for one in self.layout if isinstance(one, Grid) and one.key == key)
        return next((grid for grid in grids if grid.grows), None)

    def is_valid(self) -> bool:
        """Read every text, then ask the calculator; a refusal stands at its place."""
        for part in self.layout:
            if isinstance(part, Grid):
                values, wrong = part.values(self.grids[part.key])
                self.values |= values
                self.errors |= wrong
            else:
                self._read(part)
        for one in self.calculator.fields:
            if one.required and one.name not in self.values and not self._is_wrong(one.name):
                self.errors[one.name] = "must be given"
        if not self.errors:
            self._ask()
        return not self.errors

    def _read(self, one: Field) -> None:
        text = self.typed.get(one.name, "").strip()
        if not text:
            return
        try:
            if len(text) > LONGEST_TEXT:
                raise TypedError(f"This is longer than {LONGEST_TEXT:,} characters.")
            self.values[one.name] = field_value(one, text)
        except TypedError as error:
            self.errors[one.name] = str(error)

    def _is_wrong(self, name: str) -> bool:
        grids = (part for part in self.layout if isinstance(part, Grid))
        keys = {one.name: grid.key for grid in grids for one in grid.fields}
        return any(
            path in (name, keys.get(name)) or path.startswith(f"{name}.") for path in self.errors
        )

    def _ask(self) -> None:
        try:
            self.answer = self.calculator.run(self.values, rule=self.rule)
        except InputError as error:
            self.errors[error.field] = error.message

    @property
    def link(self) -> str:
        """The query that holds these inputs; empty when it is too long for an address."""
        query = urlencode({name: written(value) for name, value in self.values.items()})
        return query if len(query) <= LONGEST_LINK else ""

    @property
    def parts(self) -> list[Single | Table]:
        """What the template draws, from above."""
        return [
            self._table(part) if isinstance(part, Grid) else self._single(part)
            for part in self.layout
        ]

    @property
    def is_wide(self) -> bool:
        """Whether the form needs the whole width of the page."""
        return any(isinstance(part, Grid) and len(part.heads) > 4 for part in self.layout)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Id and name of each place with a refusal, for the summary."""
        found: list[tuple[str, str]] = []
        for part in self.parts:
            if isinstance(part, Single):
                found += [(f"in-{part.field.name}", part.field.label)] if part.error else []
                continue
            found += [(f"in-{part.grid.key}", part.grid.title)] if part.error else []
            found += [(f"in-{cell.name}", cell.label) for cell in part.cell_errors]
        return found

    @property
    def general_errors(self) -> list[str]:
        """Refusals of no single input."""
        known = {one.name for one in self.calculator.fields}
        known |= {part.key for part in self.layout if isinstance(part, Grid)}
        return [text for path, text in self.errors.items() if _first(path, known) is None]

    def _single(self, one: Field) -> Single:
        found = [
            _sentence(one.label if path == one.name else _entry(one.label, path), text)
            for path, text in self.errors.items()
            if path == one.name or path.startswith(f"{one.name}.")
        ]
        default = one.default
        if one.policy and self.rule:
            default = getattr(self.rule.values, one.policy)
        return Single(one, self.typed.get(one.name, ""), " ".join(found), default)

    def _table(self, grid: Grid) -> Table:
        rows, left = self.grids[grid.key], dict(self.errors)
        if grid.grows and not rows:
            rows = [[""] * len(grid.heads)]
        too_many = grid.grows and len(rows) > MOST_DRAWN
        drawn = [] if too_many else [self._row(grid, r, row, left) for r, row in enumerate(rows)]
        names = {grid.key, *(one.name for one in grid.fields)}
        labels = {grid.key: ""} | {one.name: one.label for one in grid.fields}
        wrong = [
            _sentence(_entry(labels[name], path) if path != name else labels[name], text)
            for path, text in left.items()
            if (name := _first(path, names)) is not None
        ]
        failed = grid.key in self.errors and self.typed.get(grid.key, "").strip()
        text = self.typed[grid.key] if failed else grid.as_text(rows) if too_many else ""
        return Table(grid, drawn, text, " ".join(wrong), self.added == grid.key)

    def _row(self, grid: Grid, r: int, row: list[str], left: Errors) -> tuple[str, list[Any]]:
        """A row's head and cells; takes from ``left`` the errors that it shows."""
        head = grid.row_heads[r] if grid.row_heads else ""
        cells: list[Cell | None] = []
        for c, text in enumerate(row):
            path = grid.path(r, c)
            if path is None:
                cells.append(None)
                continue
            column = grid.heads[c]
            label = f"{column.label}, {head or f'row {r + 1}'}"
            error = _take(left, dotted(path), column.label)
            cells.append(Cell(dotted(path), label, text, error, column))
        return head, cells


def _take(errors: Errors, name: str, label: str) -> str:
    found = [path for path in errors if path == name or path.startswith(f"{name}.")]
    return " ".join(_sentence(label, errors.pop(path)) for path in found)


def _first(path: str, names: set[str]) -> str | None:
    """The input that a path leads into."""
    return next(
        (n for n in sorted(names, key=len, reverse=True) if f"{path}.".startswith(f"{n}.")), None
    )


def _sentence(label: str, text: str) -> str:
    """A refusal as a sentence: the calculation's own begin with "must"."""
    if not text.startswith(("must ", "is ", "needs ")):
        return text
    return f"{label} {text}." if label else f"{text[:1].upper()}{text[1:]}."


def _entry(label: str, path: str) -> str:
    """An input's label with the entry that is meant, counted from 1."""
    places = [str(int(p) + 1) if p.isdecimal() else p for p in path.split(".")[1:]]
    return f"{label}, entry {' '.join(places)}," if label else f"Entry {' '.join(places)}"


def _range(one: Field) -> str:
    """The allowed range as a person says it."""
    low, high, above, below = (
        "" if bound is None else figure(bound)
        for bound in (one.low, one.high, one.above, one.below)
    )
    if low and high:
        return f"{low} to {high}"
    if low and not below:
        return f"{low} or more"
    words = (("above", above), ("at least", low), ("below", below), ("at most", high))
    return ", ".join(f"{word} {bound}" for word, bound in words if bound)


def _word(text: str) -> str:
    return {"true": "yes", "false": "no"}.get(text, text.replace("_", " "))
