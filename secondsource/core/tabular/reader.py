"""Reading of files as tables, by their content and never by their name."""

from typing import BinaryIO

from .archive import open_archive
from .delimited import read_delimited
from .errors import TabularError
from .limits import Limits
from .model import Workbook
from .opendocument import read_ods
from .spreadsheets import read_xls, read_xlsx

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RAW_BIFF = (b"\x09\x08\x10\0", b"\x09\x08\x08\0", b"\x09\x04\x06\0", b"\x09\x02\x06\0")


def read(
    stream: BinaryIO, filename: str, limits: Limits, *, marks: bool = False, encoding: str = ""
) -> Workbook:
    """Sheets of text cells of a CSV, TSV, TXT, XLS, XLSX, XLSM or ODS file.

    `marks`: read struck, hidden and merged cells too. `encoding` of a text file, if known. Raises
    `TabularError`.
    """
    content = stream.read(limits.bytes + 1)
    if len(content) > limits.bytes:
        raise too_large(limits)
    if not content.strip(b"\0 \r\n\t"):
        raise TabularError("empty", "The file is empty.")
    kind = recognise(content)
    if kind == "zip":
        return _from_archive(content, filename, limits, marks=marks)
    if kind == "xls":
        return _checked(Workbook(filename, "xls", read_xls(content, limits, marks=marks)))
    sheets, encoding, delimiter = read_delimited(content, limits, encoding)
    return _checked(Workbook(filename, "csv", sheets, encoding, delimiter))


def too_large(limits: Limits) -> TabularError:
    """The refusal of a file above the limit."""
    return TabularError("too_large", f"The file is larger than {limits.bytes // (1024 * 1024)} MB.")


def recognise(content: bytes) -> str:
    """The container by the first bytes: `zip`, `xls` or `text`."""
    if content.startswith(_PICTURES) and not _is_text(content):
        raise TabularError("picture", "The file is a picture, whatever its name says.")
    if content.startswith(b"%PDF"):
        raise TabularError("unsupported", "The file is a PDF; save the table as CSV or XLSX.")
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(_OLE) or content.startswith(_RAW_BIFF):
        return "xls"
    return "text"


def is_spreadsheet(head: bytes) -> bool:
    """Whether a file that begins so is an archive or an old workbook, not text."""
    return head.startswith((b"PK\x03\x04", _OLE, *_RAW_BIFF))


def _is_text(content: bytes) -> bool:
    """Whether bytes that begin like a picture (BM, RIFF) are text, without control bytes."""
    return not any(byte < 9 for byte in content[:512])


def _from_archive(content: bytes, filename: str, limits: Limits, *, marks: bool) -> Workbook:
    with open_archive(content, limits) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return _checked(Workbook(filename, "xlsx", read_xlsx(content, limits, marks=marks)))
    if "content.xml" in names:
        return _checked(Workbook(filename, "ods", read_ods(content, limits, marks=marks)))
    if "xl/workbook.bin" in names:
        raise TabularError("unsupported", "Binary workbooks (XLSB) are not read; save as XLSX.")
    raise TabularError(
        "unsupported", "The file is an archive, but not a spreadsheet; upload the table itself."
    )


def _checked(workbook: Workbook) -> Workbook:
    if not any(sheet.rows for sheet in workbook.sheets):
        raise TabularError("empty", "The file holds no cells.")
    return workbook
