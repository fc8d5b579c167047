"""Strike-outs, hidden rows and columns, and merged cells of an .ods file."""

import io
from dataclasses import dataclass, field
from xml.etree import ElementTree

from .limits import Limits
from .model import Marks
from .numbers import whole

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")


@dataclass(slots=True)
class MarksReader:
    """Collects the marks of a sheet from its elements; styles come before sheets."""

    limits: Limits
    styles: dict[str, bool] = field(default_factory=dict)
    column_styles: dict[int, str] = field(default_factory=dict)
    column: int = 0
    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def taken(self) -> Marks:
        """Return the marks of the sheet and begin the next one."""
        marks = Marks(
            self.struck, frozenset(self.rows), frozenset(self.columns), tuple(self.merged)
        )
        self.struck, self.rows, self.columns, self.merged = {}, set(), set(), []
        self.column_styles, self.column = {}, 0
        return marks

    def see_styles(self, content: bytes) -> None:
        """Read the styles of the whole document from their own entry."""
        for _, element in ElementTree.iterparse(io.BytesIO(content)):
            self.see(element)

    def see(self, element: ElementTree.Element) -> None:
        """Read a style or a column."""
        if element.tag == f"{_STYLE}style":
            self._style(element)
        elif element.tag == f"{_TABLE}table-column":
            repeat = whole(element, f"{_TABLE}number-columns-repeated")
            end = min(self.column + repeat, self.limits.columns)
            style = element.get(f"{_TABLE}default-cell-style-name", "")
            for column in range(self.column, end):
                self.column_styles[column] = style
                if element.get(f"{_TABLE}visibility") in _HIDDEN:
                    self.columns.add(column)
            self.column += repeat

    def _style(self, element: ElementTree.Element) -> None:
        struck = self.styles.get(element.get(f"{_STYLE}parent-style-name", ""), False)
        if (text := element.find(f"{_STYLE}text-properties")) is not None:
            for name in ("text-line-through-style", "text-line-through-type"):
                if (value := text.get(f"{_STYLE}{name}")) is not None:
                    struck = value != "none"
        self.styles[element.get(f"{_STYLE}name", "")] = struck

    def see_row(self, index: int, row: ElementTree.Element) -> None:
        """Read a row before it is cleared; `index` is that of the first row if it is repeated."""
        if row.get(f"{_TABLE}visibility") in _HIDDEN:
            end = index + whole(row, f"{_TABLE}number-rows-repeated")
            self.rows.update(range(index, min(end, self.limits.rows)))
        column = 0
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            self._cell(index, column, cell, row.get(f"{_TABLE}default-cell-style-name", ""))
            column += whole(cell, f"{_TABLE}number-columns-repeated")

    def _cell(self, row: int, column: int, cell: ElementTree.Element, of_row: str) -> None:
        if cell.find(f"{_TEXT}p") is None:
            return
        down = whole(cell, f"{_TABLE}number-rows-spanned")
        across = whole(cell, f"{_TABLE}number-columns-spanned")
        if down > 1 or across > 1:
            self.merged.append((row, column, row + down - 1, column + across - 1))
        style = cell.get(f"{_TABLE}style-name") or of_row or self.column_styles.get(column, "")
        if self.styles.get(style):
            self.struck[row, column] = ""
        elif any(map(self._is_struck, cell.iter(f"{_TEXT}span"))):
            paragraphs = cell.findall(f"{_TEXT}p")
            self.struck[row, column] = "\n".join(map(self._left_of, paragraphs))

    def _is_struck(self, span: ElementTree.Element) -> bool:
        return self.styles.get(span.get(f"{_TEXT}style-name", ""), False)

    def _left_of(self, paragraph: ElementTree.Element) -> str:
        """The text of a paragraph without the spans that are struck through."""
        parts = [paragraph.text or ""]
        for child in paragraph:
            struck = child.tag == f"{_TEXT}span" and self._is_struck(child)
            parts.append(("" if struck else "".join(child.itertext())) + (child.tail or ""))
        return "".join(parts)
