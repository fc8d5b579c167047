"""A file as tables of text cells, whatever program wrote it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from .errors import TabularError
from .limits import Limits

Row = list[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet says beside the text of its cells; rows and columns count from 0.

    `struck`: (row, column) of a cell with text that is struck through → the text that is left.
    `merged`: (first row, first column, last row, last column), all within the area.
    """

    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of text cells, ragged at the right, without empty rows at the end.

    The row number that people know from their spreadsheet is the index plus one. `marks` are
    read only when they are asked for.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read: its real format (not its name's), encoding and delimiter if text."""

    filename: str
    format: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    delimiter: str | None = None


def trimmed(rows: list[Row], limits: Limits) -> list[Row]:
    """Cut empty cells at the right and empty rows at the end; refuse too wide or too many."""
    cells = 0
    for row in rows:
        while row and not row[-1].strip():
            row.pop()
        cells += len(row)
        if len(row) > limits.columns:
            raise TabularError(
                "too_many_columns",
                f"The table has {len(row):,} columns; at most {limits.columns:,} can be read.",
            )
    if cells > limits.cells:
        raise TabularError(
            "too_many_cells",
            f"The table has {cells:,} cells; at most {limits.cells:,} can be read.",
        )
    while rows and not rows[-1]:
        rows.pop()
    return rows


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
    """A number as people write it: 5000751517 and 0.012, never 5.0e9."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = format(value, ".12g")
    return format(Decimal(text), "f") if "e" in text else text
