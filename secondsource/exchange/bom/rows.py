"""The cells of one row by the roles of their columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .characters import one_line, tidy
from .designators import EMPTY, Designators, read_designators
from .mapping import Column, Role, Table
from .part_numbers import is_placeholder
from .quantities import read_quantity


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell with its column, line breaks kept."""

    column: Column
    text: str


@dataclass(slots=True)
class RowCells:
    """A row of a table, read but not yet judged. `row` counts from 1."""

    row: int
    filled: int = 0
    first: str = ""
    quantity_text: str = ""
    quantity: Decimal | None = None
    designators: Designators = EMPTY
    designator_text: str = ""
    parts: list[Cell] = field(default_factory=list)
    makers: dict[int, str] = field(default_factory=dict)
    alternatives: list[Cell] = field(default_factory=list)
    remarks: list[Cell] = field(default_factory=list)
    flags: list[Cell] = field(default_factory=list)
    skus: list[Cell] = field(default_factory=list)
    texts: dict[Role, str] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)

    def text(self, role: Role) -> str:
        """The text of a role that has one column; empty when there is none."""
        return self.texts.get(role, "")

    @property
    def names_part(self) -> bool:
        """Whether a part number (not a placeholder) stands in the row."""
        return any(not is_placeholder(cell.text) for cell in self.parts)

    @property
    def has_words(self) -> bool:
        """Whether a description, value, footprint or own number stands in the row."""
        return any(
            self.texts.get(role)
            for role in (Role.DESCRIPTION, Role.VALUE, Role.FOOTPRINT, Role.IPN)
        )

    @property
    def notes(self) -> str:
        """All remarks on one line."""
        return "; ".join(one_line(cell.text) for cell in self.remarks)


class RowReader:
    """Reads the rows of one table; the columns are sorted by role only once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = [column for column in table.columns if column.role != Role.IGNORE]
        self.has_quantity = table.find(Role.QUANTITY) is not None
        self.has_designators = table.find(Role.DESIGNATORS) is not None

    def read(self, index: int, row: Sequence[str]) -> RowCells:
        """The cells of the row at `index` (from 0)."""
        filled = [cell for cell in row if cell and not cell.isspace()]
        cells = RowCells(index + 1, len(filled), one_line(filled[0]) if filled else "")
        if not filled:
            return cells
        width = len(row)
        for column in self.columns:
            if column.index < width and (text := tidy(row[column.index])):
                cells.columns.append(column)
                _put(cells, column, text, row[column.index].strip())
        _read_designators(cells)
        return cells


def _put(cells: RowCells, column: Column, text: str, raw: str) -> None:
    """Sort a cell in. Part numbers keep their characters: the original is shown to people."""
    role = column.role
    if role == Role.QUANTITY:
        cells.quantity_text = one_line(text)
        cells.quantity = read_quantity(text)
    elif role == Role.DESIGNATORS:
        cells.designator_text = text
    elif role in (Role.MPN, Role.MANUFACTURER_MPN):
        cells.parts.append(Cell(column, raw))
    elif role == Role.MANUFACTURER:
        cells.makers.setdefault(column.number, text)
    elif role in _LISTS:
        getattr(cells, _LISTS[role]).append(Cell(column, text))
    else:
        cells.texts.setdefault(role, one_line(text))


_LISTS = {
    Role.ALTERNATIVE: "alternatives",
    Role.REMARKS: "remarks",
    Role.DNP: "flags",
    Role.FITTED: "flags",
    Role.SKU: "skus",
}


def _read_designators(cells: RowCells) -> None:
    cells.parts.sort(key=lambda cell: (cell.column.number, cell.column.index))
    if cells.designator_text:
        whole = cells.quantity is not None and cells.quantity == cells.quantity.to_integral_value()
        expected = int(cells.quantity) if whole and cells.quantity is not None else None
        cells.designators = read_designators(cells.designator_text, expected)
