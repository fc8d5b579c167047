"""Strike-outs, leading zeros, hidden rows and columns, and merged cells of an .xlsx file.

Calamine does not read them, so the XML is read once more.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from .archive import chunks, column_number, defines_entities
from .limits import Limits
from .model import Marks

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NO = ("0", "false")
_ZEROS = re.compile(r"0{2,20}")
_TAGS = re.compile(rb"<(?:\w+:)?(row|col|mergeCell)\s([^>]*)>")
_ATTRIBUTES = re.compile(rb"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(slots=True)
class _Found:
    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    digits: dict[tuple[int, int], int] = field(default_factory=dict)

    def marks(self) -> Marks:
        rows, columns = frozenset(self.rows), frozenset(self.columns)
        return Marks(self.struck, rows, columns, tuple(self.merged), self.digits)


def marks_by_sheet(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Marks]:
    """The marks of each worksheet by its name; unreadable parts are left out."""
    try:
        reader = _WorksheetReader(archive, limits)
        return {name: reader.sheet(path) for name, path in reader.paths()}
    except (ElementTree.ParseError, KeyError, ValueError):
        return {}


class _WorksheetReader:
    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive, self.limits = archive, limits
        self.names = set(archive.namelist())
        self.struck_styles: set[str] = set()
        self.zero_styles: dict[str, int] = {}
        self._read_styles()
        self.struck_strings = self._struck_strings()

    def paths(self) -> Iterator[tuple[str, str]]:
        """Name and entry of each worksheet."""
        targets: dict[str, str] = {}
        for one in self._elements("xl/_rels/workbook.xml.rels"):
            if one.tag.endswith("}Relationship"):
                path = posixpath.normpath(posixpath.join("/xl", one.get("Target", "")))
                targets[one.get("Id", "")] = path.lstrip("/")
        for one in self._elements("xl/workbook.xml"):
            if one.tag == f"{_MAIN}sheet":
                path = targets.get(one.get(_ID, ""), "")
                if path in self.names:
                    yield one.get("name", ""), path

    def sheet(self, path: str) -> Marks:
        """The marks of one worksheet; its cells are looked at only where any can have one."""
        found = _Found()
        plain = not (self.struck_styles or self.struck_strings or self.zero_styles)
        if plain and self._scan(found, path):
            return found.marks()
        found = _Found()
        for one in self._elements(path):
            if one.tag == f"{_MAIN}c":
                self._cell(found, one)
            else:
                self._part(found, one.tag.removeprefix(_MAIN), dict(one.attrib))
                if one.tag == f"{_MAIN}row":
                    one.clear()
        return found.marks()

    def _scan(self, found: _Found, path: str) -> bool:
        """Rows, columns and merges without parsing cells; False when a cell has struck runs."""
        rest = b""
        for piece in chunks(self.archive, path, self.limits):
            text = rest + piece
            cut = text.rfind(b"<")
            head, rest = text[:cut], text[cut:]
            if b"strike" in head:
                return False
            for tag, attributes in _TAGS.findall(head):
                if tag == b"mergeCell" or b"hidden" in attributes:
                    pairs = _ATTRIBUTES.findall(attributes)
                    named = {name.decode(): (one or two).decode() for name, one, two in pairs}
                    self._part(found, tag.decode(), named)
        return True

    def _part(self, found: _Found, tag: str, attributes: dict[str, str]) -> None:
        hidden = attributes.get("hidden", "0") not in _NO
        if tag == "row" and hidden:
            found.rows.add(int(attributes.get("r", "1")) - 1)
        elif tag == "col" and hidden:
            last = min(int(attributes.get("max", "1")), self.limits.columns)
            found.columns.update(range(max(int(attributes.get("min", "1")) - 1, 0), last))
        elif tag == "mergeCell":
            first, _, end = attributes.get("ref", "").partition(":")
            found.merged.append((*_place(first), *_place(end or first)))

    def _cell(self, found: _Found, cell: ElementTree.Element) -> None:
        value = cell.find(f"{_MAIN}v")
        inline = cell.find(f"{_MAIN}is")
        if value is None and inline is None:
            return
        if (digits := self.zero_styles.get(cell.get("s", ""))) and cell.get("t", "n") == "n":
            found.digits[_place(cell.get("r", ""))] = digits
        if cell.get("s") in self.struck_styles:
            found.struck[_place(cell.get("r", ""))] = ""
        elif inline is not None and (left := _left_of(inline)) is not None:
            found.struck[_place(cell.get("r", ""))] = left
        elif cell.get("t") == "s" and value is not None and value.text in self.struck_strings:
            found.struck[_place(cell.get("r", ""))] = self.struck_strings[value.text]

    def _read_styles(self) -> None:
        """Numbers of the cell formats whose font is struck through, or that show leading zeros."""
        fonts: set[str] = set()
        formats: dict[str, int] = {}
        for one in self._elements("xl/styles.xml"):
            if one.tag == f"{_MAIN}numFmt":
                code = one.get("formatCode", "")
                if _ZEROS.fullmatch(code):
                    formats[one.get("numFmtId", "")] = code.count("0")
            elif one.tag == f"{_MAIN}fonts":
                strikes = [font.find(f"{_MAIN}strike") for font in one]
                fonts = {str(at) for at, strike in enumerate(strikes) if _says_yes(strike)}
            elif one.tag == f"{_MAIN}cellXfs":
                for number, style in enumerate(one):
                    if style.get("fontId", "0") in fonts:
                        self.struck_styles.add(str(number))
                    if digits := formats.get(style.get("numFmtId", "0")):
                        self.zero_styles[str(number)] = digits

    def _struck_strings(self) -> dict[str, str]:
        """Number in the list of strings → its text without struck parts."""
        found: dict[str, str] = {}
        number = 0
        for one in self._elements("xl/sharedStrings.xml"):
            if one.tag == f"{_MAIN}si":
                if (left := _left_of(one)) is not None:
                    found[str(number)] = left
                number += 1
                one.clear()
        return found

    def _elements(self, name: str) -> Iterator[ElementTree.Element]:
        """The elements of an entry, each at its end; none if there is no such entry."""
        if name not in self.names:
            return
        parser: Any = ElementTree.XMLPullParser(["end"])
        for position, piece in enumerate(chunks(self.archive, name, self.limits)):
            if position == 0 and defines_entities(piece):
                return
            parser.feed(piece)
            for _, element in parser.read_events():
                yield element


def _left_of(string: ElementTree.Element) -> str | None:
    """The text of a string without struck runs; None if nothing is struck."""
    runs = string.findall(f"{_MAIN}r")
    left = [run for run in runs if not _says_yes(run.find(f"{_MAIN}rPr/{_MAIN}strike"))]
    if len(left) == len(runs):
        return None
    return "".join(run.findtext(f"{_MAIN}t", "") for run in left)


def _says_yes(element: ElementTree.Element | None) -> bool:
    return element is not None and element.get("val", "1") not in _NO


def _place(reference: str) -> tuple[int, int]:
    """B3 → (2, 1). Raises ``ValueError`` for other texts."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    return int(match[2]) - 1, column_number(match[1].encode()) - 1
