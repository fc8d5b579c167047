"""Where the rows of a table of parameters are on a page, and its columns."""

from __future__ import annotations

from dataclasses import dataclass

from .pdf_heads import NUMBERS, OTHER, PARAMETER, Head
from .pdf_page import PdfPage, Piece, Rule

#: Distances in heights of the text: of a head from its own rules, of two rows without a rule, of a
#: text from the rule above that is its table's.
_NEAR, _FAR, _WITHIN = 2.0, 1.8, 0.8
_MOST_ABOVE = 6

Line = list[Piece]


@dataclass(frozen=True)
class Column:
    """The texts of a column lie between ``left`` and ``right``."""

    role: str
    left: float
    right: float

    def holds(self, piece: Piece) -> bool:
        """Whether a text is in this column, perhaps among others."""
        return piece.box.left < self.right and piece.box.right > self.left


@dataclass
class Area:
    """A table's rows: lines from the top, rules across that go through all numbers, columns."""

    head: Head
    lines: list[Line]
    rules: list[Rule]
    columns: list[Column]
    above: list[str]
    below: list[str]
    ruled: bool

    def of(self, *roles: str) -> list[Column]:
        """The columns with these roles."""
        return [column for column in self.columns if column.role in roles]


def lines_of(pieces: list[Piece]) -> list[Line]:
    """Pieces by line from the top, each from the left."""
    found: list[Line] = []
    for piece in sorted(pieces, key=lambda one: -one.box.middle):
        if found and found[-1][0].box.beside(piece.box):
            found[-1].append(piece)
        else:
            found.append([piece])
    return [sorted(line, key=lambda one: one.box.left) for line in found]


def area_below(head: Head, others: list[Head], page: PdfPage) -> Area | None:
    """The rows below a head; None if their columns cannot be told apart."""
    size = max(piece.size for _, piece in head.cells)
    left, right = _sides(head, page, size)
    floor = max(
        (other.box.top for other in others
         if other.box.top < head.box.bottom and other.box.left < right and other.box.right > left),
        default=0.0,
    )  # fmt: skip
    rules = [
        rule for rule in page.across
        if rule.at < head.box.bottom + 2 and rule.at > floor + (_NEAR * size if floor else 0)
        and rule.end > left and rule.start < right
    ]  # fmt: skip
    inside = [
        piece for piece in page.pieces
        if not piece.turned and floor < piece.box.middle < head.box.bottom
        and piece.box.right > left - 2 and piece.box.left < right + size / 2
    ]  # fmt: skip
    full = [rule for rule in rules if _through(rule, head)]
    found = lines_of(inside)
    under = [rule for rule in full if found and rule.at < found[0][0].box.middle]
    ruled = len(under) >= 2
    lines, below = _until_end(found, head, full if ruled else under, size, ruled=ruled)
    columns = _columns(head, lines, page)
    if not columns:
        return None
    return Area(
        head, lines, rules, columns, _above(head, page, left, right, size),
        [_text(line) for line in below[:_MOST_ABOVE]], ruled,
    )  # fmt: skip


def _sides(head: Head, page: PdfPage, size: float) -> tuple[float, float]:
    """The sides of a table: those of the rule above or below its head, or of the head itself."""
    near = [
        rule for rule in page.across
        if head.box.bottom - _NEAR * size < rule.at < head.box.top + _NEAR * size
        and rule.covers(head.box.left + size, head.box.right - size)
    ]  # fmt: skip
    return (
        min([head.box.left, *(rule.start for rule in near)]),
        max([head.box.right, *(rule.end for rule in near)]),
    )


def _through(rule: Rule, head: Head) -> bool:
    """Whether a rule goes through all columns of numbers."""
    cells = head.of(*NUMBERS)
    return rule.covers(min(one.box.left for one in cells), max(one.box.right for one in cells))


def _until_end(
    lines: list[Line], head: Head, full: list[Rule], size: float, *, ruled: bool
) -> tuple[list[Line], list[Line]]:
    """The lines of the table, and those after it."""
    last, gap = head.box.bottom, 0.0
    for index, line in enumerate(lines):
        top = max(piece.box.top for piece in line)
        bottom = min(piece.box.bottom for piece in line)
        if ruled:
            over = min((rule.at for rule in full if rule.at >= line[0].box.middle), default=last)
            is_out = not any(rule.at < line[0].box.middle for rule in full)
            is_first = last > over - 2  # below its rule
            is_out |= is_first and over - top > _WITHIN * size and not _has_numbers(line, head)
        else:
            is_out = any(last + 2 > rule.at > top - 2 for rule in full)
            is_out |= index > 0 and last - top > max(_FAR * size, 1.6 * gap)
            is_out |= _runs_over(line, head)
        if is_out:
            return lines[:index], lines[index:]
        gap, last = last - top, bottom
    return lines, []


def _has_numbers(line: Line, head: Head) -> bool:
    """Whether a line has a text of its own below a head of numbers."""
    return any(
        piece.box.left < cell.box.right and piece.box.right > cell.box.left
        for piece in line if not _crosses(piece, head) for cell in head.of(*NUMBERS)
    )  # fmt: skip


def _crosses(piece: Piece, head: Head) -> bool:
    """Whether a text stands below several heads."""
    middles = [(cell.box.left + cell.box.right) / 2 for _, cell in head.cells]
    return sum(piece.box.left < middle < piece.box.right for middle in middles) > 1


def _runs_over(line: Line, head: Head) -> bool:
    """Whether a line is a sentence or a title, and no row."""
    second = sorted(cell.box.left for _, cell in head.cells)[1]
    return line[0].box.left < second and any(_crosses(piece, head) for piece in line)


def _columns(head: Head, lines: list[Line], page: PdfPage) -> list[Column]:
    """Columns by the white space between texts; [] if two heads share one, or none is named."""
    named = [(piece.box.left, piece.box.right) for _, piece in head.cells]
    texts = [
        (piece.box.left, piece.box.right)
        for line in lines for piece in line if not _crosses(piece, head)
    ]  # fmt: skip
    spans: list[list[float]] = []
    for left, right in sorted(named + texts):
        if spans and left < spans[-1][1] + 1:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    columns: list[Column] = []
    for left, right in spans:
        roles = [role for role, cell in head.cells if left <= cell.box.left < right]
        if len(roles) > 1:
            return []
        columns.append(Column(roles[0] if roles else OTHER, left, right))
    if not any(column.role == PARAMETER for column in columns):
        if columns[0].role != OTHER:
            return []
        columns[0] = Column(PARAMETER, columns[0].left, columns[0].right)
    return columns


def _above(head: Head, page: PdfPage, left: float, right: float, size: float) -> list[str]:
    """The nearest lines above a head that are no rows, the nearest first."""
    pieces = [
        piece for piece in page.pieces
        if not piece.turned and piece.box.bottom > head.box.top - 1
        and piece.box.left < right and piece.box.right > left
    ]  # fmt: skip
    levels = sorted(
        rule.at for rule in page.across
        if rule.at > head.box.top - 2 and rule.covers(left + size, right - size)
    )  # fmt: skip
    own = levels.pop(0) if levels and levels[0] < head.box.top + _NEAR * size else head.box.top
    found: list[str] = []
    for line in reversed(lines_of(pieces)):
        middle = line[0].box.middle
        if middle < own:
            continue  # above the head, and in it
        if (levels and middle > levels[0]) or len(line) > 2 or len(found) == _MOST_ABOVE:
            break
        found.append(_text(line))
    return found


def _text(line: Line) -> str:
    return " ".join(piece.text for piece in line)
