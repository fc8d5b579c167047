"""Frames of JSON that the reading process sends, each with its kind and length.

JSON is used instead of pickle because that process has read an untrusted file. The size of a frame
is limited.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import orjson

from .errors import TabularError
from .model import Row

HEADER = struct.Struct("!cI")
#: A row has at most two million characters, each of them at most six bytes long as JSON.
MOST_BYTES = 32 * 1024 * 1024
#: Rows or characters in a frame; fewer than the garbage collector's threshold (700).
_ROWS, _TEXT = 250, 250_000

ROWS, SHEET, DONE, REFUSED = b"R", b"S", b"D", b"E"


def send(write: Callable[[bytes], object], kind: bytes, value: Any) -> None:
    """Write a frame."""
    try:
        body = orjson.dumps(value)
    except orjson.JSONEncodeError:  # half a surrogate pair, as in some old workbooks
        body = orjson.dumps(_whole_characters(value))
    write(HEADER.pack(kind, len(body)) + body)


def send_rows(write: Callable[[bytes], object], rows: Iterable[Row], most: int) -> None:
    """Write rows in frames of moderate size. Raises ``TabularError``: ``most`` characters a row."""
    held: list[Row] = []
    text = 0
    for row in rows:
        length = len(row) + sum(map(len, row))
        if length > most:
            raise TabularError("too_much_text", "A row holds more text than can be read.")
        held.append(row)
        text += length
        if len(held) >= _ROWS or text >= _TEXT:
            send(write, ROWS, held)
            held, text = [], 0
    if held:
        send(write, ROWS, held)


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _whole_characters(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_characters(one) for one in value]
    return value


def rows_in(body: bytes | bytearray) -> list[Row]:
    """The rows of a frame. Raises ``ValueError`` for anything else."""
    rows: list[Row] = orjson.loads(body)
    if set(map(type, rows)) <= {list} and set(map(type, chain.from_iterable(rows))) <= {str}:
        return rows
    raise ValueError("no rows of text")
