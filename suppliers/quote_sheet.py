"""The sheet of an RFQ for one supplier: written as XLSX, and read back as a quote.

It holds what is asked and nothing of others. What comes back is opened by the limited process of
``core.tabular`` and checked by the form of a quote, so that both take the same values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.exports import plain
from secondsource.core.formats import day, number
from secondsource.core.tabular import Limits, TabularError, read
from suppliers import services
from suppliers.models import Quote, RfqInvitation, RfqLine
from suppliers.quote_forms import BREAKS, QuotedLineForm, QuoteForm, QuoteHeadForm, quote_form

_MB = 1024 * 1024
LIMITS = Limits(bytes=2 * _MB, unpacked_bytes=20 * _MB, rows=2_000, cells=100_000, seconds=20)
TITLE = "Quote"
#: Rows of the head: name of the field and its label.
_RFQ, _SUPPLIER = "RFQ", "Supplier code"
_LINE, _PART = "Line", "Our part"


def _head() -> Iterator[tuple[str, str]]:
    for name, field in QuoteHeadForm.base_fields.items():
        yield name, str(field.label or name.replace("_", " ").capitalize())


def _columns() -> Iterator[tuple[str, str]]:
    for name, field in QuotedLineForm.base_fields.items():
        yield name, str(field.label or name.replace("_", " ").capitalize())
    for place in range(BREAKS):
        yield f"quantity_{place}", f"From quantity {place + 1}"
        yield f"price_{place}", f"Unit price {place + 1}"


def sheet_of(invitation: RfqInvitation) -> tuple[bytes, str]:
    """The workbook of an invitation, filled in with its last quote, and its file name."""
    form, lines = quote_form(invitation)
    name = f"{invitation.rfq.reference}-{invitation.supplier.code}.xlsx"
    return write_sheet(invitation, lines, form), name


def record_sheet(
    *,
    invitation: RfqInvitation,
    upload: UploadedFile,
    channel: str,
    actor: Actor,
    expected: int | None = None,
) -> Quote:
    """Record what a filled-in sheet quotes. Raises ``ValuesRefused`` by ``/file``."""
    _, lines = quote_form(invitation)
    form = read_sheet(invitation, lines, upload)
    values, quoted = form.values()
    try:
        return services.record_quote(
            invitation=invitation, channel=channel, values=values, lines=quoted, actor=actor,
            expected=expected,
        )  # fmt: skip
    except ValuesRefused as refusal:
        raise place_refusal(form, refusal) from None


def write_sheet(invitation: RfqInvitation, lines: Sequence[RfqLine], form: QuoteForm) -> bytes:
    """The workbook of one supplier, with what ``form`` begins with."""
    rfq = invitation.rfq
    book = Workbook()
    sheet: Any = book.active
    sheet.title = TITLE
    for label, value in (
        (_RFQ, rfq.reference), (_SUPPLIER, invitation.supplier.code), ("Title", rfq.title),
        ("Due", rfq.due), ("For you", rfq.note),
    ):  # fmt: skip
        sheet.append([label, plain(value)])
    for name, label in _head():
        sheet.append([label, _cell(form.head, name)])
    sheet.append([])
    sheet.append([_LINE, _PART, "Description", "Volumes", *(label for _, label in _columns())])
    top = sheet.max_row
    for line, one in zip(lines, form.lines, strict=True):
        volumes = "; ".join(number(volume) for volume in line.volumes)
        asked = [line.position, line.part.ipn, line.part.description, volumes]
        sheet.append([plain(value) for value in asked] + [_cell(one, n) for n, _ in _columns()])
    _dress(sheet, top)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(form: Any, name: str) -> Any:
    value = form.initial.get(name)
    if name == "declined":
        return "yes" if value else ""
    choices = getattr(form.fields[name], "choices", None)
    if choices:
        return str(value or "")
    return plain(value)


def _dress(sheet: Any, top: int) -> None:
    for cell in (*sheet[top], *(row[0] for row in sheet.iter_rows(max_row=top - 1))):
        cell.font = Font(bold=True)
    sheet.freeze_panes = sheet.cell(row=top + 1, column=3)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 16


def read_sheet(
    invitation: RfqInvitation,
    lines: Sequence[RfqLine],
    upload: UploadedFile,
    last: Quote | None = None,
) -> QuoteForm:
    """The quote in a filled-in sheet, as a bound form that is valid.

    Raises ``ValuesRefused`` by ``/file`` with every wrong cell by row and column.
    """
    if (upload.size or 0) > LIMITS.bytes:
        raise _refuse("too_large", "A sheet has at most 2 MB.")
    try:
        book = read(upload.read(), upload.name or "quote.xlsx", LIMITS)
    except TabularError as error:
        raise _refuse(error.code, str(error)) from None
    for sheet in book.sheets:
        top = _top(sheet.rows)
        if top is not None:
            break
    else:
        raise _refuse("no_head", "No sheet has the columns Line and Our part: use our sheet.")
    data, places = _data(invitation, lines, sheet.rows, top)
    form = QuoteForm(invitation, lines, data, last)
    refuse_values(_problems(form, places))
    return form


def place_refusal(form: QuoteForm, refusal: ValuesRefused) -> ValuesRefused:
    """A refusal of the service in the words of a sheet."""
    filled = form.filled
    found = []
    for problem in refusal.problems:
        steps = problem.pointer.strip("/").split("/")
        where = steps[0].replace("_", " ").capitalize()
        if steps[0] == "lines" and len(steps) > 2:
            line = filled[int(steps[1])].line
            where = f"Line {line.position}, {steps[2].replace('_', ' ')}"
        found.append(FieldProblem("/file", problem.code, f"{where}: {problem.detail}"))
    return ValuesRefused(found)


def _refuse(code: str, detail: str) -> ValuesRefused:
    return ValuesRefused.one("/file", code, detail)


def _top(rows: Sequence[Sequence[str]]) -> int | None:
    for index, row in enumerate(rows):
        if [cell.strip() for cell in row[:2]] == [_LINE, _PART]:
            return index
    return None


def _data(
    invitation: RfqInvitation, lines: Sequence[RfqLine], rows: Sequence[Sequence[str]], top: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Form data of the cells, and the cell of each field (``B7``)."""
    labels = {label: name for name, label in _head()}
    said: dict[str, str] = {}
    data: dict[str, str] = {}
    places: dict[str, str] = {}
    for index, row in enumerate(rows[:top], start=1):
        label, value = _text(row, 0), _text(row, 1)
        said[label] = value
        if label in labels:
            key = f"q-{labels[label]}"
            data[key], places[key] = _value(labels[label], value), f"B{index}"
    _check_owner(invitation, said)
    names = {label: name for name, label in _columns()}
    heads = [names.get(cell.strip()) for cell in rows[top]]
    known = {str(line.position): line for line in lines}
    for index, row in enumerate(rows[top + 1 :], start=top + 2):
        line = known.get(_text(row, 0))
        if line is None or _text(row, 1) != line.part.ipn:
            if any(cell.strip() for cell in row):
                raise _refuse("unknown_line", f"Row {index} is not in the RFQ.")
            continue
        for column, name in enumerate(heads):
            if name is not None:
                key = f"l{line.position}-{name}"
                data[key] = _value(name, _text(row, column))
                places[key] = f"{get_column_letter(column + 1)}{index}"
    return data, places


def _text(row: Sequence[str], column: int) -> str:
    text = row[column].strip() if column < len(row) else ""
    return text[1:] if text.startswith("'") else text  # as written by ``exports.safe_text``


def _value(name: str, text: str) -> str:
    """A cell as its form field takes it; a declined line is marked by any word but no."""
    if name == "declined":
        return "" if text.casefold() in ("", "no", "false", "0") else "on"
    if name in ("break_type", "ncnr", "tooling_owner", "esg_kind"):
        return text.casefold()
    if name == "incoterm":
        return text.upper()
    return text


def _check_owner(invitation: RfqInvitation, said: Mapping[str, str]) -> None:
    """Refuse the sheet of another RFQ or supplier."""
    wanted = {_RFQ: invitation.rfq.reference, _SUPPLIER: invitation.supplier.code}
    if any(said.get(label) != value for label, value in wanted.items()):
        detail = (
            f"This is not the sheet of {invitation.supplier.name} for"
            f" {invitation.rfq.reference}, due {day(invitation.rfq.due)}."
        )
        raise _refuse("other_sheet", detail)


def _problems(form: QuoteForm, places: Mapping[str, str]) -> list[FieldProblem]:
    found = []
    for one in (form.head, *form.lines):
        for name, errors in one.errors.items():
            at = places.get(one.add_prefix(name), "")
            label = str(one.fields[name].label or name) if name in one.fields else ""
            found += [
                FieldProblem("/file", "wrong_cell", f"{at} {label}: {error}".strip())
                for error in errors
            ]
    return found
