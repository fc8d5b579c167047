"""OpenDocument sheets (.ods), read as a stream so that repeated cells cannot fill the memory."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from .archive import chunks, defines_entities, open_archive
from .errors import TabularError
from .limits import Limits
from .model import NO_MARKS, Row, Sheet, SizeCount, number_text
from .numbers import decimal, whole
from .ods_layout import MarksReader

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
    if defines_entities(content) or defines_entities(styles):
        raise TabularError("damaged", "The document contains definitions that tables do not need.")
    try:
        return tuple(_sheets(content, limits, _marks_reader(styles, limits) if marks else None))
    except ElementTree.ParseError as error:
        raise TabularError("damaged", "The document is damaged and cannot be read.") from error
    except RecursionError as error:
        raise TabularError("damaged", "The document is nested too deeply to be read.") from error


def _marks_reader(styles: bytes, limits: Limits) -> MarksReader:
    reader = MarksReader(limits)
    if styles:
        reader.see_styles(styles)
    return reader


def _refuse_encrypted(archive: zipfile.ZipFile, limits: Limits) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = b"".join(chunks(archive, "META-INF/manifest.xml", limits))
        if b"encryption-data" in manifest:
            raise TabularError(
                "encrypted", "The file is protected by a password; save it without one."
            )


def _sheets(content: bytes, limits: Limits, marks: MarksReader | None) -> Iterator[Sheet]:
    totals = SizeCount(limits)
    rows = _Rows(totals)
    depth = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                rows = _Rows(totals)
            elif event == "end" and depth == 0:
                found = marks.taken().within(len(rows.kept), limits) if marks else NO_MARKS
                yield Sheet(element.get(f"{_TABLE}name", ""), rows.kept, marks=found)
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row" and depth == 1:
            if marks:
                marks.see_row(rows.reached, element)
            rows.add(_row(element, limits), whole(element, f"{_TABLE}number-rows-repeated"))
            element.clear()
        elif event == "end" and marks:
            marks.see(element)


class _Rows:
    """The rows of a sheet. Empty ones are kept only when a filled one follows.

    Many sheets end with an empty row that is repeated a million times.
    """

    def __init__(self, totals: SizeCount) -> None:
        self.totals, self.kept, self.empty = totals, list[Row](), 0

    @property
    def reached(self) -> int:
        """The index of the next row."""
        return len(self.kept) + self.empty

    def add(self, row: Row, times: int) -> None:
        """Count and add a repeated row. Raises ``TabularError``."""
        if not row:
            self.empty += times
            return
        self.totals.add([], self.empty)
        self.totals.add(row, times)
        self.kept.extend([] for _ in range(self.empty))
        self.kept.extend(list(row) for _ in range(times))
        self.empty = 0


def _row(element: ElementTree.Element, limits: Limits) -> Row:
    row: Row = []
    pending = 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        repeat = whole(cell, f"{_TABLE}number-columns-repeated")
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
        return shown if leading_zero else number_text(decimal(value))
    if date := cell.get(f"{_OFFICE}date-value"):
        return date
    return shown


def _inline(element: ElementTree.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(whole(child, f"{_TEXT}c"), 1_000))
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag != f"{_OFFICE}annotation":
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)
