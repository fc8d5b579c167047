"""Opening a file: which of the old encodings is right shows in the words over the columns."""

import re
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from secondsource.core.tabular import DEFAULT_LIMITS, Limits, Workbook
from secondsource.core.tabular import read as read_tables

from .header import words
from .vocabulary import PHRASES

_OLD = ("cp1252", "cp1250", "cp1251", "gb18030", "cp932", "big5", "cp949", "mac_roman")
_CELLS = re.compile(r"[,;\t|\"\r\n^~]+")
_LINES = 200


def read(data: bytes | BinaryIO | Path, filename: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """`tabular.read`, with the encoding in which most header words are words.

    A few letters beyond ASCII tell Polish from French to no statistics; `Ilość` and `Iloœæ` do.
    """
    content = data if isinstance(data, bytes) else None
    if content is None:
        content = data.read_bytes() if isinstance(data, Path) else data.read(limits.bytes + 1)  # type: ignore[union-attr]
    workbook = read_tables(content, filename, limits, marks=True)
    if workbook.encoding is None or workbook.encoding.startswith("utf"):
        return workbook
    lines = b"\n".join(content.splitlines()[:_LINES])
    known = {name: _known_words(lines, name) for name in (workbook.encoding, *_OLD)}
    best = max(known, key=lambda name: known[name])
    if known[best] == known[workbook.encoding]:
        return workbook
    text = content.decode(best, "replace")
    return replace(read_tables(text.encode(), filename, limits), encoding=best)


def _known_words(lines: bytes, encoding: str) -> int:
    """How many cells with letters beyond ASCII are words of a header."""
    try:
        text = lines.decode(encoding)
    except UnicodeDecodeError:
        text = lines.decode(encoding, "ignore") if encoding in ("gb18030", "cp932") else ""
    cells = {cell.strip() for cell in _CELLS.split(text) if not cell.isascii()}
    return sum(" ".join(words(cell)) in PHRASES for cell in cells if len(cell) <= 60)
