"""Opening a file: which of the old encodings is right shows in the words over the columns."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from secondsource.core.tabular import Examined, Limits, TabularError, Workbook
from secondsource.core.tabular import examine as examine_tables
from secondsource.core.tabular import read as read_tables

from .header import words
from .vocabulary import PHRASES

#: A worker holds the whole BOM: fewer cells than in a file that passes through row by row.
LIMITS = Limits(rows=200_000, cells=1_000_000, text=20_000_000)

_OLD = ("cp1252", "cp1250", "cp1251", "gb18030", "cp932", "big5", "cp949", "mac_roman")
_CELLS = re.compile(r"[,;\t|\"\r\n^~]+")
_FORMULA = re.compile(r'="([^"]*)"')
_LINES, _HEAD = 200, 100_000
#: What no word of a Western language has: `D³ugoœæ`, `£ódŸ`, `wa¿ny`.
_BROKEN = re.compile(r"[^\W\d_][¹³¿¾][a-zß-ÿ]|[a-zß-ÿ]Ÿ|œ[æcknpwr]")


def read(data: bytes | BinaryIO | Path, filename: str, limits: Limits = LIMITS) -> Workbook:
    """`tabular.read`, with the encoding in which most header words are words.

    A few letters beyond ASCII tell Polish from French to no statistics; `Ilość` and `Iloœæ` do.
    """
    workbook = read_tables(data, filename, limits, marks=True)
    if best := _better(data, workbook.encoding):
        workbook = read_tables(data, filename, limits, marks=True, encoding=best)
    _unwrap(workbook)
    return workbook


def examine(
    stream: BinaryIO, filename: str, is_word: Callable[[str], bool] = lambda text: False
) -> Examined:
    """`tabular.examine` with the same encoding; `is_word`: further words over columns."""
    examined = examine_tables(stream, filename)
    if examined.form and (best := _better(stream, examined.form.encoding, is_word)):
        try:
            return examine_tables(stream, filename, encoding=best)
        except TabularError:  # further down stands what that encoding has no letter for
            return examined
    return examined


def _unwrap(workbook: Workbook) -> None:
    """`="0430450200"`, by which programs keep the zero in front, is the text in it."""
    for sheet in workbook.sheets:
        for row in sheet.rows:
            for index, cell in enumerate(row):
                if cell.startswith('="') and (match := _FORMULA.fullmatch(cell)):
                    row[index] = match[1]


def _better(
    data: bytes | BinaryIO | Path,
    found: str | None,
    is_word: Callable[[str], bool] = lambda text: False,
) -> str:
    """The old encoding that reads more words than the one found, or breaks fewer; '' for none."""
    if found is None or found.startswith("utf"):
        return ""
    lines = b"\n".join(_head(data).splitlines()[:_LINES])
    texts = {name: _decoded(lines, name) for name in (found, *_OLD)}
    for rate in (lambda text: _known_words(text, is_word), _unbroken):
        best = max(texts, key=lambda name: rate(texts[name]))
        if rate(texts[best]) > rate(texts[found]):
            return best
    return ""


def _head(data: bytes | BinaryIO | Path) -> bytes:
    if isinstance(data, bytes):
        return data[:_HEAD]
    if isinstance(data, Path):
        with data.open("rb") as stream:
            return stream.read(_HEAD)
    data.seek(0)
    return data.read(_HEAD)


def _decoded(lines: bytes, encoding: str) -> str:
    """The text; of scripts of two bytes without what the end cut through; '' where it is none."""
    try:
        return lines.decode(encoding)
    except UnicodeDecodeError:
        return lines.decode(encoding, "ignore") if encoding in ("gb18030", "cp932") else ""


def _known_words(text: str, is_word: Callable[[str], bool]) -> int:
    """How many cells with letters beyond ASCII are words of a header."""
    cells = {cell.strip() for cell in _CELLS.split(text) if not cell.isascii()}
    return sum(
        " ".join(words(cell)) in PHRASES or is_word(cell) for cell in cells if len(cell) <= 60
    )


def _unbroken(text: str) -> int:
    """The higher, the fewer words have signs in them."""
    return -len(_BROKEN.findall(text)) if text else -_HEAD
