"""What a sheet says without words: struck text is gone, merged cells hold for all their rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from secondsource.core.tabular import Row, Sheet

from .characters import one_line
from .mapping import Column, Role, Table

_NO_LINE = frozenset({Role.IGNORE, Role.ITEM, Role.LEVEL, Role.REMARKS})
_COUNTED = frozenset({Role.QUANTITY, Role.DESIGNATORS})
_PARTS = frozenset({Role.MPN, Role.MANUFACTURER, Role.MANUFACTURER_MPN})
# What a line takes from a merged cell; its quantity and designators are never those of others.
_OF_LINES = frozenset({Role.DNP, Role.FITTED, Role.VALUE, Role.DESCRIPTION, Role.FOOTPRINT})


@dataclass(frozen=True, slots=True)
class Marked:
    """A row as it counts. `gone`: all that makes it a line is struck through.

    `struck`: columns of cells with struck text, and what is left of each.
    """

    cells: Row
    gone: bool = False
    struck: tuple[tuple[Column, str], ...] = ()


class Markings:
    """The marks of one table."""

    def __init__(self, sheet: Sheet, table: Table) -> None:
        self.struck = sheet.marks.struck
        self.columns = [column for column in table.columns if column.role != Role.IGNORE]
        self.merged: dict[int, list[tuple[Column, str]]] = {}
        by_index = {column.index: column for column in self.columns}
        for top, left, bottom, _ in sheet.marks.merged:
            column = by_index.get(left)
            text = _at(sheet.rows[top], left) if top < len(sheet.rows) else ""
            if column and column.role in _PARTS | _OF_LINES and top >= table.first_row and text:
                for row in range(top + 1, min(bottom + 1, table.end_row)):
                    self.merged.setdefault(row, []).append((column, text))

    def of(self, index: int, row: Row) -> Marked:
        """The row at `index` without struck text and with what merged cells say of it."""
        if self.struck:
            left = tuple(self._struck(index, row))
            if left:
                return self._without(index, row, left)
        return Marked(self._filled(index, row) if index in self.merged else row)

    def _struck(self, index: int, row: Row) -> Iterator[tuple[Column, str]]:
        for column in self.columns:
            at = (index, column.index)
            if at in self.struck and column.index < len(row) and row[column.index].strip():
                yield column, self.struck[at].strip()

    def _without(self, index: int, row: Row, left: tuple[tuple[Column, str], ...]) -> Marked:
        cells = list(row)
        for column, text in left:
            cells[column.index] = text
        counted = any(column.role not in _NO_LINE for column, _ in left)
        gone = counted and not any(
            column.role not in _NO_LINE and _at(cells, column.index) for column in self.columns
        )
        return Marked(row if gone else self._filled(index, cells), gone, left)

    def _filled(self, index: int, row: Row) -> Row:
        own = {column.role for column in self.columns if _at(row, column.index)}
        cells = list(row)
        for column, text in self.merged.get(index, ()):
            wanted = own & (_PARTS | _COUNTED if column.role in _PARTS else _COUNTED)
            if wanted and not _at(cells, column.index):
                cells.extend([""] * (column.index + 1 - len(cells)))
                cells[column.index] = text
        return cells


def _at(row: Row, index: int) -> str:
    return one_line(row[index]) if index < len(row) else ""
