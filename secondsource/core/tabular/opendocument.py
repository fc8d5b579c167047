"""OpenDocument sheets (.ods), read as a stream so that repeated cells cannot fill the memory."""

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

from .archive import chunks, open_archive
from .errors import TabularError
from .limits import Limits
from .model import Row, Sheet, number_text, trimmed
from .ods_marks import MarksReader

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def read_ods(data: bytes, limits: Limits, *, marks: bool = False) -> tuple[Sheet, ...]:
    """Sheets of an .ods file, with the values stored beside the formulas."""
    with open_archive(data, limits) as archive:
        _refuse_encrypted(archive, limits)
        content = b"".join(chunks(archive, "content.xml", limits))
        styles = b""
        if marks and "styles.xml" in archive.namelist():
            styles = b"".join(chunks(archive, "styles.xml", limits))
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:4096]:
        raise TabularError("damaged", "The document holds definitions that a table never needs.")
    try:
        return tuple(_sheets(content, limits, _marks_reader(styles, limits) if marks else None))
    except ElementTree.ParseError as error:
        raise TabularError("damaged", "The document is damaged and cannot be read.") from error


def _marks_reader(styles: bytes, limits: Limits) -> MarksReader:
    reader = MarksReader(limits)
    if styles and b"<!DOCTYPE" not in styles[:4096]:
        reader.see_styles(styles)
    return reader


def _refuse_encrypted(archive: zipfile.ZipFile, limits: Limits) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = b"".join(chunks(archive, "META-INF/manifest.xml", limits))
        if b"encryption-data" in manifest:
            raise TabularError(
                "encrypted", "The file is protected by a password; save it without one."
            )


def _sheets(content: bytes, limits: Limits, marks: MarksReader | None) -> list[Sheet]:
    sheets: list[Sheet] = []
    rows: list[Row] = []
    depth = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                rows = []
            elif event == "end" and depth == 0:
                sheet = Sheet(element.get(f"{_TABLE}name", ""), trimmed(rows, limits))
                sheets.append(replace(sheet, marks=marks.taken()) if marks else sheet)
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row" and depth == 1:
            if marks:
                marks.see_row(len(rows), element)
            _append_row(rows, element, limits)
            element.clear()
        elif event == "end" and marks:
            marks.see(element)
    return sheets


def _append_row(rows: list[Row], element: ElementTree.Element, limits: Limits) -> None:
    row = _row(element, limits)
    repeat = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
    if row and repeat * len(row) > limits.cells:
        raise TabularError("too_many_cells", "A row is repeated too often to be read.")
    # Empty rows are repeated a million times at the end of many sheets: they are only counted.
    rows.extend(list(row) for _ in range(repeat if row else min(repeat, 10_000)))


def _row(element: ElementTree.Element, limits: Limits) -> Row:
    row: Row = []
    pending = 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        repeat = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        text = "" if cell.tag == _CELLS[1] else _cell_text(cell)
        if not text:
            pending += repeat
            continue
        if len(row) + pending + repeat > limits.columns:
            raise TabularError(
                "too_many_columns",
                f"The table has more than {limits.columns:,} columns.",
            )
        row.extend([""] * pending + [text] * repeat)
        pending = 0
    return row


def _cell_text(cell: ElementTree.Element) -> str:
    shown = "\n".join(
        _inline(part) for part in cell if part.tag in (f"{_TEXT}p", f"{_TEXT}h")
    ).strip()
    if cell.get(f"{_OFFICE}value-type") == "float" and (value := cell.get(f"{_OFFICE}value")):
        leading_zero = shown.isdigit() and shown.startswith("0")
        return shown if leading_zero else number_text(float(value))
    if date := cell.get(f"{_OFFICE}date-value"):
        return date
    return shown


def _inline(element: ElementTree.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 1_000))
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag != f"{_OFFICE}annotation":
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)
