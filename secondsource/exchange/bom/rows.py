"""The cells of one row by the roles of their columns."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .characters import one_line, tidy
from .designators import EMPTY, Designators, read_designators
from .evidence import own_in_brackets
from .fitted import marked, says_not_fitted
from .header import words
from .mapping import Column, Role, Table
from .part_numbers import is_placeholder
from .quantities import is_ambiguous, read_quantity
from .vocabulary import UNIT_WORDS


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell with its column, line breaks kept."""

    column: Column
    text: str


@dataclass(slots=True)
class RowCells:
    """A row of a table, read but not yet judged. `row` counts from 1.

    `texts`: its filled cells, and `first_column` where they begin, from 1. `names_part`:
    a part number, and not only a placeholder, stands in it. `absent`: designators that their
    own cell marks as not fitted, with its words. `standings`: what a column says of the source
    of a number; `preference` of the whole row.
    """

    row: int
    filled: int = 0
    texts: list[str] = field(default_factory=list)
    first_column: int | None = None
    quantity_text: str = ""
    quantity: Decimal | None = None
    ambiguous: bool = False
    designators: Designators = EMPTY
    designator_text: str = ""
    absent: tuple[str, ...] = ()
    mark_of_absent: str = ""
    parts: list[Cell] = field(default_factory=list)
    manufacturers: dict[int, str] = field(default_factory=dict)
    manufacturer_columns: dict[int, int] = field(default_factory=dict)
    alternatives: list[Cell] = field(default_factory=list)
    remarks: list[Cell] = field(default_factory=list)
    flags: list[Cell] = field(default_factory=list)
    skus: list[Cell] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    description: str = ""
    value: str = ""
    footprint: str = ""
    item: str = ""
    level: int | None = None
    ipn: str = ""
    supplier: str = ""
    preference: str = ""
    standings: dict[int, str] = field(default_factory=dict)
    names_part: bool = False
    unit: str = ""

    @property
    def few(self) -> tuple[str, ...]:
        """The texts of the first filled cells."""
        return tuple(map(one_line, self.texts[:_FEW]))

    @property
    def first(self) -> str:
        """The text of the first filled cell."""
        return one_line(self.texts[0]) if self.texts else ""

    @property
    def has_words(self) -> bool:
        """Whether a description, value, footprint or own number stands in the row."""
        return bool(self.description or self.value or self.footprint or self.ipn)

    @property
    def notes(self) -> str:
        """All remarks on one line."""
        return "; ".join(one_line(cell.text) for cell in self.remarks) if self.remarks else ""


_DIGIT = re.compile(r"\d").search
_UNIT_BEHIND = re.compile(r"[\d.,' ]*\d\s*([^\W\d_]{1,5}[²³]?)\.?")
_FEW = 8
_LOOSE_QUANTITY = re.compile(r"(\d+(?:[.,]\d+)?)\s+[^\W\d_]{2,8}\.?")
_SIGN_OF_LIFE = re.compile(r"[^\W_]|\?")
_Store = Callable[[RowCells, Column, str], None]


def _places(table: Table) -> dict[int, int]:
    """The number of the source that a column of standings speaks of, by the column's index.

    `Status B` behind `PN B`, or between two numbers: of the one before it. One column behind all
    numbers speaks of the line, and is not here.
    """
    own = [one for one in table.columns if one.role == Role.PREFERENCE]
    numbers = [one for one in table.columns if one.role in (Role.MPN, Role.MANUFACTURER_MPN)]
    found: dict[int, int] = {}
    for one in own if len(numbers) > 1 else ():
        before = [number for number in numbers if number.index < one.index]
        alike = [number for number in numbers if _rank(number.header) == _rank(one.header) != ""]
        between = len(before) < len(numbers) or len(own) > 1
        if len(alike) == 1:
            found[one.index] = alike[0].number
        elif before and between:
            found[one.index] = before[-1].number
    return found


def _rank(header: str) -> str:
    """The number or letter at the end of a header."""
    last = header.split()[-1].casefold() if header.split() else ""
    return last if len(last) == 1 else last[len(last.rstrip("0123456789")) :]


class RowReader:
    """Reads the rows of one table; what becomes of a column is decided once, not in each row."""

    def __init__(self, table: Table, mark: str = "") -> None:
        """`mark` is the decimal sign of the quantities, as `quantities.decimal_mark` finds it."""
        self.mark = mark
        self.plan = [
            (column.index, column, _STORES[column.role])
            for column in table.columns
            if column.role != Role.IGNORE
        ]
        self.places = _places(table)
        self.units = next((one.index for one in table.columns if _is_unit(one)), None)
        self.has_quantity = table.find(Role.QUANTITY) is not None
        self.has_designators = table.find(Role.DESIGNATORS) is not None

    def read(self, index: int, row: Sequence[str]) -> RowCells:
        """The cells of the row at `index` (from 0)."""
        filled = [cell for cell in row if cell and not cell.isspace()]
        cells = RowCells(index + 1, len(filled))
        if not filled or not _SIGN_OF_LIFE.search("".join(filled)):
            cells.filled = 0
            return cells
        cells.texts = filled
        cells.first_column = row.index(filled[0]) + 1
        width = len(row)
        for position, column, store in self.plan:
            if position < width and (text := row[position]) and not text.isspace():
                cells.columns.append(column)
                if position in self.places:
                    cells.standings[self.places[position]] = one_line(text)
                else:
                    store(cells, column, text)
        if cells.quantity_text:
            cells.unit = self._unit(cells.quantity_text, row)
            cells.quantity = read_quantity(cells.quantity_text, self.mark)
            if cells.quantity is None:
                cells.quantity = self._with_unit(cells)
            cells.ambiguous = not self.mark and is_ambiguous(cells.quantity_text)
        if len(cells.parts) > 1:
            cells.parts.sort(key=lambda cell: (cell.column.number, cell.column.index))
        cells.names_part = any(not is_placeholder(cell.text) for cell in cells.parts)
        _read_designators(cells)
        return cells

    def _unit(self, quantity: str, row: Sequence[str]) -> str:
        """The unit of a quantity, behind it or in a column of its own."""
        if self.units is not None and self.units < len(row):
            return one_line(row[self.units]).rstrip(".")
        match = _UNIT_BEHIND.fullmatch(quantity)
        return match[1] if match else ""

    def _with_unit(self, cells: RowCells) -> Decimal | None:
        """`10 cc` of what the row names: an amount in a unit that nobody lists."""
        match = _LOOSE_QUANTITY.fullmatch(cells.quantity_text)
        named = cells.has_words or bool(cells.parts)
        if match is None or not named or says_not_fitted(cells.quantity_text):
            return None
        return read_quantity(match[1], self.mark)


def _read_designators(cells: RowCells) -> None:
    if cells.designator_text:
        whole = cells.quantity is not None and cells.quantity == cells.quantity.to_integral_value()
        expected = int(cells.quantity) if whole and cells.quantity is not None else None
        text, cells.absent, cells.mark_of_absent = marked(cells.designator_text)
        found = read_designators(text, expected)
        few = expected is not None and 0 < len(found) < expected
        if few and not any(map(_DIGIT, found.names)):
            found = Designators(prose=one_line(text))  # two washers are no part called Washer
        cells.designators = found


def _is_unit(column: Column) -> bool:
    """`UoM`, `ME`, `Unidad de medida`: the unit of the quantities."""
    words_of = set(words(column.header))
    return column.role == Role.IGNORE and not column.said and bool(words_of & UNIT_WORDS)


def _quantity(cells: RowCells, column: Column, text: str) -> None:
    cells.quantity_text = one_line(text)


def _designators(cells: RowCells, column: Column, text: str) -> None:
    """Several columns of designators, top and bottom or continued, are one list."""
    before = f"{cells.designator_text}, " if cells.designator_text else ""
    cells.designator_text = before + tidy(text)


def _part(cells: RowCells, column: Column, text: str) -> None:
    """Part numbers keep their characters: the original is shown to people."""
    cells.parts.append(Cell(column, text.strip()))


def _level(cells: RowCells, column: Column, text: str) -> None:
    """`2`, `..2` and `.2` are the second level of a structure."""
    digits = one_line(text).lstrip(".-+ ")
    cells.level = int(digits) if digits.isdecimal() and len(digits) < 3 else None


def _manufacturer(cells: RowCells, column: Column, text: str) -> None:
    if column.number not in cells.manufacturers:
        cells.manufacturers[column.number] = tidy(text)
        cells.manufacturer_columns[column.number] = column.index


def _own_number(cells: RowCells, column: Column, text: str) -> None:
    """`[RES-0471] Resistor 4k7` says what it is as well."""
    text = one_line(text)
    number, name = own_in_brackets(text) or (text, "")
    cells.ipn = cells.ipn or number
    cells.description = cells.description or name


def _text(name: str) -> _Store:
    """A store for a role of which a row has one text: the first filled cell counts."""

    def store(cells: RowCells, column: Column, text: str) -> None:
        if not getattr(cells, name):
            setattr(cells, name, one_line(text))

    return store


def _listed(name: str) -> _Store:
    """A store for a role of which a row may have several cells."""

    def store(cells: RowCells, column: Column, text: str) -> None:
        getattr(cells, name).append(Cell(column, tidy(text)))

    return store


_STORES: dict[Role, _Store] = {
    Role.QUANTITY: _quantity,
    Role.DESIGNATORS: _designators,
    Role.MPN: _part,
    Role.MANUFACTURER_MPN: _part,
    Role.MANUFACTURER: _manufacturer,
    Role.DESCRIPTION: _text("description"),
    Role.VALUE: _text("value"),
    Role.FOOTPRINT: _text("footprint"),
    Role.ITEM: _text("item"),
    Role.LEVEL: _level,
    Role.IPN: _own_number,
    Role.SUPPLIER: _text("supplier"),
    Role.PREFERENCE: _text("preference"),
    Role.ALTERNATIVE: _listed("alternatives"),
    Role.REMARKS: _listed("remarks"),
    Role.DNP: _listed("flags"),
    Role.FITTED: _listed("flags"),
    Role.SKU: _listed("skus"),
}
