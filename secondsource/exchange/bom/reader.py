"""Guessing how a file is to be read."""

from dataclasses import replace

from secondsource.core.tabular import Workbook

from .doubts import OF_ONE_FILE
from .mapping import BomError, Mapping, Table, shape_of
from .tables import SEARCHED, choose, find_tables, is_line_table, shape, table_at


def guess(
    workbook: Workbook,
    remembered: Mapping | None = None,
    header: tuple[int, int] | None = None,
) -> Mapping:
    """Find the tables of a BOM and the roles of their columns.

    `remembered` is a mapping that was corrected for a file of the same shape: its roles win.
    `header` = (sheet, row), both from 0, is where the user says that the header stands.
    Raises `BomError` when the file holds no table of lines.
    """
    if header is not None:
        mapping = _under(workbook, *header)
    else:
        tables = [
            table
            for position, sheet in enumerate(workbook.sheets)
            for table in find_tables(position, sheet)
        ]
        mapping = choose(workbook, tables)
    if remembered is not None and remembered.shape == mapping.shape:
        return as_remembered(mapping, remembered)
    return mapping


def under_known_header(workbook: Workbook, shapes: set[str]) -> Mapping | None:
    """The file under the first row whose words are those of a known shape, if there is one."""
    for position, sheet in enumerate(workbook.sheets):
        for index, row in enumerate(sheet.rows[:SEARCHED]):
            if sum(bool(cell.strip()) for cell in row) > 1 and shape_of([row]) in shapes:
                return _under(workbook, position, index)
    return None


def _under(workbook: Workbook, sheet: int, row: int) -> Mapping:
    if not (0 <= sheet < len(workbook.sheets) and 0 <= row < len(workbook.sheets[sheet].rows)):
        raise BomError("no_table", "There is no such row in the file.")
    rows = len(workbook.sheets[sheet].rows)
    table = table_at(sheet, workbook.sheets[sheet], (row,), rows)
    if is_line_table(table):
        return choose(workbook, [table])
    # Nothing is recognised: whoever pointed here says what the columns hold.
    return Mapping((replace(table, why="chosen by you"),), shape([table]))


def as_remembered(mapping: Mapping, remembered: Mapping) -> Mapping:
    """The mapping with what its user said of `remembered`, a file of the same shape."""
    tables = tuple(
        _table(table, known) for table, known in zip(mapping.tables, remembered.tables, strict=True)
    )
    answered = [key for key in remembered.answered if not key.startswith(OF_ONE_FILE)]
    return replace(mapping, tables=tables).with_answers(answered)


def _table(table: Table, known: Table) -> Table:
    before = {column.index: column for column in known.columns}
    columns = tuple(
        replace(
            column, role=old.role, number=old.number, confidence=1.0, why="as last time", said=True
        )
        if (old := before.get(column.index)) and old.said
        else column
        for column in table.columns
    )
    return replace(
        table, columns=columns, use=known.use, not_fitted=known.not_fitted, decimal=known.decimal
    )
