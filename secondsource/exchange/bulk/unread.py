"""Columns that nobody reads, and whose cells could be something that the kind has no column for.

An offer without its least order holds from one piece on, and one without an end for ever: what is
left out in silence is wrong in silence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from secondsource.core.tabular import SheetSample
from secondsource.exchange.bom.result import Question
from secondsource.exchange.bulk.cells import Bad, Number, Whole, is_blank, plain_words
from secondsource.exchange.bulk.column_guess import header_score
from secondsource.exchange.bulk.declared import Standing
from secondsource.exchange.bulk.heads import TOTAL
from secondsource.exchange.bulk.kind import Column, Kind
from secondsource.exchange.bulk.mapping import IGNORE, BulkMapping, MappedColumn

#: The share of cells that fit, how well a header names a role, and rows that are looked at.
_FITS, _NAMES, _LOOKED_AT = 0.9, 0.6, 500
#: A status is a few short words, and a number that stands in all of some rows is a place.
_WORDS, _SHORT, _SOME = 4, 40, 3


def asked(code: str, detail: str, columns: Iterable[int]) -> Question:
    """A question about columns (index) of the one table that is read."""
    about = tuple(columns)
    return Question(":".join([code, *map(str, about)]), code, detail, 0, about)


class Cells:
    """The columns of a file with their cells, row by row."""

    def __init__(self, kind: Kind, mapping: BulkMapping, sheet: SheetSample) -> None:
        self.kind, self.mapping = kind, mapping
        rows = [row for number, row in sheet.sample if number >= mapping.first_row]
        self.rows = [row for row in rows if any(map(str.strip, row))][:_LOOKED_AT]
        self.used = [(one, kind.column(one.role)) for one in mapping.used()]
        self.unused = [
            one for one in mapping.columns if one.role == IGNORE and any(self.cells(one.index))
        ]

    def cells(self, index: int) -> list[str]:
        """A column's cells, '' where there is none."""
        return [row[index].strip() if index < len(row) else "" for row in self.rows]

    def filled(self, index: int) -> list[str]:
        """The cells that say something."""
        return [one for one in self.cells(index) if not is_blank(one)]

    def numbers(self, one: MappedColumn, like: MappedColumn) -> list[Decimal | None]:
        """A column as numbers, None where it holds none; written as another one is."""
        kind = Number(24, 8)
        form = one.form if one.form in (".", ",") else kind.form(self.filled(one.index))
        form = like.form if form not in (".", ",") else form
        read = [kind.read(cell, form) if cell else Bad("", "") for cell in self.cells(one.index)]
        return [None if isinstance(cell, Bad) else Decimal(cell) for cell in read]


def named(one: MappedColumn) -> str:
    """A column as a question calls it."""
    return f"“{one.header or f'column {one.index + 1}'}”"


def of_table(table: Cells, about: Collection[int]) -> Iterator[Question]:
    """One question for each column that may be a status, one for all others together."""
    found: dict[int, list[str]] = {}
    for other in table.unused:
        if other.index in about or other.sure:
            continue
        cells = table.filled(other.index)
        if not cells or _repeats(table, other):
            continue
        if labels := [one.label for one in _wanted(table) if _may_be(one, other, table)]:
            found[other.index] = labels
    if found:
        columns = [one for one in table.unused if one.index in found]
        roles = dict.fromkeys(label for some in found.values() for label in some)
        yield asked(
            "columns_unread",
            f"{', '.join(map(named, columns))} {'is' if len(columns) == 1 else 'are'} not read, and"
            f" may hold {', '.join(f'“{one}”' for one in roles)}: say what each holds, or that it"
            " is not used.",
            found,
        )


def _wanted(table: Cells) -> list[Column]:
    """What is taken as told otherwise where no column holds it."""
    return [one for one in table.kind.columns if one.missed and not table.mapping.holds(one.name)]


def _repeats(table: Cells, other: MappedColumn) -> bool:
    """Whether a column that is read says the same in every row."""
    mine = table.cells(other.index)
    return any(table.cells(one.index) == mine for one, _ in table.used)


def _may_be(column: Column, other: MappedColumn, table: Cells) -> bool:
    """Whether the header names it, whatever the cells are, or the cells fit it."""
    cells = table.filled(other.index)
    if header_score(other.header, column)[0] >= _NAMES:
        return True
    if column.never and re.search(column.never, plain_words(other.header)):
        return False
    if isinstance(column.type, Standing):
        return all(map(_is_short, cells)) and len(set(cells)) > 1
    if isinstance(column.type, Number | Whole):
        constant = len(set(cells)) == 1 and len(cells) > _SOME
        if constant or re.search(TOTAL, plain_words(other.header)):
            return False
    if type(column.type) is Number:
        return _is_part_of_quantity(table, other)
    form = column.type.form(cells)
    if form == "?":
        form = column.type.choices_of_form[0][0]
    return column.type.fit(cells, form) >= _FITS


def _is_part_of_quantity(table: Cells, other: MappedColumn) -> bool:
    """Whether each number is a whole one, no larger than the quantity of its row."""
    main = next((one for one, column in table.used if _is_quantity(column)), None)
    if main is None:
        return False
    pairs = zip(table.numbers(other, main), table.numbers(main, main), strict=True)
    both = [(part, whole) for part, whole in pairs if whole is not None]
    return bool(both) and all(
        part is not None and part == part.to_integral_value() and 0 <= part <= abs(whole)
        for part, whole in both
    )


def _is_quantity(column: Column) -> bool:
    return column.asked and type(column.type) is Number


def _is_short(cell: str) -> bool:
    """A few words without digits."""
    few = len(cell) <= _SHORT and len(cell.split()) <= _WORDS
    return few and any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))
