"""Text and rules of a PDF page by place, as pdfium finds them.

A place is in points from the lower left of the page as it is shown. ``RAISED`` and ``LEVEL`` stand
around superscripts.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi
from typing import Any, NamedTuple

from .errors import TabularError

RAISED, LEVEL = "\ue000", "\ue001"
#: More of either on a page is no text that people read.
_MOST_GLYPHS, _MOST_PATHS, _MOST_SEGMENTS = 30_000, 30_000, 4_000
_STRAIGHT, _TOUCHES = 1.5, 1.5


class Box(NamedTuple):
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def joined(self, other: Box) -> Box:
        """The smallest rectangle around both."""
        return Box(
            min(self.left, other.left), min(self.bottom, other.bottom),
            max(self.right, other.right), max(self.top, other.top),
        )  # fmt: skip

    def beside(self, other: Box) -> bool:
        """Whether both are on one line: they share half of the lower one's height."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared >= 0.5 * min(self.height, other.height)


@dataclass
class Piece:
    """Text that was set in one go; ``turned`` text runs up or down the page."""

    text: str
    box: Box
    base: float
    size: float
    turned: bool = False


class Rule(NamedTuple):
    """A line of the page or an edge of a filled area: ``at`` is its height, or its place across."""

    start: float
    end: float
    at: float

    def covers(self, start: float, end: float) -> bool:
        """Whether it runs along all of this."""
        return self.start <= start + _TOUCHES and self.end >= end - _TOUCHES


@dataclass
class PdfPage:
    """Pieces of text in the order of the file, and rules: across from the top, upright ones."""

    number: int
    pieces: list[Piece]
    across: list[Rule]
    upright: list[Rule]


class _Glyph(NamedTuple):
    text: str
    box: Box
    base: float
    size: float
    turn: int
    foot: float


def pages(content: bytes, most: int) -> Iterator[PdfPage]:
    """The first ``most`` pages of a PDF.

    Raises ``TabularError``: damaged, encrypted.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise TabularError("encrypted", "The PDF is protected by a password.") from None
        raise TabularError("damaged", "The PDF is damaged and cannot be opened.") from None
    for number in range(min(len(document), most)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise TabularError("damaged", f"Page {number + 1} of the PDF is damaged.") from None
        yield _read(page, number + 1)
        page.close()


def page_count(content: bytes) -> int:
    """The number of pages of a PDF that could be opened."""
    import pypdfium2

    return len(pypdfium2.PdfDocument(content))


def _read(page: Any, number: int) -> PdfPage:
    place = _Place(page)
    return PdfPage(number, _pieces(_glyphs(page, place)), *_rules(page, place))


class _Place:
    """Turns places of the file into those of the page as it is shown."""

    def __init__(self, page: Any) -> None:
        self.quarter = page.get_rotation() // 90
        left, bottom, right, top = page.get_mediabox()
        self.width, self.height = right - left, top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.quarter == 1:
            return y, self.width - x
        if self.quarter == 2:
            return self.width - x, self.height - y
        if self.quarter == 3:
            return self.height - y, x
        return x, y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))


def _glyphs(page: Any, place: _Place) -> Iterator[_Glyph]:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    count = text.count_chars()
    if count > _MOST_GLYPHS:
        raise TabularError("too_much_text", "A page of the PDF holds more text than can be read.")
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or code < 32 or code > 0x10FFFF:
            continue
        if 0xD800 <= code < 0xE100:  # half a character, or one of no meaning
            code = 0xFFFD
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        turn = (round(angle / (pi / 2)) + place.quarter) % 4
        box = place.box(*text.get_charbox(index, loose=True))
        base = place.point(x.value, y.value)[1]
        size = box.height if not turn % 2 else box.right - box.left
        foot = place.box(*text.get_charbox(index)).bottom
        yield _Glyph(chr(code), box, base, size, turn, foot)
    text.close()


def _pieces(glyphs: Iterator[_Glyph]) -> list[Piece]:
    found: list[Piece] = []
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and not _goes_on(run[-1], glyph):
            found += _piece(run)
            run = []
        run.append(glyph)
    return found + _piece(run)


def _goes_on(last: _Glyph, glyph: _Glyph) -> bool:
    """Whether a glyph follows the last one without the gap of another cell."""
    if glyph.turn != last.turn:
        return False
    size = max(last.size, glyph.size)
    if glyph.turn == 0:
        return -size < glyph.box.left - last.box.right < 0.45 * size and last.box.beside(glyph.box)
    if glyph.turn == 2:
        return False
    gap = min(abs(glyph.box.bottom - last.box.top), abs(last.box.bottom - glyph.box.top))
    return gap < 0.45 * size and abs(glyph.box.left - last.box.left) < 0.5 * size


def _piece(run: list[_Glyph]) -> list[Piece]:
    inked = [one for one in run if not one.text.isspace()]
    if not inked:
        return []
    box = inked[0].box
    for one in inked[1:]:
        box = box.joined(one.box)
    largest = max(inked, key=lambda one: one.size)
    turned = largest.turn in (1, 3)
    written = _written(run, largest) if not turned else "".join(one.text for one in run)
    return [Piece(" ".join(written.split()), box, largest.base, largest.size, turned)]


def _written(run: list[_Glyph], largest: _Glyph) -> str:
    """The text of a run, with marks around superscripts and blanks that are only gaps."""
    text, raised, end = "", False, run[0].box.left
    for one in run:
        if one.text.isspace():
            text += " "
        else:
            is_raised = _is_raised(one, largest)
            if is_raised != raised:
                text += RAISED if is_raised else LEVEL
                raised = is_raised
            if one.box.left - end > 0.15 * largest.size and not text.endswith(" "):
                text += " "
            text += one.text
        end = one.box.right
    return text + (LEVEL if raised else "")


def _is_raised(one: _Glyph, largest: _Glyph) -> bool:
    """Whether a glyph is a superscript: set higher and smaller, or drawn so by its font."""
    above = 0.15 * largest.size
    if one.size < 0.85 * largest.size and one.base > largest.base + above:
        return True
    stands = one.text.isalnum() or one.text in "()"
    return stands and one.text not in "ªº²³¹" and one.foot > largest.base + above


def _rules(page: Any, place: _Place) -> tuple[list[Rule], list[Rule]]:
    import pypdfium2.raw as pdfium

    across: list[Rule] = []
    upright: list[Rule] = []
    shapes = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1)
    for index, shape in enumerate(shapes):
        if index >= _MOST_PATHS:
            raise TabularError("too_many_cells", "A page of the PDF holds too many lines.")
        is_area = _is_area(shape, pdfium)
        for start, end in _lines(shape, pdfium):
            (a, b), (c, d) = place.point(*start), place.point(*end)
            if is_area and abs(a - c) < abs(b - d):
                continue  # stripes part rows, and never columns
            if abs(b - d) < _STRAIGHT < abs(a - c):
                across.append(Rule(min(a, c), max(a, c), (b + d) / 2))
            elif abs(a - c) < _STRAIGHT < abs(b - d):
                upright.append(Rule(min(b, d), max(b, d), (a + c) / 2))
    return _joined(across), _joined(upright)


def _is_area(shape: Any, pdfium: Any) -> bool:
    """Whether a path is filled without an outline, and no thin line."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
    left, bottom, right, top = shape.get_bounds()
    return not stroke.value and min(right - left, top - bottom) > 2 * _STRAIGHT


_Point = tuple[float, float]


def _lines(shape: Any, pdfium: Any) -> list[tuple[_Point, _Point]]:
    """The straight lines of a path."""
    count = min(pdfium.FPDFPath_CountSegments(shape), _MOST_SEGMENTS)
    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[tuple[_Point, _Point]] = []
    last = first = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(shape, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            lines.append((last, point))
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            lines.append((last, first))
    return lines


def _joined(rules: list[Rule]) -> list[Rule]:
    """Rules from the top or right; those that go on in each other are one."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (-round(one.at), one.start)):
        last = found[-1] if found else None
        if last and abs(last.at - rule.at) < _TOUCHES and rule.start <= last.end + _TOUCHES:
            found[-1] = Rule(last.start, max(last.end, rule.end), last.at)
        else:
            found.append(rule)
    return sorted(found, key=lambda one: -one.at)
