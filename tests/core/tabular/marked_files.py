"""Workbooks with strike-outs, hidden rows and columns and merged cells, made on the spot.

All of them say the same: B2 is struck through, of C2 only `R2` is, row 3 and column D are
hidden, A4:A5 is one cell.
"""

import io
import struct

from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TextProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P, Span
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

ROWS = [
    ["a", "b", "c", "d"],
    ["1", "GONE", "R1, R2, R3", "x"],
    ["2", "LM75", "U1", "y"],
    ["3", "LM393", "U2", "z"],
    ["", "LM358", "U3", "z"],
]


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet["B2"].font = Font(strike=True)
    struck = TextBlock(InlineFont(strike=True), "R2, ")
    sheet["C2"] = CellRichText("R1, ", struck, "R3")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.merge_cells("A4:A5")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods() -> bytes:
    document = OpenDocumentSpreadsheet()
    for name, family in (("cell", "table-cell"), ("run", "text")):
        style = Style(name=name, family=family)
        style.addElement(TextProperties(textlinethroughstyle="solid"))
        document.automaticstyles.addElement(style)
    table = Table(name="Sheet")
    table.addElement(TableColumn(numbercolumnsrepeated=3))
    table.addElement(TableColumn(visibility="collapse"))
    for index, row in enumerate(ROWS):
        hidden = {"visibility": "collapse"} if index == 2 else {}
        line = TableRow(**hidden)
        for column, text in enumerate(row):
            line.addElement(_ods_cell(index, column, text))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _ods_cell(row: int, column: int, text: str) -> TableCell:
    if (row, column) == (4, 0):
        return CoveredTableCell()
    attributes = {"stylename": "cell"} if (row, column) == (1, 1) else {}
    if (row, column) == (3, 0):
        attributes["numberrowsspanned"] = 2
    cell = TableCell(**attributes)
    paragraph = P(text="R1, " if (row, column) == (1, 2) else text)
    if (row, column) == (1, 2):
        paragraph.addElement(Span(stylename="run", text="R2, "))
        paragraph.addText("R3")
    cell.addElement(paragraph)
    return cell


def xls() -> bytes:
    """The records that a reader of BIFF8 needs, one after the other, without a container."""
    plain, crossed = _font(0), _font(8)
    styles = [_style(0)] * 15 + [_style(0), _style(5)]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    head += b"".join([plain, plain, plain, plain, crossed, *styles])
    place = len(head) + 4 + 8 + len("Sheet") + 4
    sheet_record = struct.pack("<IBBBB", place, 0, 0, 5, 0) + b"Sheet"
    return head + _record(0x85, sheet_record) + _record(0x0A, b"") + _xls_sheet()


def _xls_sheet() -> bytes:
    parts = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    parts.append(_record(0x7D, struct.pack("<HHHHHH", 3, 3, 2560, 15, 1, 0)))
    for index in range(len(ROWS)):
        flags = 0x20 if index == 2 else 0
        parts.append(_record(0x208, struct.pack("<HHHHHHI", index, 0, 4, 255, 0, 0, flags | 0x100)))
    for index, row in enumerate(ROWS):
        parts += [_xls_cell(index, column, text) for column, text in enumerate(row) if text]
    parts.append(_record(0xE5, struct.pack("<HHHHH", 1, 3, 4, 0, 0)))
    return b"".join(parts) + _record(0x0A, b"")


def _xls_cell(row: int, column: int, text: str) -> bytes:
    style = 16 if (row, column) == (1, 1) else 15
    name = struct.pack("<HB", len(text), 0) + text.encode("latin-1")
    if (row, column) != (1, 2):
        return _record(0x204, struct.pack("<HHH", row, column, style) + name)
    runs = struct.pack("<HHHHH", 2, 4, 5, 8, 0)
    return _record(0xD6, struct.pack("<HHH", row, column, style) + name + runs)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _font(options: int) -> bytes:
    head = struct.pack("<HHHHHBBBB", 200, options, 0x7FFF, 400, 0, 0, 0, 0, 0)
    return _record(0x31, head + struct.pack("<BB", 5, 0) + b"Arial")


def _style(font: int) -> bytes:
    return _record(0xE0, struct.pack("<HHH", font, 0, 0) + bytes(14))
