"""Delimited text. The delimiter is the one that makes rows of equal length."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from .aligned import split_aligned
from .encoding import decode
from .errors import TabularError
from .limits import Limits
from .model import Row, Sheet, SizeCount, trimmed

DELIMITERS = (",", ";", "\t", "|", "^", "~", ":")
BLANKS = "  "
_SAMPLE_ROWS = 400
_HEAD = 400_000
_RUNAWAY = 60
_FIELD = 1_000_000


def read_delimited(
    data: bytes, limits: Limits, encoding: str = ""
) -> tuple[tuple[Sheet, ...], str, str]:
    """The one sheet of a text file, its encoding and its delimiter.

    With ``encoding`` invalid bytes are replaced.
    """
    text, encoding = (data.decode(encoding, "replace"), encoding) if encoding else decode(data)
    if not text.strip():
        raise TabularError("empty", "The file is empty.")
    if text.lstrip()[:1] == "<":
        raise TabularError(
            "unsupported",
            "The file is a web page or XML, whatever its name says; save it as CSV or XLSX.",
        )
    text, declared = _declared_delimiter(text)
    try:
        delimiter = declared or find_delimiter(text[:_HEAD])
        rows = split(text, delimiter, limits)
    except (csv.Error, TypeError) as error:
        raise TabularError("damaged", "The text cannot be cut into columns.") from error
    return (Sheet("", rows),), encoding, delimiter


def _declared_delimiter(text: str) -> tuple[str, str | None]:
    """The delimiter of a first line `sep=;`, as in Excel."""
    first, _, rest = text.partition("\n")
    match = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first, re.IGNORECASE)
    return (rest, match[1]) if match else (text, None)


def find_delimiter(text: str) -> str:
    """The delimiter that splits most rows into the same number of fields, at least two."""
    scored = [(_score(text, delimiter), delimiter) for delimiter in DELIMITERS]
    score, delimiter = max(scored, key=lambda pair: (round(pair[0], 6), -_rank(pair[1])))
    if score < 0.6 and delimiter != "\t":  # a tab is no blank of an aligned table
        blanks = [_split_blanks(line) for line in text.splitlines()[:_SAMPLE_ROWS]]
        if _evenness([row for row in blanks if any(row)]) > max(score - 0.3, 0.3):
            return BLANKS
    return delimiter if score > 0 else ","


def _score(text: str, delimiter: str) -> float:
    """The score of a delimiter: even rows, split rows, and quotes next to the delimiter."""
    rows = _sample(text, delimiter)
    cut = sum(1 for row in rows if len(row) > 1)
    if not cut:
        return 0.0
    head = text[:_HEAD]
    quotes = head.count('"')
    beside = head.count(f'"{delimiter}') + head.count(f'{delimiter}"')
    quoted = min(beside / quotes, 1.0) if quotes else 0.0
    return _evenness(rows) + 0.3 * cut / len(rows) + 0.5 * quoted


def _rank(delimiter: str) -> int:
    return DELIMITERS.index(delimiter)


def _sample(text: str, delimiter: str) -> list[Row]:
    return [row for row in islice(_records(text[:_HEAD], delimiter), _SAMPLE_ROWS) if any(row)]


def _evenness(rows: list[Row]) -> float:
    widths = Counter(len(row) for row in rows)
    best = 0.0
    for width, count in widths.items():
        if width > 1:
            best = max(best, count / len(rows) * (1 - 0.8 / width))
    return best


def split(text: str, delimiter: str, limits: Limits) -> list[Row]:
    """All rows of a text with quotes; a lone quote is a character."""
    if delimiter == BLANKS:
        lines = text.splitlines()
        rows = split_aligned(lines) or (_split_blanks(line) for line in lines)
        return trimmed(rows, SizeCount(limits))
    try:
        return trimmed(_not_runaway(_records(text, delimiter), delimiter), SizeCount(limits))
    except RunawayQuote:
        plain = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE
        )
        return trimmed(([cell.strip('"') for cell in row] for row in plain), SizeCount(limits))


class RunawayQuote(Exception):
    """A lone quote includes many rows, so the file does not use quotes."""


def _not_runaway(rows: Iterable[Row], delimiter: str) -> Iterator[Row]:
    for row in rows:
        if runs_away(row, delimiter):
            raise RunawayQuote
        yield row


def runs_away(row: Row, delimiter: str) -> bool:
    """Whether a cell contains many lines that would be rows of their own."""
    return any(cell.count("\n") > _RUNAWAY and delimiter in cell for cell in row)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_FIELD)
    loose = is_loose(text, delimiter)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=loose)


def is_loose(text: str, delimiter: str) -> bool:
    """Whether quotes begin after a blank."""
    return text.count(f'{delimiter} "') > text.count(f'{delimiter}"')


def _split_blanks(line: str) -> Row:
    return re.split(r"\s{2,}|\t", line.strip()) if line.strip() else []
