"""Tables of any length, row by row: text files in constant memory, spreadsheets as they are.

:func:`examine` determines encoding, delimiter and quoting of a text file in one pass. Its result
(:class:`TextForm`) is then enough to read the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from .delimited import BLANKS, RunawayQuote, find_delimiter, is_loose, runs_away
from .encoding import HIGH_PAIR, guess_legacy, mark_of, utf16_without_mark
from .errors import TabularError
from .limits import Limits
from .model import Examined, Row, SheetSample, TextForm
from .reader import read, recognise

_CHUNK = 1024 * 1024
_HEAD = 400_000
_FIELD = 1_000_000
_RUNAWAY = 60
#: Bytes without a character in Windows-1252.
_UNDEFINED = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
#: Samples: the first rows, and then every n-th row.
FIRST_ROWS, EVERY, MOST_ROWS = 5_000, 97, 15_000
#: Cells and characters of all samples of a file; rows beyond are only counted.
MOST_SAMPLED = 10_000_000


def examine(stream: BinaryIO, filename: str, limits: Limits, encoding: str = "") -> Examined:
    """Examine a file in one pass. ``limits.bytes`` only limits spreadsheets.

    ``encoding`` of a text file, if known. Raises ``TabularError``.
    """
    head = _head(stream)
    if not head.strip(b"\0 \r\n\t"):
        raise TabularError("empty", "The file is empty.")
    kind = recognise(head)
    if kind != "text":
        workbook = read(stream, filename, limits)
        sampler = _Sampler()
        found = [sampler.sampled(one.name, one.rows, hidden=one.hidden) for one in workbook.sheets]
        return Examined(workbook.format, tuple(found))
    form = _text_form(stream, encoding or _encoding(stream))
    try:
        sheet = _walk(stream, form, limits)
    except RunawayQuote:
        form = replace(form, plain=True)
        sheet = _walk(stream, form, limits)
    if not sheet.rows:
        raise TabularError("empty", "The file holds no cells.")
    return Examined("csv", (sheet,), form)


def rows_of(
    stream: BinaryIO,
    filename: str,
    *,
    form: TextForm | None,
    sheet: int,
    limits: Limits,
) -> Iterator[Row]:
    """The rows of an examined file; ``form`` None means a spreadsheet."""
    stream.seek(0)
    if form is None:
        yield from read(stream, filename, limits).sheets[sheet].rows
    else:
        yield from _text_rows(stream, form, limits)


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    return head


class _Sampler:
    """Takes samples of the sheets of a file."""

    def __init__(self) -> None:
        self.text = 0

    def sampled(self, name: str, rows: Iterable[Row], *, hidden: bool = False) -> SheetSample:
        """Count the rows and keep a sample of them."""
        found = SheetSample(name, hidden=hidden)
        for row in rows:
            kept = found.rows < FIRST_ROWS or found.rows % EVERY == 0
            if kept and len(found.sample) < MOST_ROWS and self.text < MOST_SAMPLED:
                self.text += len(row) + sum(map(len, row))
                found.sample.append((found.rows, row))
            found.rows += 1
        return found


def _walk(stream: BinaryIO, form: TextForm, limits: Limits) -> SheetSample:
    stream.seek(0)
    filled = False

    def watched() -> Iterator[Row]:
        nonlocal filled
        for row in _text_rows(stream, form, limits):
            filled = filled or any(map(str.strip, row))
            yield row

    found = _Sampler().sampled("", watched())
    return found if filled else SheetSample()


def _text_form(stream: BinaryIO, encoding: str) -> TextForm:
    text = _head(stream).decode(encoding, errors="ignore").lstrip("\ufeff")
    if text.lstrip()[:1] == "<":
        raise TabularError(
            "unsupported",
            "The file is a web page or XML, whatever its name says; save it as CSV or XLSX.",
        )
    first, _, rest = text.partition("\n")
    if declared := re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first, re.IGNORECASE):
        return TextForm(encoding, declared[1], loose=is_loose(rest, declared[1]), declared=True)
    delimiter = find_delimiter(text[: text.rfind("\n") + 1] or text)
    return TextForm(encoding, delimiter, loose=is_loose(text, delimiter))


def _encoding(stream: BinaryIO) -> str:
    head = _head(stream)
    if name := mark_of(head) or utf16_without_mark(head):
        return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, high, dense = True, set[int](), b""
    while chunk := stream.read(_CHUNK):
        if b"\0" in chunk:
            raise TabularError("not_a_table", "The file is neither a text table nor a spreadsheet.")
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        if not chunk.isascii():
            high.update(chunk.translate(None, bytes(range(128))))
            if len(dense) < _HEAD:
                dense += b"\n".join(one for one in chunk.splitlines() if not one.isascii())
    if is_utf8:
        return "utf-8"
    name = guess_legacy(dense[:_HEAD], pairs=len(HIGH_PAIR.findall(dense)))
    return "latin-1" if name == "cp1252" and high & _UNDEFINED else name


def _text_rows(stream: BinaryIO, form: TextForm, limits: Limits) -> Iterator[Row]:
    wrapped = io.TextIOWrapper(stream, encoding=form.encoding, newline="")
    try:
        if form.declared:
            wrapped.readline()
        yield from _checked(_cut(wrapped, form), form, limits)
    except (csv.Error, UnicodeError) as error:
        if "field larger" in str(error) and not form.plain:
            raise RunawayQuote from error
        raise TabularError("damaged", "The text cannot be cut into columns.") from error
    finally:
        wrapped.detach()


def _cut(text: io.TextIOWrapper, form: TextForm) -> Iterator[Row]:
    if form.delimiter == BLANKS:
        return (re.split(r"\s{2,}|\t", line.strip()) if line.strip() else [] for line in text)
    csv.field_size_limit(_FIELD)
    if form.plain:
        plain = csv.reader(text, delimiter=form.delimiter, quoting=csv.QUOTE_NONE)
        return ([cell.strip('"') for cell in row] for row in plain)
    return csv.reader(text, delimiter=form.delimiter, skipinitialspace=form.loose)


def _checked(rows: Any, form: TextForm, limits: Limits) -> Iterator[Row]:
    """The rows, checked against the limits."""
    quoted, line = hasattr(rows, "line_num"), 0
    for row in rows:
        if len(row) > limits.columns:
            raise TabularError(
                "too_many_columns",
                f"The table has {len(row):,} columns; at most {limits.columns:,} can be read.",
            )
        if quoted:
            before, line = line, rows.line_num
            if line - before > _RUNAWAY and runs_away(row, form.delimiter):
                raise RunawayQuote
        yield row
