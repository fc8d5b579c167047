"""Reading of files in another process (:mod:`.child`)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from . import frames
from .errors import TabularError
from .limits import DEFAULT_LIMITS, Limits
from .model import (
    Examined,
    Marks,
    ParameterTable,
    ParameterTables,
    Row,
    Sheet,
    SheetSample,
    TextForm,
    Workbook,
)
from .reader import too_large

log = logging.getLogger(__name__)

_PIECE = 256 * 1024
_WAIT_FACTOR = 3
# Without the parent package, which would load the whole application.
_START = (
    "import sys; sys.path += sys.argv[2:]; from tabular.child import serve; serve(int(sys.argv[1]))"
)
#: The environment of the process, without secrets.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")


def read(
    data: bytes | BinaryIO | Path,
    filename: str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    marks: bool = False,
    encoding: str = "",
) -> Workbook:
    """Sheets of text cells of a CSV, TSV, TXT, XLS, XLSX, XLSM or ODS file.

    ``marks``: read struck, hidden and merged cells too. ``encoding`` of a text file, if known.

    Raises ``TabularError`` with one of the codes empty, too_large, zip_bomb, encrypted,
    too_many_columns, too_many_rows, too_many_cells, too_much_text, picture, not_a_table, damaged,
    unsupported, unreadable, too_slow, not_read.
    """
    sheets: list[Sheet] = []
    rows: list[Row] = []
    request = {"operation": "read", "filename": filename, "marks": marks, "encoding": encoding}
    with _only_answers():
        for kind, value in _answers(data, request, limits, bounded=True):
            if kind == frames.ROWS:
                rows += value
            elif kind == frames.SHEET:
                marked = _marks(value["marks"])
                sheets.append(Sheet(value["name"], rows, value["hidden"], marked))
                rows = []
        name, found, delimiter = value
    return Workbook(filename, name, tuple(sheets), found, delimiter)


def _marks(flat: list[Any]) -> Marks:
    struck, rows, columns, merged = flat
    return Marks(
        {(row, column): left for row, column, left in struck},
        frozenset(rows),
        frozenset(columns),
        tuple((top, left, bottom, right) for top, left, bottom, right in merged),
    )


def examine(
    stream: BinaryIO | bytes,
    filename: str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    encoding: str = "",
) -> Examined:
    """Examine a file of any length in one pass. ``limits.bytes`` only limits spreadsheets.

    ``encoding`` of a text file, if known. Raises ``TabularError`` as :func:`read` does.
    """
    sheets: list[SheetSample] = []
    rows: list[Row] = []
    request = {"operation": "examine", "filename": filename, "encoding": encoding}
    with _only_answers():
        for kind, value in _answers(stream, request, limits, bounded=True):
            if kind == frames.ROWS:
                rows += value
            elif kind == frames.SHEET:
                sample = list(zip(value["at"], rows, strict=True))
                sheets.append(SheetSample(value["name"], value["rows"], value["hidden"], sample))
                rows = []
        name, form = value
        return Examined(name, tuple(sheets), TextForm(**form) if form else None)


def rows_of(
    stream: BinaryIO | bytes,
    filename: str,
    *,
    form: TextForm | None,
    sheet: int = 0,
    limits: Limits = DEFAULT_LIMITS,
) -> Generator[Row]:
    """The rows of an examined file; ``form`` None means a spreadsheet.

    The other process waits while no rows are taken, and ends when the generator is closed.
    """
    request = {
        "operation": "rows", "filename": filename, "sheet": sheet,
        "form": form.as_json() if form else None,
    }  # fmt: skip
    for kind, value in _answers(stream, request, limits):
        if kind == frames.ROWS:
            yield from value


def read_parameters(
    data: bytes | BinaryIO | Path, filename: str, limits: Limits = DEFAULT_LIMITS
) -> ParameterTables:
    """The tables of parameters of a PDF.

    Raises ``TabularError`` with one of the codes too_large, unsupported, encrypted, damaged,
    too_much_text, too_many_cells, unreadable, too_slow, not_read.
    """
    found: list[ParameterTable] = []
    request = {"operation": "parameters", "filename": filename}
    try:
        with _only_answers():
            for kind, value in _answers(data, request, limits, bounded=True):
                if kind == frames.SHEET:
                    found.append(_parameter_table(value))
            pages, read = map(int, value)
    except TabularError as error:
        if error.code != "unreadable":
            raise
        detail = "This PDF could not be read: it is damaged or built in an unusual way."
        raise TabularError(error.code, detail) from error
    return ParameterTables(tuple(found), pages, read)


def _parameter_table(value: dict[str, Any]) -> ParameterTable:
    table = ParameterTable(**value)
    texts = [*table.roles, *table.above, *table.below]
    texts += [text for row in table.rows for text in (*row, *row.values())]
    if set(map(type, texts)) - {str} or {type(table.page), type(table.left_out)} != {int}:
        raise ValueError("no table of texts")
    return table


@contextmanager
def _only_answers() -> Iterator[None]:
    """Refuse malformed responses, which can come from a compromised reader."""
    try:
        yield
    except TabularError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable() from error


def _answers(
    data: bytes | BinaryIO | Path, request: dict[str, Any], limits: Limits, *, bounded: bool = False
) -> Iterator[tuple[bytes, Any]]:
    """Kind and content of each frame of the response up to ``DONE``.

    ``bounded``: their total size is limited by ``limits``.
    """
    request["limits"] = asdict(limits)
    whole = request["operation"] in ("read", "parameters")
    with ExitStack() as held:
        file, size = _opened(data, limits.bytes if whole else None, held)
        if whole and size > limits.bytes:
            raise too_large(limits)
        (answer, its_answer), (status, its_status) = socket.socketpair(), socket.socketpair()
        held.enter_context(answer)
        held.enter_context(status)
        with its_answer, its_status:
            descriptors = [file, its_answer.fileno(), its_status.fileno()]
            try:
                _server.send(orjson.dumps(request), descriptors)
            except OSError as error:
                log.warning("no process can be started to read %r: %s", request["filename"], error)
                raise _not_read() from None
        received = _Frames(answer, _WAIT_FACTOR * limits.seconds_for(size))
        left = 6 * limits.text + 8 * limits.cells if bounded else sys.maxsize
        kind = b""
        while kind != frames.DONE:
            try:
                kind, body = received.next()
            except TimeoutError:
                raise _too_slow() from None
            except (EOFError, ConnectionError):
                raise _ended(status, request["filename"]) from None
            left -= len(body)
            if left < 0:
                raise TabularError("too_much_text", "The table holds more text than can be read.")
            with _only_answers():
                value = frames.rows_in(body) if kind == frames.ROWS else orjson.loads(body)
                if kind == frames.REFUSED:
                    raise TabularError(*map(str, value))
            yield kind, value


def _opened(data: bytes | BinaryIO | Path, most: int | None, held: ExitStack) -> tuple[int, int]:
    """Descriptor and size of the data, copied to a temporary file if necessary."""
    if isinstance(data, Path):
        data = held.enter_context(data.open("rb"))
    if not isinstance(data, bytes):
        try:
            descriptor = data.fileno()
            data.flush()
            return descriptor, os.fstat(descriptor).st_size
        except (AttributeError, OSError):
            pass
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (held is closed by the caller)
    held.enter_context(copy)
    if isinstance(data, bytes):
        copy.write(data)
    else:
        _copy(data, copy, most)
    copy.flush()
    return copy.fileno(), copy.tell()


def _copy(stream: BinaryIO, copy: Any, most: int | None) -> None:
    """Copy the stream from its beginning, at most one byte more than ``most``."""
    left = most + 1 if most is not None else sys.maxsize
    if stream.seekable():
        stream.seek(0)
    while left and (piece := stream.read(min(left, _PIECE))):
        copy.write(piece)
        left -= len(piece)


class _Frames:
    """Reads frames from a socket, with a total wait of at most ``seconds``."""

    def __init__(self, answer: socket.socket, seconds: float) -> None:
        self.answer, self.left = answer, seconds

    def next(self) -> tuple[bytes, bytearray]:
        """Kind and content. Raises ``EOFError`` or ``TimeoutError``."""
        began = time.monotonic()
        try:
            kind, length = frames.HEADER.unpack(self._take(frames.HEADER.size))
            if length > frames.MOST_BYTES:
                raise EOFError
            return kind, self._take(length)
        finally:
            self.left -= time.monotonic() - began

    def _take(self, length: int) -> bytearray:
        taken = bytearray(length)
        view, end = memoryview(taken), time.monotonic() + self.left
        while view:
            self.answer.settimeout(max(end - time.monotonic(), 0.001))
            count = self.answer.recv_into(view)
            if not count:
                raise EOFError
            view = view[count:]
        return taken


def _too_slow() -> TabularError:
    return TabularError(
        "too_slow", "This file could not be read in the time that a file may take. Split it."
    )


def _ended(status: socket.socket, filename: str) -> TabularError:
    """The error for a process that ended without a response; its output is logged."""
    status.settimeout(5)
    try:
        code, _, remarks = status.recv(8_192).partition(b"\n")
    except OSError:
        code, remarks = b"", b""
    log.warning(
        "the reader of %r ended with %s: %s",
        filename, code.decode() or "its server", remarks.decode(errors="replace").strip(),
    )  # fmt: skip
    if not code:
        return _not_read()
    if int(code) in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow()
    if b"memory allocation" in remarks:
        return TabularError(
            "too_many_cells",
            "This file could not be read: its tables need more memory than a file may take.",
        )
    return _unreadable()


def _not_read() -> TabularError:
    return TabularError("not_read", "This file could not be read just now. Try again.")


def _unreadable() -> TabularError:
    return TabularError(
        "unreadable",
        "This file could not be read: it is damaged or built in an unusual way."
        " Save it again as XLSX or CSV.",
    )


class _ReaderProcess:
    """The process of this worker that forks for each file, restarted if it ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None

    def start(self) -> socket.socket:
        """Start it unless it runs, without waiting until it is ready."""
        if self.control is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                number = theirs.fileno()
                places = [*filter(os.path.isabs, sys.path), str(Path(__file__).parent.parent)]
                self.process = subprocess.Popen(
                    [sys.executable, "-IB", "-c", _START, str(number), *places],
                    pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    cwd="/", start_new_session=True,
                    env={name: os.environ[name] for name in _KEPT if name in os.environ},
                )  # fmt: skip
            self.control = ours
        return self.control

    def send(self, request: bytes, descriptors: list[int]) -> None:
        """Send a request, to a new process if the old one ended."""
        with self.lock:
            try:
                socket.send_fds(self.start(), [request], descriptors)
            except ConnectionError:
                self.stop()
                socket.send_fds(self.start(), [request], descriptors)

    def stop(self) -> None:
        """End the process and its forks."""
        if self.control is not None:
            self.control.close()
            self.control = None
            self.process.wait()

    def forget(self) -> None:
        """Forget the process after a fork; it belongs to the parent."""
        self.lock = threading.Lock()
        if self.control is not None:
            self.control.close()
            self.control = None


_server = _ReaderProcess()
os.register_at_fork(after_in_child=_server.forget)
