"""Heads of tables of parameters: what their columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .pdf_page import LEVEL, RAISED, Box, PdfPage, Piece

PARAMETER, SYMBOL, CONDITION, UNIT = "parameter", "symbol", "condition", "unit"
MINIMUM, TYPICAL, MAXIMUM, VALUE = "minimum", "typical", "maximum", "value"
#: A column with a head of its own that says nothing of these.
OTHER = "other"
LIMITS = (MINIMUM, TYPICAL, MAXIMUM)
NUMBERS = (*LIMITS, VALUE)

_WORDS = {
    PARAMETER: "parameter parameters characteristic characteristics item items description rating"
    " ratings kenngröße kenngrösse kennwert bezeichnung eigenschaft merkmal benennung",
    SYMBOL: "symbol symbols sym kurzzeichen formelzeichen zeichen",
    CONDITION: "condition conditions note notes comment comments remark remarks bedingung"
    " bedingungen messbedingungen messbedingung prüfbedingungen bemerkung",
    UNIT: "unit units einheit einheiten",
    MINIMUM: "min minimum",
    TYPICAL: "typ typical nom nominal",
    MAXIMUM: "max maximum",
    VALUE: "value values limit limits specification wert werte grenzwert",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_CONDITIONS = re.compile(r"(?:notes? / )?(?:test|operating|measuring) conditions?(?: / notes?)?")
_RAISED = re.compile(f"{RAISED}[^{LEVEL}]*{LEVEL}")


def role_of(text: str) -> str:
    """The role of a column with this head; '' for any other text."""
    plain = " ".join(_RAISED.sub("", text).replace(".", " ").strip(" :,*").casefold().split())
    plain = re.sub(r"\s*/\s*", " / ", plain)
    if _CONDITIONS.fullmatch(plain):
        return CONDITION
    return _ROLES.get(plain, "")


@dataclass
class Head:
    """The named columns of a table from left to right; ``clear`` unless a name stands twice."""

    cells: list[tuple[str, Piece]]
    box: Box
    clear: bool = True

    def of(self, *roles: str) -> list[Piece]:
        """The cells with these roles."""
        return [piece for role, piece in self.cells if role in roles]


def heads(page: PdfPage) -> list[Head]:
    """The heads on a page from the top."""
    named = [(role_of(piece.text), piece) for piece in page.pieces if len(piece.text) < 60]
    named = [(role, piece) for role, piece in named if role]
    taken: set[int] = set()
    found: list[Head] = []
    anchors = [one for one in named if one[0] in NUMBERS]
    anchors.sort(key=lambda one: (one[0] == VALUE, -one[1].box.top))
    for _, anchor in anchors:
        if id(anchor) in taken:
            continue
        row = [one for one in named if id(one[1]) not in taken and _belongs(one, anchor)]
        row = [one for one in row if not _covers_others(one, row)]
        taken |= {id(piece) for _, piece in row}
        found += _split(sorted(row, key=lambda one: one[1].box.left))
    return sorted(found, key=lambda one: -one.box.top)


def _belongs(cell: tuple[str, Piece], anchor: Piece) -> bool:
    """Whether a cell is in the row of the anchor; names may stand half a line higher or lower."""
    role, piece = cell
    if piece.box.beside(anchor.box):
        return True
    far = abs(piece.box.middle - anchor.box.middle)
    return role not in NUMBERS and far < 2.2 * max(anchor.size, piece.size) + anchor.box.height / 4


def _covers_others(cell: tuple[str, Piece], row: list[tuple[str, Piece]]) -> bool:
    """Whether a cell stands above or below another one of the row that is nearer to its numbers."""
    role, piece = cell
    if role in NUMBERS:
        return False
    return any(
        other is not piece
        and min(piece.box.right, other.box.right) > max(piece.box.left, other.box.left)
        for name, other in row
        if name in NUMBERS
    )


def _split(row: list[tuple[str, Piece]]) -> Iterator[Head]:
    """The heads in one row: another table beside the first begins with its own names."""
    part: list[tuple[str, Piece]] = []
    for role, piece in row:
        if role in (PARAMETER, SYMBOL) and any(name in NUMBERS for name, _ in part):
            yield from _head(part)
            part = []
        part.append((role, piece))
    yield from _head(part)


def _head(part: list[tuple[str, Piece]]) -> Iterator[Head]:
    roles = [role for role, _ in part]
    numbers = [role for role in roles if role in NUMBERS]
    enough = (numbers and len(roles) >= 2) or len(numbers) >= 2
    if not enough:
        return
    box = part[0][1].box
    for _, piece in part[1:]:
        box = box.joined(piece.box)
    known = [role for role in roles if role != CONDITION]
    clear = len(known) == len(set(known)) and not (VALUE in roles and len(numbers) > 1)
    yield Head(part, box, clear)
