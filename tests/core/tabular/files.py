"""Files built in memory, good ones and bad ones."""

import io
import struct
import zipfile
from collections.abc import Sequence

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[object]]


def xlsx(sheets: dict[str, Rows]) -> bytes:
    """A workbook; a value that begins with `=` is a formula."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(rows: Rows, name: str = "Sheet1") -> bytes:
    """An OpenDocument sheet; numbers are stored as numbers."""
    document = OpenDocumentSpreadsheet()
    table = Table(name=name)
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=value)
            else:
                cell = TableCell(valuetype="string")
            for text in str(value).split("\n"):
                cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def changed(archive: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A copy of a zip container with a piece of one entry replaced."""
    source = zipfile.ZipFile(io.BytesIO(archive))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == name:
                assert old in content
                content = content.replace(old, new)
            copy.writestr(entry, content)
    return stream.getvalue()


def with_entry(archive: bytes, name: str, content: bytes) -> bytes:
    """A copy of a zip container with one more entry."""
    stream = io.BytesIO(archive)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as copy:
        copy.writestr(name, content)
    return stream.getvalue()


def marked_encrypted(archive: bytes) -> bytes:
    """A zip container whose entries carry the flag of encryption."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = data.find(signature)
        while position >= 0:
            flags = struct.unpack_from("<H", data, position + offset)[0]
            struct.pack_into("<H", data, position + offset, flags | 1)
            position = data.find(signature, position + 4)
    return bytes(data)


def password_protected_xlsx() -> bytes:
    """What Excel writes for a workbook with a password: an OLE file with one encrypted stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    return header + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1024
