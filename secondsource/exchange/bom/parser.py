"""From a file and its mapping to lines, warnings and totals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from secondsource.core.tabular import Sheet, Workbook

from . import checks, file_checks, lines, questions
from .characters import one_line, row_text
from .columns import without_footer
from .evidence import SAMPLE, column_cells
from .fitted import says_not_fitted
from .gathering import gathered
from .header import words
from .lines import Draft
from .mapping import Mapping, Role, Table
from .markings import Marked, Markings
from .quantities import decimal_mark, is_ambiguous, proved_mark
from .questions import Read
from .result import Alternate, BomLine, BomResult, LeftOut, Warning, count
from .row_kinds import NOTES_ONLY, Kind, kind_of, stated
from .rows import RowCells, RowReader
from .vocabulary import ALTERNATE_WORDS


@dataclass(slots=True)
class _Reading:
    """What has been read of a table so far."""

    table: Table
    sheet: Sheet
    reader: RowReader
    drafts: list[Draft] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    not_installed: list[str] = field(default_factory=list)
    stated: dict[str, file_checks.Stated] = field(default_factory=dict)
    section_reason: str = ""
    left_out: list[LeftOut] = field(default_factory=list)
    headings: list[RowCells] = field(default_factory=list)
    line_struck: bool = False

    def warn(self, cells: RowCells, code: str, detail: str) -> None:
        column = cells.first_column
        self.warnings.append(Warning(cells.row, column, code, detail, self.table.sheet_name))

    def leave(self, cells: RowCells, kind: str) -> None:
        self.left_out.append(LeftOut(self.table.sheet_name, cells.row, kind, row_text(cells.texts)))

    def skip(self, cells: RowCells) -> None:
        """Leave a row that may have been meant for something: its owner is asked."""
        self.leave(cells, "skipped")
        self.warn(cells, "row_skipped", f"The row is no line: “{row_text(cells.texts)}”.")


def parse(workbook: Workbook, mapping: Mapping) -> BomResult:
    """Read the lines of all tables that the mapping takes."""
    tables: list[Read] = []
    warnings: list[Warning] = []
    not_installed: list[str] = []
    left_out: list[LeftOut] = []
    stated_totals: dict[str, file_checks.Stated] = {}
    for position, table in enumerate(mapping.tables):
        if not table.use or table.sheet >= len(workbook.sheets):
            continue
        is_text = workbook.delimiter is not None
        reading = _read(workbook.sheets[table.sheet], table, is_text=is_text)
        read = Read(
            position, table, reading.sheet, reading.drafts, _finished(reading), reading.left_out
        )
        tables.append(read)
        warnings.extend(reading.warnings)
        warnings.extend(_warnings(read))
        not_installed.extend(reading.not_installed)
        left_out.extend(reading.left_out)
        for key, one in reading.stated.items():
            if key not in stated_totals or one.number > stated_totals[key].number:
                stated_totals[key] = one
    lines = tuple(line for read in tables for line in read.lines)
    totals = count(lines)
    warnings.extend(file_checks.of_file(lines, totals, stated_totals, _named_in(tables)))
    return BomResult(
        lines,
        tuple(gathered(warnings)),
        totals,
        tuple(not_installed),
        tuple(left_out),
        tuple(questions.columns_left_out(tables)),
        tuple(questions.sheets_left_out(workbook, mapping)),
        questions.ask(mapping, tables),
    )


def _warnings(read: Read) -> Iterator[Warning]:
    table = read.table
    yield from checks.of_lines(table, read.drafts, read.lines)
    yield from file_checks.of_table(table, read.drafts)
    yield from file_checks.of_hidden(table, read.sheet.marks, read.lines)
    sample = read.sheet.rows[table.first_row : min(table.end_row, table.first_row + SAMPLE)]
    yield from file_checks.of_columns(table, sample)


def _named_in(tables: Sequence[Read]) -> dict[int, int]:
    """The column of the designators by the identity of the line."""
    return {
        id(line): column.index + 1
        for read in tables
        if (column := read.table.find(Role.DESIGNATORS))
        for line in read.lines
    }


def _read(sheet: Sheet, table: Table, *, is_text: bool) -> _Reading:
    reading = _Reading(table, sheet, RowReader(table, _mark(sheet, table, is_text=is_text)))
    header = [words(column.header) for column in table.columns if column.header.strip()]
    markings = Markings(sheet, table)
    for index in range(table.first_row, min(table.end_row, len(sheet.rows))):
        row = sheet.rows[index]
        if row:
            marked = markings.of(index, row)
            cells = reading.reader.read(index, marked.cells)
            if marked.struck:
                _tell_struck(reading, cells, marked, row)
            if marked.gone:
                continue
            if cells.filled > 1 and not cells.quantity and _repeats_header(row, header):
                reading.leave(cells, "header")
                continue
            _take(reading, cells)
    _end_headings(reading, followed=False)
    return reading


def _mark(sheet: Sheet, table: Table, *, is_text: bool) -> str:
    """The decimal sign of the table's quantities, in a text file as its prices prove it."""
    column = table.find(Role.QUANTITY)
    if column is None or table.decimal:
        return table.decimal
    rows = without_footer(sheet.rows[table.first_row : table.end_row])
    cells = column_cells(rows, column.index)
    own = decimal_mark(cells)
    if own or not is_text or not any(map(is_ambiguous, cells)):
        return own
    others = (one.index for one in table.columns if one.role == Role.IGNORE)
    marks = {proved_mark(column_cells(rows, index)) for index in others} - {""}
    return marks.pop() if len(marks) == 1 else ""


def _repeats_header(row: list[str], header: list[tuple[str, ...]]) -> bool:
    return bool(header) and [words(cell) for cell in row if cell.strip()] == header


def _tell_struck(reading: _Reading, cells: RowCells, marked: Marked, row: list[str]) -> None:
    """What is struck through is left out, and its owner told so."""
    if marked.gone:
        reading.line_struck = reading.line_struck or _kind(reading, cells) == Kind.LINE
        reading.leave(cells, "struck")
        told = f"The row is struck through and was left out: “{row_text(cells.texts)}”."
        reading.warn(cells, "struck_through", told)
        return
    for column, left in marked.struck:
        was = one_line(row[column.index])
        told = f"“{was}” is struck through" + (f"; “{one_line(left)}” was read." if left else ".")
        reading.warnings.append(
            Warning(cells.row, column.index + 1, "struck_through", told, reading.table.sheet_name)
        )


def _kind(reading: _Reading, cells: RowCells) -> Kind:
    reader = reading.reader
    kind = kind_of(cells, has_quantity=reader.has_quantity, has_designators=reader.has_designators)
    if kind == Kind.STRAY and cells.filled == 1 and reading.section_reason:
        return Kind.TITLE if any(map(str.isalpha, cells.first)) else kind
    if kind == Kind.LINE and reading.drafts and _repeats_line(reading.drafts[-1], cells):
        return Kind.ALTERNATE
    return kind


def _take(reading: _Reading, cells: RowCells) -> None:
    reader = reading.reader
    kind = _kind(reading, cells)
    if kind == Kind.LINE:
        reading.line_struck = False
    if kind in (Kind.LINE, Kind.ALTERNATE):
        _end_headings(reading, followed=True)
    if kind == Kind.LINE:
        reading.drafts.append(
            lines.start(
                cells,
                reading.table.sheet_name,
                has_quantity=reader.has_quantity,
                section_reason=reading.section_reason,
            )
        )
    elif kind == Kind.ALTERNATE:
        _alternate(reading, cells)
    elif kind == Kind.NAMES:
        _names(reading, cells)
    elif kind == Kind.TITLE:
        _title(reading, cells)
    elif kind == Kind.STRAY:
        reading.skip(cells)
    elif kind != Kind.BLANK:
        reading.leave(cells, "total" if kind == Kind.TOTAL else "note")
    if (found := stated(cells)) is not None and kind != Kind.LINE:
        key, number = found
        one = file_checks.Stated(number, cells.row, cells.first_column, reading.table.sheet_name)
        reading.stated.setdefault(key, one)


def _repeats_line(draft: Draft, cells: RowCells) -> bool:
    """Whether a row is the line above once more, with another part.

    Systems that keep approved manufacturers write a row for each of them: the same item or the
    same designators again, and the same quantity.
    """
    above = draft.cells
    if not cells.names_part or draft.primary is None or cells.quantity == 0:
        return False
    if cells.quantity is not None and cells.quantity != draft.quantity:
        return False
    if cells.value and above.value and cells.value != above.value:
        return False
    if cells.designators.names:
        other_item = bool(cells.item and above.item) and cells.item != above.item
        same_places = cells.designators.names == draft.designators and not other_item
        return same_places and not _same_part(above, cells)
    same_item = bool(cells.item) and cells.item == above.item
    return same_item and not cells.designator_text and not _same_part(above, cells)


def _same_part(one: RowCells, two: RowCells) -> bool:
    mpns = [cell.text for cell in one.parts] == [cell.text for cell in two.parts]
    return mpns and one.manufacturers == two.manufacturers


def _alternate(reading: _Reading, cells: RowCells) -> None:
    if reading.drafts and not reading.line_struck:
        lines.add_row_of_alternate(reading.drafts[-1], cells)
    else:
        reading.leave(cells, "skipped")
        reading.warn(
            cells, "row_skipped", f"An alternate without a line: “{row_text(cells.texts)}”."
        )


def _names(reading: _Reading, cells: RowCells) -> None:
    """A row with nothing but designators: wrapped from above, or a list of absent parts."""
    if not reading.section_reason and reading.drafts and reading.drafts[-1].lacks_designators:
        lines.add_designators(reading.drafts[-1], cells)
        return
    if reading.section_reason:
        reading.not_installed.extend(cells.designators.names)
        count = len(cells.designators)
        listed = "1 designator is" if count == 1 else f"{count} designators are"
        said = f"{listed} listed as not installed, without lines."
        reading.warn(cells, "not_installed_list", said)
        return
    reading.skip(cells)


def _title(reading: _Reading, cells: RowCells) -> None:
    """A title begins a section; only a title about fitting means anything to its lines."""
    role = _role(cells)
    if role in NOTES_ONLY and role != Role.ITEM:
        reading.leave(cells, "note")
        return
    reading.section_reason = cells.first if says_not_fitted(cells.first) else ""
    reading.headings.append(cells)


def _role(cells: RowCells) -> Role:
    return cells.columns[0].role if cells.columns else Role.IGNORE


def _end_headings(reading: _Reading, *, followed: bool) -> None:
    """Titles over lines are headings; below the last line they are notes, or what was lost."""
    for cells in reading.headings:
        plain = _role(cells) in (Role.IGNORE, Role.ITEM, Role.DESIGNATORS)
        if followed or plain or says_not_fitted(cells.first):
            reading.leave(cells, "heading" if followed else "note")
        else:
            reading.skip(cells)
    reading.headings.clear()


def _finished(reading: _Reading) -> list[BomLine]:
    table = reading.table
    reason = f"sheet “{table.sheet_name}”" if table.not_fitted else ""
    _leave_assembly(reading)
    _zero_quantity_alternates(reading.drafts)
    return [
        lines.finish(draft, table_not_fitted=reason, warnings=reading.warnings)
        for draft in reading.drafts
    ]


def _leave_assembly(reading: _Reading) -> None:
    """The first row of an indented BOM that stands alone on its level is the product itself."""
    levels = [draft.cells.level for draft in reading.drafts]
    if len(levels) < 2 or levels[0] is None or reading.drafts[0].designators:
        return
    if all(level is not None and level > levels[0] for level in levels[1:]):
        reading.leave(reading.drafts.pop(0).cells, "assembly")


def _zero_quantity_alternates(drafts: list[Draft]) -> None:
    """A row of quantity 0 for parts that another line places names an alternate to it."""
    by_name: dict[str, Draft] = {}
    for draft in drafts:
        if draft.quantity:
            for name in draft.designators:
                by_name.setdefault(name, draft)
    for position, draft in enumerate(drafts):
        if draft.quantity != 0 or draft.primary is None:
            continue
        target = _placed_by(draft, by_name, drafts[:position])
        if target is not None:
            draft.alternate_of = target.cells.row
            where = f"zero-quantity row {draft.cells.row}"
            target.alternates.append(
                Alternate(draft.primary, where, draft.cells.row, None, listed=False)
            )


def _alike(one: RowCells, other: RowCells) -> bool:
    """Whether two rows may be about the same part: no word of the one contradicts the other."""
    if one.value and other.value:
        return one.value.casefold() == other.value.casefold()
    if one.description and other.description:
        mine, others = (set(words(cells.description)) for cells in (one, other))
        if mine & ALTERNATE_WORDS:
            return True
        return len(mine & others) >= 0.5 * min(len(mine), len(others))
    return True


def _placed_by(draft: Draft, by_name: dict[str, Draft], before: list[Draft]) -> Draft | None:
    if draft.designators:
        placed = {id(by_name[name]): by_name[name] for name in draft.designators if name in by_name}
        return next(iter(placed.values())) if len(placed) == 1 else None
    above = next((other for other in reversed(before) if other.quantity), None)
    if above is None:
        return None
    if not draft.cells.designator_text:
        return above if _alike(draft.cells, above.cells) else None
    same = draft.cells.designator_text.casefold() == above.cells.designator_text.casefold()
    return above if same else None
