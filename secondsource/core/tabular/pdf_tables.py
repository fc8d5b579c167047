"""Tables of parameters in a PDF: the rows below a head that names minimum, typical or maximum.

A row is given only if each of its texts has one place. Rules decide it where the table has them,
and distances elsewhere; a row that is not clear is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import TabularError
from .limits import Limits
from .model import ParameterTable
from .pdf_area import Area, Column, Line, area_below, lines_of
from .pdf_heads import CONDITION, NUMBERS, OTHER, PARAMETER, SYMBOL, UNIT, heads
from .pdf_page import PdfPage, Piece, page_count, pages
from .reader import too_large

__all__ = ["checked", "page_count", "pages", "tables_of"]

#: Lines nearer than this, in heights of the text, may be one paragraph.
_ONE_PARAGRAPH = 1.5
_HYPHENS = ("-", "\u2010")


def checked(content: bytes, limits: Limits) -> bytes:
    """The bytes of a PDF. Raises ``TabularError``: too_large, unsupported."""
    if len(content) > limits.bytes:
        raise too_large(limits)
    if b"%PDF-" not in content[:1_024]:
        raise TabularError("unsupported", "The file is no PDF.")
    return content


def tables_of(page: PdfPage) -> Iterator[ParameterTable]:
    """The tables of a page from the top."""
    found = heads(page)
    for head in found:
        area = area_below(head, found, page) if head.clear else None
        if area:
            table = ParameterTable(
                page.number, [column.role for column in area.columns], area.above, area.below
            )
            _Rows(area, page, table).read()
            yield table


@dataclass
class _Row:
    """A row on its way: its texts unless it is left out, and whether it has a name of its own."""

    texts: dict[str, str] | None
    labelled: bool


class _Rows:
    def __init__(self, area: Area, page: PdfPage, table: ParameterTable) -> None:
        self.area, self.page, self.table = area, page, table
        self.numbers = area.of(*NUMBERS)
        self.size = max(piece.size for _, piece in area.head.cells)
        self.group = ""
        self.rows: list[_Row] = []

    def read(self) -> None:
        if self.area.ruled:
            self._ruled()
        else:
            for cluster in self._clusters():
                self._unruled(cluster)
        self._end_group()

    # Rules tell rows.

    def _ruled(self) -> None:
        left = min(one.left for one in self.numbers)
        right = max(one.right for one in self.numbers)
        levels = [rule.at for rule in self.area.rules if rule.covers(left, right)]
        pieces = [piece for line in self.area.lines for piece in line]
        top = max([self.area.head.box.bottom, *levels])
        bands = []
        for level in levels:
            if top - level > self.size / 2:
                bands.append((level, top))
            top = level
        open_ends = self._open_bands(bands)
        for band in bands:
            self._band(band, pieces, is_open=band in open_ends)

    def _open_bands(self, bands: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Rows in which an upright rule between numbers is missing that others have."""
        found = []
        for first, second in zip(self.numbers, self.numbers[1:], strict=False):
            between = [
                rule for rule in self.page.upright if first.right - 1 < rule.at < second.left + 1
            ]
            without = [
                (low, high) for low, high in bands
                if not any(rule.covers(low + 1, high - 1) for rule in between)
            ]  # fmt: skip
            if len(without) < len(bands):
                found += without
        return found

    def _band(self, band: tuple[float, float], pieces: list[Piece], *, is_open: bool) -> None:
        mine = [piece for piece in pieces if band[0] < piece.box.middle < band[1]]
        lines = lines_of([piece for piece in mine if self._is_number(piece)])
        if not lines:
            self._heading(mine)
            return
        cells, shared = {}, set()
        for column in self.area.columns:
            low, high = self._cell(column, band)
            held = [p for p in pieces if low < p.box.middle < high and column.holds(p)]
            if (low, high) != band:
                shared.add(column.role)
            cells[column] = held
        crossing = any(self._crosses(piece) for held in cells.values() for piece in held)
        if is_open or crossing:
            self._leave_out(len(lines))
        elif len(lines) == 1:
            self._add({column: _joined(held) for column, held in cells.items()}, labelled=True)
        else:
            self._aligned(cells, lines, shared)

    def _cell(self, column: Column, band: tuple[float, float]) -> tuple[float, float]:
        """The rules below and above a cell, which may go over several rows."""
        levels = [rule.at for rule in self.area.rules if rule.covers(column.left, column.right)]
        top = self.area.head.box.bottom
        return (
            max((level for level in levels if level < band[0] + 1), default=band[0]),
            min((level for level in levels if level > band[1] - 1), default=max(top, band[1])),
        )

    def _aligned(
        self, cells: dict[Column, list[Piece]], numbers: list[Line], shared: set[str]
    ) -> None:
        """Several lines of numbers between two rules: each needs a condition of its own."""
        by_line: list[dict[Column, str | None]] = [{} for _ in numbers]
        for column, held in cells.items():
            lines = lines_of(held)
            beside = [[line for line in lines if line[0].box.beside(one[0].box)] for one in numbers]
            one_each = len(lines) == len(numbers) and all(len(found) == 1 for found in beside)
            for place, texts in enumerate(by_line):
                if column in self.numbers or column.role == CONDITION:
                    texts[column] = _joined(beside[place][0]) if one_each else None
                elif len(lines) <= 1:
                    texts[column] = _joined(held)
                elif column.role == UNIT and one_each:
                    texts[column] = _joined(beside[place][0])
                else:
                    texts[column] = None
            if column in self.numbers and not held:
                for texts in by_line:
                    texts[column] = ""
        clear = bool(self.area.of(CONDITION)) and not shared
        for texts in by_line:
            if clear and None not in texts.values():
                self._add({column: text or "" for column, text in texts.items()}, labelled=True)
            else:
                self._leave_out(1)

    # Distances tell rows.

    def _clusters(self) -> Iterator[list[Line]]:
        cluster: list[Line] = []
        for line in self.area.lines:
            if cluster:
                pitch = cluster[-1][0].box.middle - line[0].box.middle
                if pitch > _ONE_PARAGRAPH * self.size:
                    yield cluster
                    cluster = []
            cluster.append(line)
        if cluster:
            yield cluster

    def _unruled(self, cluster: list[Line]) -> None:
        with_numbers = [index for index, line in enumerate(cluster) if self._numbers_in(line)]
        if not with_numbers:
            self._heading([piece for line in cluster for piece in line])
        elif len(with_numbers) == 1 and with_numbers[0] == 0:
            self._line([piece for line in cluster for piece in line])
        else:
            for index in with_numbers:
                around = {index - 1, index + 1} & set(range(len(cluster)))
                if around <= set(with_numbers):
                    self._line(cluster[index])
                else:
                    self._leave_out(1, labelled=self._has_label(cluster[index]))

    def _line(self, pieces: list[Piece]) -> None:
        if any(self._crosses(piece) for piece in pieces):
            self._leave_out(1, labelled=self._has_label(pieces))
            return
        texts = {
            column: _joined([piece for piece in pieces if column.holds(piece)])
            for column in self.area.columns
        }
        self._add(texts, labelled=self._has_label(pieces))

    # Both.

    def _is_number(self, piece: Piece) -> bool:
        return any(column.holds(piece) for column in self.numbers)

    def _numbers_in(self, line: Line) -> bool:
        return any(map(self._is_number, line))

    def _has_label(self, pieces: list[Piece]) -> bool:
        (column,) = self.area.of(PARAMETER)
        return any(map(column.holds, pieces))

    def _crosses(self, piece: Piece) -> bool:
        return sum(column.holds(piece) for column in self.area.columns) > 1

    def _heading(self, pieces: list[Piece]) -> None:
        """A line without numbers begins another group of rows."""
        self._end_group()
        self.group = _joined(pieces)

    def _leave_out(self, count: int, *, labelled: bool = True) -> None:
        self.rows += [_Row(None, labelled)] * count

    def _add(self, cells: dict[Column, str], *, labelled: bool) -> None:
        texts = {column.role: text for column, text in cells.items()}
        other = [text for column, text in cells.items() if column.role == OTHER]
        ordered = sorted(cells.items(), key=lambda one: one[0].left)
        texts["snippet"] = " | ".join(filter(None, (text for _, text in ordered)))
        texts["group"] = self.group
        self.rows.append(_Row(None if any(other) else texts, labelled))

    def _end_group(self) -> None:
        """Hand over the rows of a group; empty names are those above if nothing speaks against."""
        inherits = not self.area.ruled and not _may_be_centred([row.labelled for row in self.rows])
        name = symbol = ""
        for row in self.rows:
            if row.labelled:
                name = row.texts[PARAMETER] if row.texts else ""
                symbol = row.texts.get(SYMBOL, "") if row.texts else ""
            if row.texts and not row.labelled and inherits:
                row.texts[PARAMETER] = name
                row.texts[SYMBOL] = row.texts.get(SYMBOL) or symbol
            if row.texts and row.texts[PARAMETER]:
                self.table.rows.append(row.texts)
            else:
                self.table.left_out += 1
        self.rows = []


def _may_be_centred(labelled: list[bool]) -> bool:
    """Whether each name may stand in the middle of its rows instead of in the first one.

    Then as many rows without a name are above it as below it.
    """
    runs = [0]
    for one in labelled:
        if one:
            runs.append(0)
        else:
            runs[-1] += 1
    half = runs[0]
    if half:
        return True
    for run in runs[1:-1]:
        half = run - half
        if half < 0:
            return False
    return any(runs) and half == runs[-1]


def _joined(pieces: list[Piece]) -> str:
    """The text of a cell, line by line; a line that ends in a hyphen goes on in the next one."""
    text = ""
    for line in lines_of(pieces):
        written = " ".join(piece.text for piece in line)
        if text.endswith("\u00ad"):
            text = text[:-1] + written
        else:
            text += written if not text or text.endswith(_HYPHENS) else f" {written}"
    return text
