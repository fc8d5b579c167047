"""A list's columns as CSV or XLSX. No cell of a file is ever a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from secondsource.core import clock
from secondsource.core.tables import Column

#: Signs that begin a formula; some programs read the full-width ones as plain ones.
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: Separators of some programs: a line break, a tab, or ``;`` in many locales.
_BREAKS = ("\t", "\r", "\n")
_AFTER_BREAK = re.compile(f"([;\t\r\n]\\s*)([{re.escape(''.join(_STARTS))}])")
_SPLITS = re.compile(r'[",;\t\r\n]')
_SPILL_BYTES = 5 * 1024 * 1024
MAX_XLSX_ROWS = 100_000
#: Exports of more rows are written by a job.
LARGE_ROWS = 20_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TooManyRows(ValueError):
    """More rows than a workbook of this kind may hold."""


def safe_text(text: str) -> str:
    """Text that is not a formula in spreadsheet programs, by a leading apostrophe.

    Control characters, which workbooks do not support, are left out.
    """
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if text.lstrip().startswith(_STARTS) or text.startswith(_BREAKS):
        text = f"'{text}"
    return _AFTER_BREAK.sub(r"\1'\2", text)


def plain(value: Any) -> Any:
    """A value for a file: numbers, ISO dates, text; an empty cell if missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else safe_text(str(value))


def exported(columns: Iterable[Column]) -> list[Column]:
    """The columns of files."""
    return [column for column in columns if column.export is not False]


def lines(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The head, then one list of plain values a row."""
    yield [safe_text(column.label) for column in columns]
    for row in rows:
        yield [plain(column.exported(row)) for column in columns]


def file_name(stem: str, extension: str) -> str:
    """``parts-2026-08-18.csv``."""
    return f"{stem}-{clock.business_day().isoformat()}.{extension}"


def csv_line(cells: Iterable[Any]) -> str:
    """A line of a CSV file; a cell that any locale's separator would split is quoted."""
    return ",".join(map(_quoted, map(_written, cells))) + "\r\n"


def _written(cell: Any) -> str:
    """A cell as text; a decimal without an exponent, ``0E-10`` is ``0.0000000000``."""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if _SPLITS.search(text) else text


def _csv_chunks(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    """UTF-8 with byte order mark: spreadsheet programs need it."""
    yield "\ufeff"
    yield from map(csv_line, lines(rows, columns))


def write_csv(file: IO[bytes], rows: Iterable[Any], columns: Sequence[Column], stem: str) -> int:
    """Write the rows as CSV. Returns their number."""
    written = 0
    for chunk in _csv_chunks(rows, columns):
        file.write(chunk.encode())
        written += 1
    file.seek(0)
    return written - 2  # the byte order mark and the head


def write_xlsx(
    file: IO[bytes], rows: Iterable[Any], columns: Sequence[Column], stem: str,
    limit: int = MAX_XLSX_ROWS,
) -> int:  # fmt: skip
    """Write a workbook with one sheet, row by row.

    Returns the number of rows. Raises ``TooManyRows``.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(stem[:31])
    sheet.freeze_panes = "A2"
    for index, line in enumerate(lines(rows, columns)):
        if index > limit:
            sheet.close()
            raise TooManyRows(f"A workbook holds at most {limit:,} rows. Use CSV.")
        sheet.append(line)
    book.save(file)
    file.seek(0)
    return index


def as_csv(rows: Iterable[Any], columns: Sequence[Column], stem: str) -> HttpResponseBase:
    """CSV, streamed."""
    response = StreamingHttpResponse(_csv_chunks(rows, columns), content_type=TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="{file_name(stem, "csv")}"'
    return response


def as_xlsx(
    rows: Iterable[Any], columns: Sequence[Column], stem: str, limit: int = MAX_XLSX_ROWS
) -> HttpResponseBase:
    """A workbook. Raises ``TooManyRows``."""
    file = SpooledTemporaryFile(max_size=_SPILL_BYTES)  # noqa: SIM115 (the response closes it)
    write_xlsx(file, rows, columns, stem, limit)
    return FileResponse(
        file, as_attachment=True, filename=file_name(stem, "xlsx"), content_type=TYPES["xlsx"]
    )


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
