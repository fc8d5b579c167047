"""Questions that need all lines of a file: repeated names, totals, placeholders."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from secondsource.core.tabular import Marks

from . import values
from .characters import one_line
from .doubts import UNREAD
from .evidence import column_cells, examine
from .lines import Draft
from .manufacturers import is_distributor, misspelled
from .mapping import Column, Role, Table
from .part_numbers import is_cell_error, is_placeholder
from .result import BomLine, Totals, Warning
from .wordlists import phrase_set

# Signs for "nothing here" that nobody needs to be asked about.
_NOTHING = phrase_set("n/a|na|n.a|n.a.|none|no|nil|null|nan|not applicable|ohne|keine|无|無し|なし")
_PIECES = phrase_set(
    "x|pc|pcs|pce|piece|pieces|ea|each|st|stk|stck|stuck|stück|szt|ks|pz|ud|uds|un|u|pza|set|sets|"
    "unit|units|no|nos|psc|qty|unidades|unidad|stuks|kpl|個|个|只|颗|шт|pç|pièce|pièces|db|st."
)
_NOT_FITTED = phrase_set(
    "dnp|dni|dnf|dnm|do not populate|do not fit|do not install|not fitted|no pop|nopop"
)


def of_table(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Words that stand for part numbers, names of manufacturers, and levels of one table."""
    yield from _placeholders(table, drafts)
    yield from _unnamed_manufacturers(table, drafts)
    yield from _spelling(table, drafts)
    yield from _levels(table, drafts)
    yield from _zeros(table, drafts)
    yield from _forbidden(table, drafts)
    yield from _units(table, drafts)


def of_columns(table: Table, sample: Sequence[Sequence[str]]) -> Iterator[Warning]:
    """Columns that are not used and seem to hold what is looked for."""
    yield from _more_designators(table, sample)
    for column in table.columns:
        cells = [cell for cell in column_cells(sample, column.index) if cell]
        if column.doubt == UNREAD and not column.said and cells:
            yield Warning(
                table.header_rows[-1] + 1 if table.header_rows else None,
                column.index + 1,
                "part_numbers_unread",
                f"“{one_line(column.header)}” may hold part numbers, such as {cells[0]}; "
                "it is not used.",
                table.sheet_name,
            )


def _is_left(column: Column) -> bool:
    """Whether a column is not used, and not because its user said so."""
    return column.role == Role.IGNORE and not column.said


def _more_designators(table: Table, sample: Sequence[Sequence[str]]) -> Iterator[Warning]:
    """Designators beside the column that is read."""
    read = table.find(Role.DESIGNATORS)
    if read is None:
        return
    for column in table.columns:
        if not _is_left(column):
            continue
        evidence = examine(column_cells(sample, column.index))
        if evidence.filled > 1 and evidence.typical_designators >= 0.9 and evidence.distinct > 0.9:
            name = one_line(column.header) or f"column {column.index + 1}"
            yield Warning(
                table.header_rows[-1] + 1 if table.header_rows else None,
                column.index + 1,
                "designators_unread",
                f"“{name}” holds designators as well; only “{one_line(read.header)}” is read.",
                table.sheet_name,
            )


def of_hidden(table: Table, marks: Marks, lines: Sequence[BomLine]) -> Iterator[Warning]:
    """What nobody sees in the spreadsheet is read all the same, and told."""
    for column in table.columns:
        if column.role != Role.IGNORE and column.index in marks.hidden_columns:
            yield Warning(
                table.header_rows[-1] + 1 if table.header_rows else None,
                column.index + 1,
                "hidden_column",
                f"“{one_line(column.header)}” is hidden in the spreadsheet; it was read.",
                table.sheet_name,
            )
    read = {line.row for line in lines} | {one.row for line in lines for one in line.alternates}
    if rows := sorted(row for row in read if row - 1 in marks.hidden_rows):
        many = len(rows) > 1
        yield Warning(
            rows[0],
            None,
            "hidden_row",
            f"{len(rows)} rows are hidden in the spreadsheet and were read{_rows(rows)}."
            if many
            else "The row is hidden in the spreadsheet; it was read.",
            table.sheet_name,
        )


def _zeros(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Numbers that lost the zero in front, as another row or their own code shows."""
    parts = [
        (part, draft.cells.row)
        for draft in drafts
        for part in (draft.primary, *(other.part for other in draft.alternates))
        if part
    ]
    numbers = {part.mpn for part, _ in parts}
    column = table.find(Role.MPN) or table.find(Role.MANUFACTURER_MPN)
    for part, row in parts:
        meant = f"0{part.mpn}"
        coded = values.encoded(part.mpn) is None and values.encoded(meant) is not None
        if part.mpn[:1].isdigit() and (meant in numbers or coded):
            detail = f"“{part.mpn}” may be {meant}: spreadsheets drop the zero in front."
            where = column.index + 1 if column else None
            yield Warning(row, where, "zero_lost", detail, table.sheet_name)


def _forbidden(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Sources that the file says are not to be used."""
    column = table.find(Role.PREFERENCE)
    for draft in drafts:
        for part, row in draft.forbidden:
            read = "it is the only source named" if part == draft.primary else "it was left out"
            detail = f"{part.mpn} is not to be used, as the file says; {read}."
            where = column.index + 1 if column else None
            yield Warning(row, where, "source_not_approved", detail, table.sheet_name)


def _units(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Quantities of metres and litres: the number is read, its unit is the part's own."""
    found: dict[str, list[int]] = {}
    for draft in drafts:
        unit = draft.cells.unit.casefold()
        if unit and unit not in _PIECES:
            found.setdefault(unit, []).append(draft.cells.row)
    column = table.find(Role.QUANTITY)
    for unit, rows in found.items():
        yield Warning(
            rows[0], column.index + 1 if column else None, "unit_unread",
            f"The quantity is in {unit}{_rows(rows)}; only the number is read. See that the unit "
            "of the part is the same.",
            table.sheet_name,
        )  # fmt: skip


def _placeholders(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """One question for each word: `ANY` is on 36 lines."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for draft in drafts:
        for cell in draft.cells.parts:
            text = one_line(cell.text)
            if cell.column.number == 1 and _stands_for_nothing(text):
                place = (draft.cells.row, cell.column.index + 1, text)
                found.setdefault(text.casefold(), []).append(place)
    for places in found.values():
        row, column, text = places[0]
        lines = f"{len(places)} lines have" if len(places) > 1 else "the line has"
        yield Warning(
            row, column, "placeholder",
            f"“{text}” is no part number: {lines} none{_rows([place[0] for place in places])}.",
            table.sheet_name,
        )  # fmt: skip


def _unnamed_manufacturers(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """A part whose manufacturer is `Various`: one question for each word."""
    found: dict[str, list[tuple[int, str]]] = {}
    for draft in drafts:
        text = one_line(draft.cells.manufacturers.get(1, ""))
        if draft.primary and draft.primary.manufacturer is None and _stands_for_nothing(text):
            found.setdefault(text.casefold(), []).append((draft.cells.row, text))
    for places in found.values():
        row, text = places[0]
        rows = [place[0] for place in places]
        parts = f"{len(rows)} parts have" if len(rows) > 1 else "the part has"
        yield Warning(
            row, _manufacturer_column(table), "manufacturer_unnamed",
            f"“{text}” is no manufacturer: {parts} none{_rows(rows)}.", table.sheet_name,
        )  # fmt: skip


def _stands_for_nothing(text: str) -> bool:
    folded = text.casefold()
    if not is_placeholder(text) or is_cell_error(text) or folded in _NOTHING | _NOT_FITTED:
        return False
    return any(ch.isalpha() or ch == "?" for ch in text)


def _rows(rows: list[int]) -> str:
    if len(rows) == 1:
        return ""
    shown = ", ".join(map(str, rows[:6]))
    return f", rows {shown}{f' and {len(rows) - 6} more' if len(rows) > 6 else ''}"


def _spelling(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Manufacturers whose name is one letter away from a known one; once for each name."""
    seen: set[str] = set()
    for draft in drafts:
        refs = [draft.primary, *(other.part for other in draft.alternates)]
        for name in {ref.manufacturer for ref in refs if ref and ref.manufacturer}:
            if name in seen:
                continue
            seen.add(name)
            row, column, sheet = draft.cells.row, _manufacturer_column(table), table.sheet_name
            if meant := misspelled(name):
                told = (
                    f"“{name}” is perhaps {meant.title()}; as written it is another manufacturer."
                )
                yield Warning(row, column, "manufacturer_misspelled", told, sheet)
            elif is_distributor(name):
                told = f"“{name}” is a distributor and stands where the manufacturer is named."
                yield Warning(row, column, "manufacturer_is_distributor", told, sheet)


def _manufacturer_column(table: Table) -> int | None:
    column = table.find(Role.MANUFACTURER) or table.find(Role.MANUFACTURER_MPN)
    return column.index + 1 if column else None


def _levels(table: Table, drafts: list[Draft]) -> Iterator[Warning]:
    """Rows of a deeper level are parts of the row above them: both would be counted."""
    column = table.find(Role.LEVEL)
    levels = [draft.cells.level for draft in drafts]
    if column is None or not levels:
        return
    for position, level in enumerate(levels[:-1]):
        below = levels[position + 1]
        if level is not None and below is not None and below > level:
            inside = 0
            for other in levels[position + 1 :]:
                if other is None or other <= level:
                    break
                inside += 1
            yield Warning(
                drafts[position].cells.row, column.index + 1, "has_parts_below",
                f"{inside} {'row' if inside == 1 else 'rows'} of a deeper level follow as parts of "
                "this line; all are read, with the quantities that the file states.",
                table.sheet_name,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A total as a row of the file states it; row and column count from 1."""

    number: Decimal
    row: int
    column: int | None
    sheet: str


def of_file(
    lines: Iterable[BomLine],
    totals: Totals,
    stated: dict[str, Stated],
    named_in: dict[int, int],
) -> Iterator[Warning]:
    """Repeated designators, and totals that the file states.

    `named_in`: the column of the designators by the identity of the line.
    """
    yield from _repeated(lines, named_in)
    ours = {
        "lines": ("lines", Decimal(totals.lines)),
        "quantity": ("parts", totals.quantity_total),
        "not_fitted": ("parts not fitted", totals.quantity_total - totals.quantity_fitted),
    }
    for key, one in stated.items():
        name, counted = ours[key]
        if counted != one.number:
            told = f"The file states {one.number} {name}, {counted} were read."
            yield Warning(one.row, one.column, "total_differs", told, one.sheet)


def _repeated(lines: Iterable[BomLine], named_in: dict[int, int]) -> Iterator[Warning]:
    first: dict[str, int] = {}
    for line in lines:
        if line.alternate_of is not None:
            continue
        again = [name for name in line.designators if name in first]
        for name in line.designators:
            first.setdefault(name, line.row)
        if again:
            names = ", ".join(again[:8]) + ("…" if len(again) > 8 else "")
            yield Warning(
                line.row,
                named_in.get(id(line)),
                "designator_repeated",
                f"{names}: already named in row {first[again[0]]}.",
                line.sheet,
            )
