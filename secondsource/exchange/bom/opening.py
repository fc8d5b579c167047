"""Opening a file: which of the old encodings is right shows in the words over the columns."""

import re
from pathlib import Path
from typing import BinaryIO

from secondsource.core.tabular import Limits, Workbook
from secondsource.core.tabular import read as read_tables

from .header import words
from .vocabulary import PHRASES

#: A worker holds the whole BOM: fewer cells than in a file that passes through row by row.
LIMITS = Limits(rows=200_000, cells=1_000_000, text=20_000_000)

_OLD = ("cp1252", "cp1250", "cp1251", "gb18030", "cp932", "big5", "cp949", "mac_roman")
_CELLS = re.compile(r"[,;\t|\"\r\n^~]+")
_FORMULA = re.compile(r'="([^"]*)"')
_LINES, _HEAD = 200, 100_000


def read(data: bytes | BinaryIO | Path, filename: str, limits: Limits = LIMITS) -> Workbook:
    """`tabular.read`, with the encoding in which most header words are words.

    A few letters beyond ASCII tell Polish from French to no statistics; `Ilość` and `Iloœæ` do.
    """
    workbook = _opened(data, filename, limits)
    _unwrap(workbook)
    return workbook


def _unwrap(workbook: Workbook) -> None:
    """`="0430450200"`, by which programs keep the zero in front, is the text in it."""
    for sheet in workbook.sheets:
        for row in sheet.rows:
            for index, cell in enumerate(row):
                if cell.startswith('="') and (match := _FORMULA.fullmatch(cell)):
                    row[index] = match[1]


def _opened(data: bytes | BinaryIO | Path, filename: str, limits: Limits) -> Workbook:
    workbook = read_tables(data, filename, limits, marks=True)
    if workbook.encoding is None or workbook.encoding.startswith("utf"):
        return workbook
    lines = b"\n".join(_head(data).splitlines()[:_LINES])
    known = {name: _known_words(lines, name) for name in (workbook.encoding, *_OLD)}
    best = max(known, key=lambda name: known[name])
    if known[best] == known[workbook.encoding]:
        return workbook
    return read_tables(data, filename, limits, encoding=best)


def _head(data: bytes | BinaryIO | Path) -> bytes:
    if isinstance(data, bytes):
        return data[:_HEAD]
    if isinstance(data, Path):
        with data.open("rb") as stream:
            return stream.read(_HEAD)
    data.seek(0)
    return data.read(_HEAD)


def _known_words(lines: bytes, encoding: str) -> int:
    """How many cells with letters beyond ASCII are words of a header."""
    try:
        text = lines.decode(encoding)
    except UnicodeDecodeError:
        text = lines.decode(encoding, "ignore") if encoding in ("gb18030", "cp932") else ""
    cells = {cell.strip() for cell in _CELLS.split(text) if not cell.isascii()}
    return sum(" ".join(words(cell)) in PHRASES for cell in cells if len(cell) <= 60)
