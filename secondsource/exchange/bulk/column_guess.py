"""Guessing what the columns of a bulk file hold: by their headers, then by their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from secondsource.core.tabular import Examined, Row, SheetSample, TabularError
from secondsource.exchange.bulk.cells import is_blank
from secondsource.exchange.bulk.kind import Column, Kind
from secondsource.exchange.bulk.mapping import IGNORE, BulkMapping, MappedColumn

#: A header stands within the first rows; samples beyond these tell nothing new.
_HEADER_WITHIN, _SAMPLES = 30, 2_000
_GOOD_FIT, _POOR_FIT = 0.6, 0.3


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
            score = sum(max(map(_header_score_of(cell), columns), default=0) for cell in row)
            score = score * (0.5 if sheet.hidden else 1.0)
            if score > best + 0.01:
                best, place = score, (position, index)
    if place is None and first is None:
        raise TabularError("no_table", "No row of the file is filled.")
    return place or first or (0, 0)


def _header_score_of(cell: str):  # type: ignore[no-untyped-def]
    plain = plain_words(cell)
    return lambda column: header_score(plain, column)[0]


def plain_words(text: str) -> str:
    """A header in lower-case letters and digits, accents and signs gone, one blank between."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    bare = "".join(one for one in folded if not unicodedata.combining(one)).lower()
    spaced = re.sub(r"(?<=[a-z])(?=\d)", " ", bare.replace("#", " no ").replace("№", " no "))
    return " ".join(re.sub(r"[^\w]+|_+", " ", spaced).split())


def header_score(plain: str, column: Column) -> tuple[float, int]:
    """How well a header names a column (1 exactly, less when among other words), its number."""
    number = 1
    if column.repeat > 1 and (match := re.search(r"\b(\d{1,2})\b", plain)):
        number = int(match[1])
        plain = " ".join((plain[: match.start()] + plain[match.end() :]).split())
    if not plain or number < 1 or number > column.repeat:
        return 0.0, 1
    squeezed, best = plain.replace(" ", ""), 0.0
    for word in (column.label, column.name, *column.words):
        wanted = plain_words(word)
        if squeezed == wanted.replace(" ", ""):
            return 1.0, number
        if f" {wanted} " in f" {plain} ":
            best = max(best, 0.5 + 0.4 * len(wanted) / len(plain))
    return best, number


def _columns(
    columns: Sequence[Column], sheet: SheetSample, header_row: int, typed: bool
) -> list[MappedColumn]:
    head: Row = next((row for index, row in sheet.sample if index == header_row), [])
    body = [row for index, row in sheet.sample if index > header_row]
    width = max([len(head), *(len(row) for row in body[:500])])
    headers = [head[index].strip() if index < len(head) else "" for index in range(width)]
    cells = [samples_of(sheet, index, header_row + 1) for index in range(width)]
    offers = sorted(_offers(columns, headers, cells), key=lambda one: -one[0])
    named = {column.name for _, _, column, _, _ in offers}
    offers = [one for one in offers if not one[2].beside or one[2].beside in named]
    taken: dict[int, MappedColumn] = {}
    given: set[tuple[str, int]] = set()
    for score, index, column, number, why in offers:
        if index in taken or ((column.name, number) in given and not column.named):
            continue
        taken[index] = MappedColumn(
            index, headers[index], column.name, number, "", round(score, 2), why
        )
        given.add((column.name, number))
    return [taken.get(index, MappedColumn(index, headers[index])) for index in range(width)]


def _offers(columns: Sequence[Column], headers: Sequence[str], cells: Sequence[Sequence[str]]):  # type: ignore[no-untyped-def]
    for index, header in enumerate(headers):
        plain = plain_words(header)
        for order, column in enumerate(columns):
            score, number = header_score(plain, column)
            if score == 0:
                continue
            fit = 1.0
            if cells[index]:
                fit = _fit(column, cells[index][:200])
            if fit < _POOR_FIT:
                continue
            why = "header" if score == 1 else f"“{header}” names it"
            if fit < _GOOD_FIT:
                why += f", yet only {fit:.0%} of the cells look like it"
            # Columns declared first win a draw.
            yield score * (0.5 + 0.5 * fit) - order * 1e-4, index, column, number, why


def _fit(column: Column, some: Sequence[str]) -> float:
    """How well cells look like the column; what could be read in two ways does, in one of them."""
    form = column.type.form(some)
    return column.type.fit(some, column.type.choices_of_form[0][0] if form == "?" else form)


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
        result.append(replace(one, form=form))
    return result


def _form(kind: Kind, one: MappedColumn, samples: Sequence[str]) -> str:
    """As a person said, when their word fits the role; else by the cells."""
    if one.role == IGNORE:
        return ""
    kind_of_cell = kind.column(one.role).type
    if one.form != "?" and one.form in dict(kind_of_cell.choices_of_form):
        return one.form
    return kind_of_cell.form(samples)
