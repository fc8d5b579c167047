"""Notes below a table that a mark in its rows points to: `(1) not assembled in version B`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secondsource.core.tabular import Sheet

from .characters import one_line, row_text
from .fitted import is_open, says_not_fitted
from .mapping import Table

_SIGN = (
    r"(?:[(\[](?P<{0}a>\d{{1,2}}|[a-z])[)\]]|(?P<{0}b>\d{{1,2}}|[a-z])\)|(?P<{0}c>[*†‡]{{1,3}})\)?"
)
_SIGN += r"|(?:see\s+)?note\s*(?P<{0}d>\d{{1,2}}))"
_NOTE = re.compile(_SIGN.format("n") + r"[\s:.|=-]+(?P<text>.*[^\W\d_].*)", re.IGNORECASE)
_MARKED = re.compile(r"(?:^|.*?[\s\w])" + _SIGN.format("m"), re.IGNORECASE)
_FILLED = 2


def footnotes(sheet: Sheet, table: Table) -> Iterator[tuple[int, str]]:
    """(row from 1, note) for each row with the mark of a note that may be about fitting."""
    notes: dict[str, str] = {}
    for row in sheet.rows:
        filled = [cell for cell in row if cell and not cell.isspace()]
        if not 0 < len(filled) <= _FILLED:
            continue
        text = one_line(row_text(filled))
        match = _NOTE.fullmatch(text)
        if match and (says_not_fitted(text) or is_open(match["text"])):
            notes.setdefault(_sign(match), text)
    if not notes:
        return
    for index in range(table.first_row, min(table.end_row, len(sheet.rows))):
        cells = [one_line(cell) for cell in sheet.rows[index] if cell]
        if len(cells) <= _FILLED:
            continue
        marks = [_sign(match) for cell in cells if (match := _MARKED.fullmatch(cell))]
        yield from ((index + 1, notes[mark]) for mark in dict.fromkeys(marks) if mark in notes)


def _sign(match: re.Match[str]) -> str:
    return next(
        text.casefold() for name, text in match.groupdict().items() if name != "text" and text
    )
