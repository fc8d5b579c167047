"""Guessing what the columns of a bulk file hold: by their headers, then by their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from secondsource.core.tabular import Examined, Row, SheetSample, TabularError
from secondsource.exchange.assignment import assign
from secondsource.exchange.bom.groups import rank_of
from secondsource.exchange.bom.header import guesses
from secondsource.exchange.bom.mapping import Role
from secondsource.exchange.bom.part_numbers import looks_like_mpn
from secondsource.exchange.bom.vocabulary import GOOD
from secondsource.exchange.bulk import breaks
from secondsource.exchange.bulk.cells import Choice, Choices, Date, Number, is_blank, plain_words
from secondsource.exchange.bulk.kind import Column, Kind
from secondsource.exchange.bulk.mapping import IGNORE, BulkMapping, MappedColumn
from secondsource.exchange.bulk.spread import told_apart

#: A header stands within the first rows; samples beyond these tell nothing new.
_HEADER_WITHIN, _SAMPLES = 30, 2_000
_GOOD_FIT, _POOR_FIT = 0.6, 0.3
#: What cells mean whatever the header says.
_BY_CELLS, _LONG, _CLEARLY = 0.55, 4, 0.9
_OF_BOMS = {"mpn": Role.MPN, "manufacturer": Role.MANUFACTURER}


def guess(
    kind: Kind,
    examined: Examined,
    *,
    columns: Sequence[Column] | None = None,
    header: tuple[int, int] | None = None,
) -> BulkMapping:
    """The mapping of a file, among the ``columns`` that the person may fill.

    ``header``: (sheet, row) counted from 0, where a person says it stands.
    Raises ``TabularError`` (``no_table``) when the header is pointed at nothing.
    """
    allowed = list(kind.columns if columns is None else columns)
    if header is None:
        sheet, row = _find_header(allowed, examined.sheets)
    else:
        sheet, row = header
        if not 0 <= sheet < len(examined.sheets) or not 0 <= row < examined.sheets[sheet].rows:
            raise TabularError("no_table", "There is no such row.")
    found = _columns(allowed, examined.sheets[sheet], row, examined.format != "csv")
    mapping = BulkMapping(
        kind.name, sheet, row, row + 1, tuple(found), examined.form, examined.sheets[sheet].rows
    )
    return replace(mapping, columns=tuple(_with_forms(kind, mapping, examined)))


def refresh_forms(kind: Kind, mapping: BulkMapping, examined: Examined) -> BulkMapping:
    """The mapping with the form of every column that a person gave another role to."""
    return replace(mapping, columns=tuple(_with_forms(kind, mapping, examined)))


def samples_of(sheet: SheetSample, index: int, first_row: int) -> list[str]:
    """What stands in a column, blanks and placeholders left out."""
    found = []
    for number, row in sheet.sample:
        if number >= first_row and index < len(row) and not is_blank(row[index]):
            found.append(row[index])
            if len(found) == _SAMPLES:
                break
    return found


def _find_header(columns: Sequence[Column], sheets: Sequence[SheetSample]) -> tuple[int, int]:
    """Where most cells are header words; else the first row that is filled."""
    best, place = 0.0, None
    first: tuple[int, int] | None = None
    for position, sheet in enumerate(sheets):
        for index, row in sheet.sample[:_HEADER_WITHIN]:
            if not any(map(str.strip, row)):
                continue
            first = first or (position, index)
            score = sum(
                max((header_score(cell, column)[0] for column in columns), default=0)
                for cell in row
            )
            score = score * (0.5 if sheet.hidden else 1.0)
            if score > best + 0.01:
                best, place = score, (position, index)
    if place is None and first is None:
        raise TabularError("no_table", "No row of the file is filled.")
    return place or first or (0, 0)


def header_score(header: str, column: Column) -> tuple[float, int]:
    """How well a header names a column (1 exactly, less when among other words), its number.

    A unit or a period that the header names does not count: it says how the cells are read.
    """
    plain = plain_words(header)
    best, number = _score(plain, column)
    if (meant := _meant(header, column)) > best:
        return meant, rank_of(plain)[0] or 1
    if (bare := column.type.bare(header)) != plain:
        other = _score(bare, column)
        if other[0] * 0.97 > best:
            return other[0] * 0.97, other[1]
    return best, number


def _meant(header: str, column: Column) -> float:
    """How surely a header means this to the reader of BOMs: `Herst.-Teilenr.`, `Mfr P/N`."""
    role = _OF_BOMS.get(column.name)
    said = max((one.strength for one in guesses(header) if one.role == role), default=0.0)
    return said if said >= GOOD else 0.0


def _score(plain: str, column: Column) -> tuple[float, int]:
    if column.never and re.search(column.never, plain):
        return 0.0, 1
    number = 1
    if column.several:
        number, rest = rank_of(plain)
        number, plain = (number or 1, rest) if number else (1, plain)
    elif column.repeat > 1 and (match := re.search(r"\b(\d{1,2})\b", plain)):
        number = int(match[1])
        plain = " ".join((plain[: match.start()] + plain[match.end() :]).split())
    if not plain or number < 1 or number > column.most:
        return 0.0, 1
    squeezed, best = plain.replace(" ", ""), 0.0
    for word in (column.label, column.name, *column.words):
        wanted = plain_words(word)
        if squeezed == wanted.replace(" ", ""):
            return 1.0, number
        if not column.whole and f" {wanted} " in f" {plain} ":
            best = max(best, 0.5 + 0.4 * len(wanted) / len(plain))
    return best, number


Slot = tuple[str, int]


def _columns(
    columns: Sequence[Column], sheet: SheetSample, header_row: int, typed: bool
) -> list[MappedColumn]:
    head: Row = next((row for index, row in sheet.sample if index == header_row), [])
    body = [row for index, row in sheet.sample if index > header_row]
    width = max([len(head), *(len(row) for row in body[:500])])
    headers = [head[index].strip() if index < len(head) else "" for index in range(width)]
    cells = [samples_of(sheet, index, header_row + 1) for index in range(width)]
    quantities = _quantities(columns, headers, cells)
    offers = _offers(columns, headers, cells, quantities)
    named = {name for readings in offers for name, _ in readings}
    lone = {column.name for column in columns if column.beside and column.beside not in named}
    scores = [
        {slot: score for slot, (score, _) in readings.items() if slot[0] not in lone}
        for readings in offers
    ]
    room = {(column.name, 1): width for column in columns if column.named}
    found = []
    for index, choice in enumerate(assign(scores, room)):
        if choice.slot is None:
            rivals = tuple((*slot, score) for slot, score in scores[index].items())
            found.append(MappedColumn(index, headers[index], rivals=rivals))
            continue
        (role, number), why = choice.slot, offers[index][choice.slot][1]
        at = quantities[index].quantity if index in quantities and number > 0 else 0
        column = next(one for one in columns if one.name == role)
        found.append(
            MappedColumn(
                index, headers[index], role, number, "", round(choice.score, 2), why,
                at=at if column.at else 0,
            )
        )  # fmt: skip
    return found


def _quantities(
    columns: Sequence[Column], headers: Sequence[str], cells: Sequence[Sequence[str]]
) -> dict[int, breaks.At]:
    """Columns whose header gives the quantity of their price, numbered by it."""
    price = next((column for column in columns if column.at), None)
    if price is None:
        return {}
    quantity = next(column for column in columns if column.name == price.at)
    scores = [header_score(header, quantity) for header in headers]
    numbered = [number for score, number in scores if score == 1.0]
    headed = {}
    for index, header in enumerate(headers):
        at = breaks.at_quantity(header)
        if at is None or not cells[index] or _fit(price, cells[index][:200]) < _GOOD_FIT:
            continue
        if at.rest == "" or _score(at.rest, price)[0] >= _POOR_FIT:
            headed[index] = header
    return breaks.of_prices(headed, numbered)


def _offers(
    columns: Sequence[Column], headers: Sequence[str], cells: Sequence[Sequence[str]],
    quantities: Mapping[int, breaks.At],
) -> list[dict[Slot, tuple[float, str]]]:  # fmt: skip
    """The readings of each column: how likely, and what speaks for it."""
    order_of = sorted(quantities, key=lambda index: quantities[index].quantity)
    found: list[dict[Slot, tuple[float, str]]] = []
    number_column = next((column for column in columns if column.name == "mpn"), None)
    numbered = number_column is None or any(
        header_score(header, number_column)[0] == 1 for header in headers
    )
    for index, header in enumerate(headers):
        readings: dict[Slot, tuple[float, str]] = {}
        for order, column in enumerate(columns):
            score, number = header_score(header, column)
            if column.at and index in quantities:
                score, number = 0.98, order_of.index(index) + 1
            fit = _fit(column, cells[index][:200], header) if score and cells[index] else 1.0
            if not score or fit < _POOR_FIT or number > column.most:
                continue
            why = "header" if score == 1 else f"“{header}” names it"
            if fit < _GOOD_FIT:
                why += f", yet only {fit:.0%} of the cells look like it"
            # Columns declared first win a draw.
            readings[column.name, number] = score * (0.5 + 0.5 * fit) - order * 1e-4, why
        found.append(readings if numbered else _numbers_of_makers(cells[index], readings))
    for column in columns:
        if column.several:
            _tell_apart(column, headers, found)
        if type(column.type) in (Choice, Choices):
            _by_cells(column, cells, found)
    return found


def _numbers_of_makers(
    some: Sequence[str], readings: dict[Slot, tuple[float, str]]
) -> dict[Slot, tuple[float, str]]:
    """`Hersteller-TNr` over order codes does not name manufacturers, but their numbers.

    Only where no other header says MPN: names such as `Works 7` look like order codes.
    """
    named = [slot for slot in readings if slot[0] == "manufacturer"]
    if not named or sum(map(looks_like_mpn, some)) < _GOOD_FIT * max(len(some), 1):
        return readings
    kept = {slot: reading for slot, reading in readings.items() if slot not in named}
    kept.setdefault(("mpn", named[0][1]), (_BY_CELLS, "its cells are order codes"))
    return kept


def _by_cells(
    column: Column, cells: Sequence[Sequence[str]], found: list[dict[Slot, tuple[float, str]]]
) -> None:
    """A column all of whose cells are the words of one role, under a header that says no other.

    `Vendor group` over distributor and manufacturer is no company that something belongs to.
    """
    if any((column.name, 1) in readings for readings in found):
        return
    fitting = [
        index
        for index, some in enumerate(cells)
        if all(score < _CLEARLY for score, _ in found[index].values())
        and len(set(some)) > 1
        and min(map(len, some)) >= _LONG
        and column.type.fit(some, "") == 1
    ]
    if len(fitting) == 1:
        score = max([_BY_CELLS, *(one + 0.01 for one, _ in found[fitting[0]].values())])
        found[fitting[0]][column.name, 1] = score, "by its cells"


def _tell_apart(
    column: Column, headers: Sequence[str], found: list[dict[Slot, tuple[float, str]]]
) -> None:
    """Number the columns of a group that equal headers, or a header without number, begin."""
    plain = {
        index: plain_words(header)
        for index, header in enumerate(headers)
        if any(name == column.name and score > _GOOD_FIT for (name, _), (score, _) in
               found[index].items())
    }  # fmt: skip
    numbers = told_apart({index: (one, rank_of(one)[0]) for index, one in plain.items()})
    for index, number in numbers.items():
        found[index] = {
            (name, number if name == column.name else of): reading
            for (name, of), reading in found[index].items()
            if name != column.name or number <= column.most
        }


def _fit(column: Column, some: Sequence[str], header: str = "") -> float:
    """How well cells look like the column; what could be read in two ways does, in one of them."""
    form, unit = column.type.form(some), column.type.unit_of(header, some)
    if column.type.choices_of_unit and unit == "?":
        unit = column.type.choices_of_unit[0][0]
    form = column.type.choices_of_form[0][0] if form == "?" else form
    return column.type.within(unit).fit(some, form)


def _with_forms(kind: Kind, mapping: BulkMapping, examined: Examined) -> list[MappedColumn]:
    """How dates and numbers are written; an unclear column follows the clear ones of its kind."""
    sheet, typed = examined.sheets[mapping.sheet], examined.form is None
    found = {
        one.index: _form(kind, one, samples_of(sheet, one.index, mapping.first_row))
        for one in mapping.used()
    }
    clear: dict[tuple[tuple[str, str], ...], tuple[str, MappedColumn]] = {}
    for one in mapping.used():
        form = found[one.index]
        if form not in ("", "?"):
            clear.setdefault(kind.column(one.role).type.choices_of_form, (form, one))
    if not typed and "?" in found.values():
        clear = _of_unread(mapping, sheet) | clear
    result = []
    for one in mapping.columns:
        form = found.get(one.index, "")
        if form == "?":
            choices = kind.column(one.role).type.choices_of_form
            if choices in clear:
                form, other = clear[choices]
                one = replace(one, why=f"{one.why}; written as in “{other.header}”")
            elif typed and choices and choices[0][0] == ".":
                form = "."  # a spreadsheet's numbers are stored as numbers
        result.append(replace(one, form=form, unit=_unit(kind, one, sheet, mapping.first_row)))
    return result


def _of_unread(
    mapping: BulkMapping, sheet: SheetSample
) -> dict[tuple[tuple[str, str], ...], tuple[str, MappedColumn]]:
    """How columns that are not read write their numbers and days, where all write them so."""
    found = {}
    for kind_of_cell in (Number(24, 8), Date()):
        said: dict[str, MappedColumn] = {}
        for one in mapping.columns:
            some = samples_of(sheet, one.index, mapping.first_row) if one.role == IGNORE else []
            form = kind_of_cell.form(some)
            if form not in ("", "?") and kind_of_cell.fit(some, form) == 1:
                said.setdefault(form, one)
        if len(said) == 1:
            found[kind_of_cell.choices_of_form] = next(iter(said.items()))
    return found


def _unit(kind: Kind, one: MappedColumn, sheet: SheetSample, first_row: int) -> str:
    """As a person said, when their word fits the role; else by header and cells."""
    if one.role == IGNORE:
        return ""
    kind_of_cell = kind.column(one.role).type
    if one.unit in dict(kind_of_cell.choices_of_unit):
        return one.unit
    return kind_of_cell.unit_of(one.header, samples_of(sheet, one.index, first_row))


def _form(kind: Kind, one: MappedColumn, samples: Sequence[str]) -> str:
    """As a person said, when their word fits the role; else by the cells."""
    if one.role == IGNORE:
        return ""
    kind_of_cell = kind.column(one.role).type
    if one.form != "?" and one.form in dict(kind_of_cell.choices_of_form):
        return one.form
    return kind_of_cell.form(samples)
