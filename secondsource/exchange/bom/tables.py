"""Where in a file the line tables are: header rows, several tables in a sheet, several sheets."""

from collections.abc import Sequence
from dataclasses import replace

from secondsource.core.tabular import Row, Sheet, Workbook

from .characters import one_line
from .columns import assign
from .designators import read_designators, reads_as_designators
from .doubts import TABLE
from .evidence import SAMPLE
from .fitted import names_not_fitted_sheet
from .header import guesses, words
from .manufacturers import is_distributor
from .mapping import BomError, Mapping, Role, Table, shape_of
from .quantities import read_quantity
from .wordlists import word_set

SEARCHED, _NEXT = 80, 8
_ESSENTIAL = (Role.DESIGNATORS, Role.QUANTITY, Role.MPN, Role.MANUFACTURER_MPN)
_ENOUGH = 1.2
#: Characters looked at in search of a header over content; a cell costs some beside its own.
_EFFORT, _EFFORT_OF_CELL, _FEWEST_TRIES = 30_000_000, 16, 3
_OLD_WORDS = word_set(
    """
    old older copy backup bak archive archived obsolete superseded previous prev former draft
    template example sample alt veraltet kopie sicherung vorher ancien ancienne copie viejo copia
    vecchio stary stara"""
)
_LOG_WORDS = word_set(
    """
    change changes changelog log history revision revisions instructions"""
)


def header_score(cells: Sequence[str]) -> float:
    """How much a row reads like a header: the strengths of the different roles it names."""
    filled = [one_line(cell) for cell in cells if cell.strip()]
    if len(filled) < 2:
        return 0.0
    numbers = sum(1 for cell in filled if read_quantity(cell) is not None)
    if numbers > 0.3 * len(filled):
        return 0.0
    roles: dict[Role, float] = {}
    known = 0
    for cell in filled:
        found = guesses(cell)
        known += bool(found)
        for guess in found[:1]:
            if guess.role not in (Role.IGNORE, Role.ITEM):
                roles[guess.role] = max(roles.get(guess.role, 0.0), guess.strength)
    if known < 0.3 * len(filled) and sum(roles.values()) < 2.5:
        return 0.0
    if not any(roles.get(role, 0.0) >= 0.2 for role in _ESSENTIAL) or len(roles) < 2:
        return 0.0
    return sum(roles.values())


def combined(upper: Row, lower: Row) -> Row:
    """Two header rows as one: a title over several columns belongs to each of them."""
    width = max(len(upper), len(lower))
    title = ""
    cells: Row = []
    for index in range(width):
        above = upper[index].strip() if index < len(upper) else ""
        below = lower[index].strip() if index < len(lower) else ""
        title = above or (title if below else "")
        cells.append(f"{title} {below}".strip() if below else above)
    return cells


def _headers(rows: list[Row], header_rows: tuple[int, ...]) -> Row:
    if not header_rows:
        return []
    if len(header_rows) == 1:
        return rows[header_rows[0]]
    return combined(rows[header_rows[0]], rows[header_rows[1]])


def _first_header(rows: list[Row]) -> tuple[int, ...] | None:
    scores = [(header_score(row), index) for index, row in enumerate(rows[:SEARCHED])]
    best = max((score for score, _ in scores), default=0.0)
    if best < _ENOUGH:
        return None
    first = next(index for score, index in scores if score >= 0.75 * best)
    return _with_second_row(rows, first)


def _with_second_row(rows: list[Row], row: int) -> tuple[int, ...]:
    """Header rows in two storeys, when together they say clearly more than one of them."""
    if row and _names_blocks(rows[row - 1]):
        return (row - 1, row)
    alone = _information(rows[row]) + 0.9
    for upper in (row, row - 1):
        if not 0 <= upper < len(rows) - 1:
            continue
        other = rows[upper + 1] if upper == row else rows[upper]
        if _is_wordy(other) and _information(combined(rows[upper], rows[upper + 1])) > alone:
            return (upper, upper + 1)
    return (row,)


def _names_blocks(row: Row) -> bool:
    """Whether a row names nothing but distributors: each over the columns that are theirs."""
    filled = [one_line(cell) for cell in row if cell.strip()]
    return bool(filled) and all(map(is_distributor, filled))


def _information(cells: Row) -> float:
    """The strengths of all cells; different numbers of one role count each."""
    seen: dict[tuple[Role, int | None, bool], float] = {}
    for cell in cells:
        for guess in guesses(one_line(cell))[:1]:
            key = (guess.role, guess.number, guess.alternate)
            seen[key] = max(seen.get(key, 0.0), guess.strength)
    return sum(strength for (role, _, _), strength in seen.items() if role != Role.IGNORE)


def _is_wordy(row: Row) -> bool:
    filled = [one_line(cell) for cell in row if cell.strip()]
    known = sum(1 for cell in filled if guesses(cell))
    return len(filled) > 1 and known >= 0.5 * len(filled)


def find_tables(position: int, sheet: Sheet) -> list[Table]:
    """All line tables of a sheet, with roles given to their columns."""
    first = _first_header(sheet.rows)
    if first is None:
        return _over_content(position, sheet) or _without_header(position, sheet)
    starts = [first, *_later_headers(sheet.rows, first)]
    ends = [start[0] for start in starts[1:]] + [len(sheet.rows)]
    return [table_at(position, sheet, start, end) for start, end in zip(starts, ends, strict=True)]


def table_at(position: int, sheet: Sheet, header_rows: tuple[int, ...], end: int) -> Table:
    """The table under the given header rows."""
    first = header_rows[-1] + 1 if header_rows else 0
    columns = assign(_headers(sheet.rows, header_rows), sheet.rows[first:end])
    return Table(
        sheet=position,
        sheet_name=sheet.name,
        header_rows=header_rows,
        first_row=first,
        end_row=end,
        columns=columns,
        not_fitted=names_not_fitted_sheet(sheet.name),
    )


def _later_headers(rows: list[Row], first: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Headers of further tables: after a gap or title, or with the words of the first one."""
    wanted = {one_line(cell).casefold() for cell in _headers(rows, first[-1:]) if cell.strip()}
    same = [words(cell) for cell in rows[first[-1]]]
    found: list[tuple[int, ...]] = []
    for index in range(first[-1] + 1, len(rows)):
        row = rows[index]
        above = rows[index - 1]
        shared = sum(1 for cell in row if cell and cell.strip().casefold() in wanted)
        gap = sum(1 for cell in above if cell.strip()) <= 1
        if shared < 2 and not gap:
            continue
        if [words(cell) for cell in row] == same and not _is_title(rows, index):
            continue
        if header_score(row) >= 1.6 or (shared >= 3 and header_score(row) >= _ENOUGH):
            found.append((index,))
    return found


def _is_title(rows: list[Row], index: int) -> bool:
    """Whether the nearest filled row above is a title, so that a new table begins here."""
    for above in range(index - 1, max(index - 4, -1), -1):
        filled = [cell for cell in rows[above] if cell.strip()]
        if filled:
            return len(filled) == 1 and read_quantity(filled[0]) is None
    return False


def _without_header(position: int, sheet: Sheet) -> list[Table]:
    """A table that begins at once with its lines: only the content can tell."""
    table = table_at(position, sheet, (), len(sheet.rows))
    designators, mpn = table.find(Role.DESIGNATORS), table.find(Role.MPN)
    if (designators and (mpn or table.find(Role.QUANTITY))) or (mpn and table.find(Role.QUANTITY)):
        return [replace(table, why="no header row; columns recognised by their content")]
    return []


def _over_content(position: int, sheet: Sheet) -> list[Table]:
    """Headers in words that nobody knows, over columns that speak for themselves."""
    tries = _tries(sheet.rows[: SEARCHED + SAMPLE])
    for index, row in enumerate(sheet.rows[:SEARCHED]):
        filled = [cell for cell in row if cell.strip()]
        numbers = sum(1 for cell in filled if read_quantity(cell) is not None)
        if len(filled) < 3 or numbers or len(sheet.rows) < index + 3:
            continue
        if not tries:
            break
        tries -= 1
        table = table_at(position, sheet, (index,), len(sheet.rows))
        designators = table.find(Role.DESIGNATORS)
        if designators is None or not is_line_table(table):
            continue
        above = (_at(one, designators.index) for one in sheet.rows[: index + 1])
        if not any(map(reads_as_designators, above)) and _lines_follow(
            sheet.rows[index + 1 :], designators.index
        ):
            return [replace(table, why="columns recognised by their content")]
    return []


def _lines_follow(rows: list[Row], designators: int) -> bool:
    """Whether the next rows are lines, so that the header is none of the titles above it."""
    filled = [row for row in rows[:_NEXT] if any(cell.strip() for cell in row)]
    named = [reads_as_designators(_at(row, designators)) for row in filled]
    counted = any(read_quantity(cell) is not None for row in filled[:1] for cell in row)
    return any(named[:1]) or (counted and any(named))


def _tries(rows: list[Row]) -> int:
    """How many headers are tried: all of them in a table of usual size, few in a huge one."""
    effort = sum(_EFFORT_OF_CELL * len(row) + sum(map(len, row)) for row in rows)
    return max(_FEWEST_TRIES, min(SEARCHED, _EFFORT // max(effort, 1)))


def _at(row: Row, index: int) -> str:
    return row[index] if index < len(row) else ""


def is_line_table(table: Table) -> bool:
    """Whether a table has what a BOM needs: where or how many, and what; or both of the first."""
    what = (Role.MPN, Role.MANUFACTURER_MPN, Role.VALUE, Role.DESCRIPTION, Role.IPN)
    designators, quantity = table.find(Role.DESIGNATORS), table.find(Role.QUANTITY)
    if designators and quantity:
        return True
    return bool((designators or quantity) and any(table.find(role) for role in what))


def choose(workbook: Workbook, tables: list[Table]) -> Mapping:
    """Take the tables that together are the BOM and say why others are left.

    Raises `BomError` when no table has lines.
    """
    candidates = [table for table in tables if is_line_table(table)]
    if not candidates:
        raise BomError(
            "no_table",
            "No table of BOM lines was found: a row with headers such as Quantity, Reference and "
            "Part Number is needed.",
        )
    lists = [table for table in tables if table not in candidates and _lists_sources(table)]
    if len(candidates) == 1 and not lists:
        only = replace(candidates[0], why=candidates[0].why or "the only table of lines")
        return Mapping((only,), shape([only]))
    main = max(candidates, key=lambda table: _weight(workbook, table))
    taken = _placed(workbook, main)
    judged: list[Table] = []
    if not any(main.find(role) for role in (Role.MPN, Role.MANUFACTURER_MPN)):
        why = "lists part numbers without quantities; import them afterwards as sources"
        judged = [replace(table, use=False, why=why, doubt=TABLE) for table in lists]
    for table in candidates:
        if table is main:
            judged.append(replace(table, why=table.why or "largest table of lines"))
            continue
        reason, doubt = _reason_to_leave(workbook, table, main, taken)
        why = reason or "same kind of table"
        judged.append(replace(table, use=not reason, why=why, doubt=doubt))
        if not reason:
            taken |= _placed(workbook, table)
    return Mapping(tuple(judged), shape(judged))


def _lists_sources(table: Table) -> bool:
    """Whether a table without lines is an approved manufacturer list beside them."""
    return all(table.find(role) for role in (Role.MPN, Role.MANUFACTURER))


def shape(tables: Sequence[Table]) -> str:
    """The key of a file's shape: its header words."""
    return shape_of([[column.header for column in table.columns] for table in tables])


def _weight(workbook: Workbook, table: Table) -> tuple[bool, bool, bool, int]:
    sheet = workbook.sheets[table.sheet]
    full = table.find(Role.DESIGNATORS) is not None and table.find(Role.QUANTITY) is not None
    counted = table.find(Role.QUANTITY) or table.find(Role.DESIGNATORS)
    cells = [
        row[counted.index]
        for row in sheet.rows[table.first_row : table.end_row]
        if counted and counted.index < len(row)
    ]
    lines = sum(1 for cell in cells if cell.strip())
    shown = not sheet.hidden and not table.not_fitted
    return (shown, not _is_old(table), full, lines)


def _is_old(table: Table) -> bool:
    return bool(set(words(table.sheet_name)) & _OLD_WORDS)


def _reason_to_leave(
    workbook: Workbook, table: Table, main: Table, taken: dict[str, str]
) -> tuple[str, str]:
    """Why a table is left out, and the doubt about it; two empty texts for one that is taken."""
    if workbook.sheets[table.sheet].hidden:
        return "hidden sheet", ""
    if set(words(table.sheet_name)) & _LOG_WORDS and table.sheet != main.sheet:
        return "sheet of changes or instructions", ""
    if _is_old(table) and not _is_old(main):
        return "an older copy by the name of its sheet", ""
    lines = sum(any(cell.strip() for cell in row) for row in _rows(workbook, table))
    doubt = TABLE if lines else ""
    for role in (Role.DESIGNATORS, Role.QUANTITY):
        if main.find(role) and not table.find(role):
            return f"has no column of {role.value}", doubt
    mine = _placed(workbook, table)
    again = mine.keys() & taken.keys()
    if mine and len(again) >= 0.5 * len(mine):
        differ = any(mine[name] and taken[name] and mine[name] != taken[name] for name in again)
        same = len(again) == len(mine) and not differ
        return "repeats designators of another table", "" if same else doubt
    return "", ""


def _rows(workbook: Workbook, table: Table) -> list[Row]:
    return workbook.sheets[table.sheet].rows[table.first_row : table.end_row]


def _placed(workbook: Workbook, table: Table) -> dict[str, str]:
    """What is at each designator: its part number, else its value."""
    column = table.find(Role.DESIGNATORS)
    what = table.find(Role.MPN) or table.find(Role.MANUFACTURER_MPN) or table.find(Role.VALUE)
    found: dict[str, str] = {}
    for row in _rows(workbook, table) if column else ():
        names = read_designators(_at(row, column.index)).names if column else ()
        text = one_line(_at(row, what.index)) if what else ""
        found.update(dict.fromkeys(names, text))
    return found
