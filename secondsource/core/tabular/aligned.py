"""Text aligned in columns by blanks, split at gaps through all rows."""

import re

from .model import Row

_CHUNK = re.compile(r"\S+(?: \S+)*")
_FEWEST_ROWS, _FEWEST_COLUMNS = 3, 3
_WIDEST = 5_000


def split_aligned(lines: list[str]) -> list[Row] | None:
    """The rows of an aligned text; None without gaps through all rows.

    `2 C1, C2 100n` under `Qty Parts Value` has blanks inside its cells and a single blank between
    two headers, so only the gaps of all rows determine the columns.
    """
    lines = [line.expandtabs() for line in lines]
    body = _body(lines)
    if len(body) < _FEWEST_ROWS or max(map(len, body)) > _WIDEST:
        return None
    starts = _starts(body)
    if len(starts) < _FEWEST_COLUMNS:
        return None
    kept = set(map(id, body))
    return [_cut(line, starts) if id(line) in kept else _whole(line) for line in lines]


def _body(lines: list[str]) -> list[str]:
    """The lines with several cells, and the header with single blanks above them."""
    chunks = [len(_CHUNK.findall(line)) for line in lines]
    first = next((at for at, count in enumerate(chunks) if count >= _FEWEST_COLUMNS), None)
    if first is None:
        return []
    begin = first - 1 if first and chunks[first - 1] == _FEWEST_COLUMNS - 1 else first
    rows = zip(lines[first:], chunks[first:], strict=True)
    return lines[begin:first] + [line for line, count in rows if count >= _FEWEST_COLUMNS]


def _starts(body: list[str]) -> list[int]:
    """The starts of columns: after a gap of all rows, at a word of the first row."""
    width = max(map(len, body))
    rows = [line.ljust(width) for line in body]
    gaps = [all(row[at] == " " for row in rows) for at in range(width)]
    starts = [at for at in range(width) if not gaps[at] and (at == 0 or gaps[at - 1])]
    ends = [*starts[1:], width]
    return [at for at, end in zip(starts, ends, strict=True) if _is_column(rows, at, end)]


def _is_column(rows: list[str], at: int, end: int) -> bool:
    """Whether a column has cells below its header, or without a header in most rows."""
    filled = sum(bool(row[at:end].strip()) for row in rows[1:])
    return bool(filled) and (rows[0][at] != " " or filled > 0.5 * len(rows))


def _cut(line: str, starts: list[int]) -> Row:
    ends = [*starts[1:], max(len(line), starts[-1])]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _whole(line: str) -> Row:
    return [line.strip()] if line.strip() else []
