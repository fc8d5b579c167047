"""What must be said before a file is imported, and what of it is left out: each named once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from secondsource.core.tabular import Sheet, Workbook

from . import doubts
from .alternates import split_manufacturer
from .characters import one_line, sample
from .evidence import column_cells
from .fitted import from_flag, is_open
from .footnotes import footnotes
from .header import guesses, words
from .lines import Draft
from .manufacturers import is_manufacturer
from .mapping import Column, Mapping, Role, Table
from .result import BomLine, ColumnLeftOut, LeftOut, Question, SheetLeftOut
from .vocabulary import STRONG

_SHOWN = 3
_FITTING = (Role.DNP, Role.FITTED)
_USED = {
    doubts.FITTED: (
        "It is read as {role}, by which {n} of {all} rows would not be fitted.",
        "It may say what is fitted, and is not used.",
    ),
    doubts.QUANTITY: (
        "It is read as the quantity; its header or another column speaks against it.",
        "It may hold the quantities, and is not used.",
    ),
    doubts.PART_NUMBERS: (
        "It is read as part numbers by its cells; its header does not say so.",
        "It may hold part numbers of manufacturers or of your own, and is not used.",
    ),
    doubts.MANUFACTURERS: (
        "It is read as manufacturers by its cells; its header does not say so.",
        "It may name manufacturers, and is not used.",
    ),
    doubts.STANDING: ("", "It says which sources come first or may not be used, and is not used."),
    doubts.POINTS: (
        "It names other rows, for which these stand as alternates; as read, each of them is a line "
        "of its own.",
        "It names other rows, for which these stand as alternates; as read, each of them is a line "
        "of its own.",
    ),
    doubts.PACKED: (
        "",
        "Its cells hold several values with their names, which are not read: make a column of "
        "each in the file, or set this one to “Not used”.",
    ),
    doubts.DESIGNATORS: ("It is read as designators.", "It may hold designators, and is not used."),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A table that was read: its lines before and after they were finished."""

    position: int
    table: Table
    sheet: Sheet
    drafts: list[Draft]
    lines: Sequence[BomLine]
    left_out: Sequence[LeftOut] = ()

    def cells(self, column: Column) -> list[str]:
        """The filled cells of a column."""
        rows = self.sheet.rows[self.table.first_row : self.table.end_row]
        return [cell for cell in column_cells(rows, column.index) if cell]


def ask(mapping: Mapping, tables: Sequence[Read]) -> tuple[Question, ...]:
    """Every question that is not answered yet."""
    found = [question for read in tables for question in _about(read)]
    found += _tables(mapping)
    return tuple(one for one in found if one.key not in mapping.answered)


def _about(read: Read) -> Iterator[Question]:
    yield from _columns(read)
    yield from _order(read)
    yield from _only_alternatives(read)
    yield from _in_words(read)
    yield from _placed_again(read)
    yield from _variants(read)
    yield from _numbers(read)
    yield from _quantities(read)
    yield from _open_words(read)
    yield from _odd_rows(read)


def _question(
    read: Read, code: str, detail: str, columns: Iterable[Column] = (), row: int | None = None
) -> Question:
    indexes = tuple(column.index for column in columns)
    key = ":".join([code, str(read.position), *map(str, indexes)])
    return Question(key, code, detail, read.position, indexes, read.table.sheet_name, row)


def _columns(read: Read) -> Iterator[Question]:
    """One question for each column in doubt."""
    for column in read.table.columns:
        if column.said or column.doubt not in _USED:
            continue
        cells = read.cells(column)
        used, unused = _USED[column.doubt]
        if column.role == Role.IPN:
            used = "It is read as your own numbers; are they those of manufacturers?"
        said = (
            unused
            if column.role in (Role.IGNORE, Role.SKU)
            else used.format(role=column.role, n=_absent(column, cells), all=len(read.lines))
        )
        yield _question(read, column.doubt, f"{_named(column, cells)}: {said}", [column])


def _absent(column: Column, cells: Iterable[str]) -> int:
    says_not = column.role == Role.DNP
    return sum(bool(from_flag(cell, column_says_not=says_not)) for cell in cells)


def _named(column: Column, cells: Sequence[str]) -> str:
    header = one_line(column.header)
    name = f"“{header}”" if header else f"Column {column.index + 1}"
    return f"{name} ({sample(cells)})" if cells else name


def _order(read: Read) -> Iterator[Question]:
    """Which of several sources is the primary one."""
    unsure = [column for column in read.table.columns if column.doubt == doubts.PRIMARY]
    unsure = [column for column in unsure if column.role != Role.IGNORE]
    if not unsure or any(column.said for column in unsure):
        return
    first, *others = sorted(unsure, key=lambda column: column.number)
    if first.number > 1:
        detail = f"“{one_line(first.header)}” names alternates; no column is the primary number."
        yield _question(read, doubts.PRIMARY, detail, unsure)
        return
    names = " and ".join(f"“{one_line(column.header)}”" for column in others[:_SHOWN])
    detail = (
        f"“{one_line(first.header)}” is read as the primary part number and {names} as "
        "alternates; the headers do not say so beyond doubt."
    )
    yield _question(read, doubts.PRIMARY, detail, [first, *others])


def _only_alternatives(read: Read) -> Iterator[Question]:
    """Alternatives on some lines, and no column of part numbers that they stand beside."""
    column = read.table.find(Role.ALTERNATIVE)
    numbers = any(read.table.find(role) for role in (Role.MPN, Role.MANUFACTURER_MPN))
    if column is None or numbers or column.said or not any(line.primary for line in read.lines):
        return
    detail = (
        f"“{one_line(column.header)}” names alternatives, and no column is read as part numbers: "
        "they would become the primary ones."
    )
    yield _question(read, doubts.PRIMARY, detail, [column])


def _in_words(read: Read) -> Iterator[Question]:
    """Descriptions that end in a manufacturer and a number, and no part number on any line."""
    column = read.table.find(Role.DESCRIPTION)
    if column is None or column.said or any(line.parts for line in read.lines):
        return
    named = [split_manufacturer(line.description) for line in read.lines]
    known = [one for one in named if one.manufacturer and is_manufacturer(one.manufacturer)]
    if 2 * len(known) > len(read.lines):
        detail = (
            f"“{one_line(column.header)}” names part numbers, such as {known[0].mpn} of "
            f"{known[0].manufacturer}, and no column is read as part numbers."
        )
        yield _question(read, doubts.PART_NUMBERS, detail, [column])


def _placed_again(read: Read) -> Iterator[Question]:
    """Lines whose designators are all placed by another line already, with another part."""
    first: dict[tuple[str, ...], BomLine] = {}
    again: list[tuple[BomLine, BomLine]] = []
    for line in read.lines:
        if not line.designators or line.alternate_of is not None or not line.fitted:
            continue
        above = first.setdefault(line.designators, line)
        if above is not line and above.primary != line.primary:
            again.append((line, above))
    if again:
        rows = ", ".join(f"{line.row} (as {above.row})" for line, above in again[:_SHOWN])
        detail = (
            f"Rows {rows} place the designators of another row again, with another part: an "
            "alternate or another variant? As read, both count."
        )
        yield _question(read, doubts.AGAIN, detail, row=again[0][0].row)


def _variants(read: Read) -> Iterator[Question]:
    """Several columns about fitting that do not say the same: those of variants."""
    columns = [c for c in read.table.columns if c.role in _FITTING and read.cells(c)]
    if len(columns) < 2 or any(column.said for column in columns) or _say_it_twice(columns):
        return
    if any(_disagree(draft, len(columns)) for draft in read.drafts):
        names = " and ".join(f"“{one_line(column.header)}”" for column in columns[:_SHOWN])
        detail = (
            f"{names} do not agree on what is fitted; a line is not fitted when one of them says "
            "so. Set those of other variants to “Not used”."
        )
        yield _question(read, doubts.FITTED, detail, columns)


def _say_it_twice(columns: Sequence[Column]) -> bool:
    """`DNP` and `Exclude from BOM`: one word for it and another, and nothing of variants."""
    best = [next(iter(guesses(column.header)), None) for column in columns]
    plain = all(one and one.role == Role.DNP and one.strength == STRONG for one in best)
    return plain and len({words(column.header) for column in columns}) == len(columns)


def _disagree(draft: Draft, columns: int) -> bool:
    says_not = sum(
        bool(from_flag(cell.text, column_says_not=cell.column.role == Role.DNP))
        for cell in draft.cells.flags
    )
    return 0 < says_not < columns


def _numbers(read: Read) -> Iterator[Question]:
    """Manufacturers on most lines and a part number on none."""
    named = [draft for draft in read.drafts if draft.cells.manufacturers]
    if any(line.parts for line in read.lines) or 2 * len(named) <= len(read.lines):
        return
    column = read.table.find(Role.MANUFACTURER)
    if column is not None:
        detail = (
            f"“{one_line(column.header)}” names manufacturers on {len(named)} of "
            f"{len(read.lines)} lines, and no column is read as part numbers."
        )
        yield _question(read, doubts.PART_NUMBERS, detail, row=read.table.first_row)


def _quantities(read: Read) -> Iterator[Question]:
    """Quantities that are a thousand to some, and those that cannot be read."""
    column = read.table.find(Role.QUANTITY)
    if column is None:
        return
    unclear = [d for d in read.drafts if d.cells.ambiguous and not d.cells.designators.names]
    if unclear and not read.table.decimal:
        text = unclear[0].cells.quantity_text
        detail = (
            f"“{text}” in “{one_line(column.header)}” is read as {unclear[0].quantity}; with the "
            f"other decimal sign it is another number (lines: {len(unclear)})."
        )
        yield _question(read, doubts.DECIMAL, detail, row=unclear[0].cells.row)
    yield from _miscounted(read, column)
    missing = [d for d in read.drafts if d.cells.quantity_text and d.cells.quantity is None]
    missing = [d for d in missing if d.cells.quantity_text != "" and not d.cells.flags]
    if len(missing) > 2 and 4 * len(missing) > len(read.drafts) and not column.said:
        shown = sample([draft.cells.quantity_text for draft in missing])
        detail = f"“{one_line(column.header)}” is read as the quantity; {shown} are no numbers."
        yield _question(read, doubts.QUANTITY, detail, [column])


def _miscounted(read: Read, column: Column) -> Iterator[Question]:
    """Quantities that hardly ever are the number of designators: those of a lot, or thousands."""
    both = [d for d in read.drafts if d.quantity and d.designators and d.cells.quantity]
    wrong = [draft for draft in both if draft.quantity != len(draft.designators)]
    if len(wrong) > 1 and 2 * len(wrong) > len(both) and not column.said:
        first = wrong[0]
        detail = (
            f"“{one_line(column.header)}” is read as the quantity; on {len(wrong)} of {len(both)} "
            f"lines it is not the number of designators, such as {first.quantity} for "
            f"{len(first.designators)} in row {first.cells.row}."
        )
        yield _question(read, doubts.QUANTITY, detail, [column], first.cells.row)


def _odd_rows(read: Read) -> Iterator[Question]:
    """Lines at the end, behind a gap, with nothing of what all the others have."""
    odd = list(odd_rows(read))
    if odd:
        shown = "; ".join(f"row {draft.cells.row}: {' | '.join(draft.cells.few)}" for draft in odd)
        detail = f"Read as lines, though they have no designator and no part: {shown}."
        yield _question(read, doubts.ROWS, detail, row=odd[0].cells.row)
    lost = [one for one in read.left_out if one.kind == "skipped" and one.text.count(" | ") > 2]
    wide = [one for one in read.left_out if one.kind == "note" and one.text.count(" | ") > 1]
    if len(wide) > 1 and 2 * len(wide) >= len(read.lines):
        lost += wide
    if lost and not odd:
        shown = "; ".join(f"row {one.row}: {one.text}" for one in lost[:_SHOWN])
        detail = f"Left out, though much stands in them: {shown}."
        yield _question(read, doubts.ROWS, detail, row=lost[0].row)


def odd_rows(read: Read) -> Iterator[Draft]:
    """The drafts that may be statistics below the table."""
    yield from (draft for draft in read.drafts if _is_mere_count(draft))
    usual = sum(map(_is_usual, read.drafts))
    if 2 * usual < len(read.drafts):
        return
    for draft in reversed(read.drafts):
        if _is_usual(draft):
            return
        thin = not draft.cells.description or draft.cells.filled < 3
        if thin and not _is_mere_count(draft):
            yield draft


def _is_mere_count(draft: Draft) -> bool:
    """Whether nothing of a row is read but a number, and words stand beside it."""
    roles = {column.role for column in draft.cells.columns}
    return roles == {Role.QUANTITY} and draft.cells.filled > 1


def _is_usual(draft: Draft) -> bool:
    """Whether a line is placed on a board or names a part."""
    number = draft.primary.mpn if draft.primary else draft.cells.ipn
    return bool(draft.designators) or any(map(str.isdigit, number))


def _open_words(read: Read) -> Iterator[Question]:
    """Remarks, and notes below the table, by which a line may not be fitted, or not always."""
    said = [(one.row, one.notes) for one in read.lines if one.fitted and is_open(one.notes)]
    fitted = {line.row for line in read.lines if line.fitted}
    said += [one for one in footnotes(read.sheet, read.table) if one[0] in fitted]
    if said:
        shown = "; ".join(f"row {row}: “{text}”" for row, text in said[:_SHOWN])
        more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
        detail = f"Read as fitted, though a note may say otherwise: {shown}{more}."
        yield _question(read, doubts.REMARKS, detail, row=said[0][0])


def _tables(mapping: Mapping) -> Iterator[Question]:
    for position, table in enumerate(mapping.tables):
        if table.doubt:
            key = f"{doubts.TABLE}:{position}"
            verb = "taken" if table.use else "left out"
            name = f"Sheet “{table.sheet_name}”" if table.sheet_name else "A second table"
            detail = (
                f"{name}, rows {table.first_row + 1} to {table.end_row}, is {verb}: {table.why}."
            )
            yield Question(key, doubts.TABLE, detail, position, (), table.sheet_name)


def columns_left_out(tables: Sequence[Read]) -> Iterator[ColumnLeftOut]:
    """Columns with something in them that nothing uses, but those that somebody left out."""
    for read in tables:
        for column in read.table.columns:
            if column.role == Role.IGNORE and not column.said and (cells := read.cells(column)):
                yield ColumnLeftOut(
                    read.table.sheet_name,
                    column.index + 1,
                    one_line(column.header),
                    sample(cells),
                    column.why,
                )


def sheets_left_out(workbook: Workbook, mapping: Mapping) -> Iterator[SheetLeftOut]:
    """Sheets with rows of which none is read."""
    used = {table.sheet for table in mapping.tables if table.use}
    why = {table.sheet: table.why for table in mapping.tables if not table.use}
    for position, sheet in enumerate(workbook.sheets):
        rows = sum(any(cell.strip() for cell in row) for row in sheet.rows)
        if position not in used and rows:
            yield SheetLeftOut(sheet.name, rows, why.get(position, "no table of lines"))
