"""Excel files. Cached values are read, formulas are never evaluated."""

import io
import struct

import python_calamine
import xlrd
import xlrd.compdoc

from .archive import check_sheet_extent, open_archive
from .errors import TabularError
from .limits import Limits
from .model import Sheet, cell_text, number_text, trimmed

# What xlrd raises, besides its own error, when the bytes of a file contradict each other.
_DAMAGED = (
    xlrd.compdoc.CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OverflowError,
    TypeError,
    ValueError,
)


def read_xlsx(data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Sheets of an .xlsx or .xlsm file."""
    with open_archive(data, limits) as archive:
        check_sheet_extent(archive, limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(
            Sheet(
                name=meta.name,
                rows=trimmed(_calamine_rows(book.get_sheet_by_name(meta.name)), limits),
                hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        )
    except python_calamine.CalamineError as error:
        raise TabularError("damaged", "The workbook is damaged and cannot be read.") from error


def _calamine_rows(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    return [
        [value if value.__class__ is str else cell_text(value) for value in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]


def read_xls(data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Sheets of an old binary .xls file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise TabularError("encrypted", "The file is protected by a password; save it without one.")
    try:
        return _xls_sheets(data, limits)
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


def _xls_sheets(data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    book = xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=_Silence())
    return tuple(
        Sheet(
            name=sheet.name,
            rows=trimmed(_xls_rows(sheet, book.datemode), limits),
            hidden=sheet.visibility != 0,
        )
        for sheet in book.sheets()
    )


def _xls_rows(sheet: "xlrd.sheet.Sheet", datemode: int) -> list[list[str]]:
    return [
        [_xls_text(cell, datemode) for cell in sheet.row(index)] for index in range(sheet.nrows)
    ]


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
    """xlrd writes remarks about odd files to its log; nobody reads them here."""

    def write(self, text: str) -> int:
        return len(text)
