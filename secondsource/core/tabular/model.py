"""Files as tables of text cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from .errors import TabularError
from .limits import Limits

Row = list[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """The layout of a sheet: struck text, hidden and merged cells; rows and columns count from 0.

    `struck`: (row, column) of a cell with text that is struck through → the text that is left.
    `merged`: (first row, first column, last row, last column), all within the area. `digits`:
    (row, column) of a number that is shown with leading zeros → how many digits it is shown with.
    """

    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    digits: dict[tuple[int, int], int] = field(default_factory=dict)

    def within(self, rows: int, limits: Limits) -> Marks:
        """The marks within so many rows. Raises ``TabularError`` for too many merges."""
        merged = tuple(
            (top, left, min(bottom, rows - 1), right)
            for top, left, bottom, right in self.merged
            if 0 <= top < rows
        )
        if sum(max(bottom - top, 0) + 1 for top, _, bottom, _ in merged) > limits.rows:
            raise TabularError("too_many_cells", "The sheet has too many merged cells to be read.")
        return Marks(
            {at: left for at, left in self.struck.items() if at[0] < rows},
            frozenset(row for row in self.hidden_rows if row < rows),
            self.hidden_columns,
            merged,
            {at: digits for at, digits in self.digits.items() if at[0] < rows},
        )

    def show(self, rows: list[Row]) -> None:
        """Write numbers into the cells as the sheet shows them: 0430450200."""
        for (row, column), digits in self.digits.items():
            if row < len(rows) and column < len(rows[row]) and rows[row][column].isdigit():
                rows[row][column] = rows[row][column].zfill(digits)


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of text cells, ragged at the right, without empty rows at the end.

    The row number in a spreadsheet program is the index plus one. `marks` are optional.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Workbook:
    """A read file: its real format, and for text its encoding and delimiter."""

    filename: str
    format: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is split into cells. ``plain``: quotes are characters."""

    encoding: str
    delimiter: str
    plain: bool = False
    loose: bool = False
    declared: bool = False

    def as_json(self) -> dict[str, Any]:
        """A form to be stored."""
        return asdict(self)


@dataclass(slots=True)
class SheetSample:
    """A sheet's name, number of rows, and a sample of rows: (index from 0, cells)."""

    name: str = ""
    rows: int = 0
    hidden: bool = False
    sample: list[tuple[int, Row]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Examined:
    """An examined file: its real format, the form of a text, and its sheets."""

    format: str
    sheets: tuple[SheetSample, ...]
    form: TextForm | None = None


@dataclass(slots=True)
class SizeCount:
    """Counts rows, cells and characters of a file against the limits."""

    limits: Limits
    rows: int = 0
    cells: int = 0
    text: int = 0

    def add(self, row: Row, times: int = 1) -> None:
        """Count ``row``, repeated ``times``. Raises ``TabularError``."""
        limits = self.limits
        if len(row) > limits.columns:
            raise TabularError(
                "too_many_columns",
                f"The table has {len(row):,} columns; at most {limits.columns:,} can be read.",
            )
        self.rows += times
        self.cells += times * len(row)
        self.text += times * sum(map(len, row))
        if self.cells > limits.cells:
            raise TabularError(
                "too_many_cells",
                f"The table has more cells than the {limits.cells:,} that are read.",
            )
        if self.rows > limits.rows:
            raise TabularError(
                "too_many_rows", f"The table has more rows than the {limits.rows:,} that are read."
            )
        if self.text > limits.text or sum(map(len, row)) > limits.row_text:
            raise TabularError("too_much_text", "The table holds more text than can be read.")


def trimmed(rows: Iterable[Row], totals: SizeCount) -> list[Row]:
    """The rows without empty cells at the right and empty rows at the end, counted on the way."""
    kept: list[Row] = []
    empty = 0
    for row in rows:
        while row and not row[-1].strip():
            row.pop()
        if not row:
            empty += 1
            continue
        if empty:
            totals.add([], empty)
            kept.extend([] for _ in range(empty))
            empty = 0
        totals.add(row)
        kept.append(row)
    return kept


def cell_text(value: object) -> str:
    """The text of a stored cell value; whole numbers without a decimal point."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def number_text(value: int | float) -> str:
    """A number without an exponent: 5000751517 and 0.012, never 5.0e9."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = format(value, ".12g")
    return format(Decimal(text), "f") if "e" in text else text


@dataclass(slots=True)
class ParameterTable:
    """A table of a PDF under a head that names minimum, typical, maximum or value.

    `rows`: texts by the role of their column, `snippet` (all of them) and `group` (the last line
    without numbers). `above` and `below` are the nearest lines, `left_out` counts rows that are not
    clear.
    """

    page: int
    roles: list[str]
    above: list[str]
    below: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """The tables of the pages that were read, and how many the PDF has."""

    tables: tuple[ParameterTable, ...]
    pages: int
    pages_read: int
