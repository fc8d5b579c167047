"""Excel files. Cached values are read, formulas are never evaluated."""

import io
import struct
from collections.abc import Iterator

import python_calamine
import xlrd
import xlrd.compdoc

from .archive import open_archive
from .errors import TabularError
from .limits import Limits
from .model import NO_MARKS, Marks, Row, Sheet, SizeCount, cell_text, number_text, trimmed
from .xlsx_layout import marks_by_sheet

# Exceptions that xlrd raises for damaged files, besides its own.
_DAMAGED = (
    xlrd.compdoc.CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,
)


def read_xlsx(data: bytes, limits: Limits, *, marks: bool = False) -> tuple[Sheet, ...]:
    """Sheets of an .xlsx or .xlsm file."""
    with open_archive(data, limits) as archive:
        marked = marks_by_sheet(archive, limits) if marks else {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(_xlsx_sheets(book, marked, limits))
    except python_calamine.CalamineError as error:
        raise TabularError("damaged", "The workbook is damaged and cannot be read.") from error


def _xlsx_sheets(
    book: python_calamine.CalamineWorkbook, marked: dict[str, Marks], limits: Limits
) -> Iterator[Sheet]:
    totals = SizeCount(limits)
    for meta in book.sheets_metadata:
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            _refuse_far_cells(sheet, limits)
            rows = trimmed(_calamine_rows(sheet), totals)
            marks = marked.get(meta.name, NO_MARKS).within(len(rows), limits)
            marks.show(rows)
            yield Sheet(
                name=meta.name,
                rows=rows,
                hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
                marks=marks,
            )


def _refuse_far_cells(sheet: python_calamine.CalamineSheet, limits: Limits) -> None:
    """Refuse sheets with cells far away, because the reader loads the whole rectangle."""
    deepest, widest = sheet.end or (0, 0)
    if widest >= limits.columns:
        raise TabularError(
            "too_many_columns",
            f"The table has {widest + 1:,} columns; at most {limits.columns:,} can be read.",
        )
    if (deepest + 1) * (widest + 1) > 4 * limits.cells:
        raise TabularError(
            "too_many_cells",
            f"The sheet reaches to row {deepest + 1:,}, column {widest + 1:,}: too large to read.",
        )


def _calamine_rows(sheet: python_calamine.CalamineSheet) -> Iterator[Row]:
    """All rows, with the empty columns at the left that calamine leaves out."""
    beside = sheet.start[1] if sheet.start else 0
    for row in sheet.iter_rows():
        cells = [value if value.__class__ is str else cell_text(value) for value in row]
        yield [""] * beside + cells if beside else cells


def read_xls(data: bytes, limits: Limits, *, marks: bool = False) -> tuple[Sheet, ...]:
    """Sheets of an old binary .xls file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise TabularError("encrypted", "The file is protected by a password; save it without one.")
    try:
        return tuple(_xls_sheets(data, limits, marks=marks))
    except TabularError:
        raise
    except xlrd.XLRDError as error:
        protected = "encrypt" in str(error).lower() or "password" in str(error).lower()
        if protected:
            raise TabularError(
                "encrypted", "The file is protected by a password; save it without one."
            ) from error
        raise TabularError("damaged", "The workbook is damaged and cannot be read.") from error
    except _DAMAGED as error:
        raise TabularError("damaged", "The workbook is damaged and cannot be read.") from error


def _xls_sheets(data: bytes, limits: Limits, *, marks: bool) -> Iterator[Sheet]:
    book = _xls_book(data, marks=marks)
    totals = SizeCount(limits)
    for sheet in book.sheets():
        rows = trimmed(_xls_rows(sheet, book.datemode), totals)
        found = _xls_marks(book, sheet) if book.formatting_info else NO_MARKS
        yield Sheet(sheet.name, rows, sheet.visibility != 0, found.within(len(rows), limits))


def _xls_book(data: bytes, *, marks: bool) -> "xlrd.book.Book":
    """The workbook, with formats if xlrd can read them."""
    for formats in (True, False) if marks else (False,):
        try:
            return xlrd.open_workbook(
                file_contents=data, ragged_rows=True, formatting_info=formats, logfile=_Silence()
            )
        except (xlrd.XLRDError, *_DAMAGED):
            if not formats:
                raise
    raise AssertionError


def _xls_marks(book: "xlrd.book.Book", sheet: "xlrd.sheet.Sheet") -> Marks:
    fonts = {number for number, font in enumerate(book.font_list) if font.struck_out}
    styles = {number for number, style in enumerate(book.xf_list) if style.font_index in fonts}
    struck: dict[tuple[int, int], str] = {}
    for row in range(sheet.nrows) if fonts else ():
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            if cell.xf_index in styles:
                struck[row, column] = ""
            elif (left := _left_of(sheet, row, column, fonts)) is not None:
                struck[row, column] = left
    return Marks(
        struck,
        frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
        frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        tuple(
            (top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
        ),
    )


def _left_of(sheet: "xlrd.sheet.Sheet", row: int, column: int, fonts: set[int]) -> str | None:
    """The text of a cell without struck parts; None if nothing is struck.

    The runs are (first character, font); before the first one the cell's own font applies.
    """
    runs = sheet.rich_text_runlist_map.get((row, column), [])
    if not any(font in fonts for _, font in runs):
        return None
    text = str(sheet.cell_value(row, column))
    ends = [start for start, _ in runs[1:]] + [len(text)]
    pieces = [
        text[start:end] for (start, font), end in zip(runs, ends, strict=True) if font not in fonts
    ]
    return text[: runs[0][0]] + "".join(pieces)


def _xls_rows(sheet: "xlrd.sheet.Sheet", datemode: int) -> Iterator[Row]:
    for index in range(sheet.nrows):
        yield [_xls_text(cell, datemode) for cell in sheet.row(index)]


def _xls_text(cell: "xlrd.sheet.Cell", datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return cell_text(xlrd.xldate_as_datetime(cell.value, datemode))
        except (xlrd.xldate.XLDateError, OverflowError):
            return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


class _Silence:
    """Discards the log of xlrd."""

    def write(self, text: str) -> int:
        return len(text)
