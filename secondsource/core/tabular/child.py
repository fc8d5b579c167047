"""The process in which files are read, with limits on memory, time and descriptors.

A worker starts one (:mod:`.process`), which loads the readers and waits. For each file it forks:
the fork sets its limits, reads, responds and ends, so files cannot affect each other. The worker
gets a response, or the end of a pipe and a status. The process ends with the worker, whose end of
the socket then closes.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import select
import signal
import socket
import traceback
from dataclasses import asdict
from typing import Any

import orjson

from . import frames
from .errors import TabularError
from .limits import Limits
from .model import Marks, TextForm
from .reader import read
from .row_stream import examine, rows_of

REQUEST_BYTES = 65_536
_FILE, _ANSWER = 3, 4
_NOTHING, _FILES = 0, 64
_LIBC = ctypes.CDLL(None)
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_REMARKS = 4_096


def serve(control: int) -> None:
    """Fork for each request on the socket ``control`` until its other end closes.

    A request has two descriptors beside the file's: the socket for the answer, and one for the
    status at the end. When the worker closes the latter early, the fork is killed.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # a fork ends before reference cycles matter, and shares more memory
    _ForkServer(socket.socket(fileno=control)).run()


class _ForkServer:
    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        woken, waker = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        self.poll.register(woken, select.POLLIN)
        self.woken = woken
        #: descriptor of the status socket → (process, status socket, what it wrote to stderr)
        self.reading: dict[int, tuple[int, socket.socket, int]] = {}

    def run(self) -> None:
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == self.control.fileno():
                    if not self._accept():
                        return
                elif descriptor == self.woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.woken, 4_096)
                    self._reap()
                elif descriptor in self.reading:
                    os.kill(self.reading[descriptor][0], signal.SIGKILL)
                    self.poll.unregister(descriptor)

    def _accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, REQUEST_BYTES, 3)
        if not message:
            return False
        file, answer, status = descriptors
        remarks, stderr = os.pipe()
        process = os.fork()
        if not process:
            _become_reader(file, answer, stderr)
            _read(orjson.loads(message))
        for descriptor in (file, answer, stderr):
            os.close(descriptor)
        self.reading[status] = process, socket.socket(fileno=status), remarks
        self.poll.register(status, 0)  # the other end can be closed
        return True

    def _reap(self) -> None:
        """Report the status of each ended process and its last output."""
        for descriptor, (process, status, remarks) in list(self.reading.items()):
            ended, code = os.waitpid(process, os.WNOHANG)
            if not ended:
                continue
            del self.reading[descriptor]
            with contextlib.suppress(KeyError):
                self.poll.unregister(descriptor)
            os.set_blocking(remarks, False)
            with contextlib.suppress(OSError):
                said = os.read(remarks, _REMARKS)
                status.send(b"%d\n" % os.waitstatus_to_exitcode(code) + said, socket.MSG_DONTWAIT)
            os.close(remarks)
            status.close()


def _become_reader(file: int, answer: int, stderr: int) -> None:
    """Close all descriptors but the file, the socket of the response and the pipe for stderr."""
    signal.set_wakeup_fd(-1)
    for one in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGKILL)
    os.set_blocking(stderr, False)
    held = [os.dup(one) for one in (file, answer, stderr)]
    for descriptor, wanted in zip(held, (_FILE, _ANSWER, 2), strict=True):
        os.dup2(descriptor, wanted)
    os.closerange(_ANSWER + 1, 1_024)


def _read(request: dict[str, Any]) -> None:
    """Respond to the request and end the process."""
    limits = Limits(**request["limits"])
    code = 1
    answer = socket.socket(fileno=_ANSWER)
    try:
        _limit(limits, os.fstat(_FILE).st_size)
        with os.fdopen(_FILE, "rb") as stream:
            stream.seek(0)
            _OPERATIONS[request["operation"]](answer.sendall, stream, request, limits)
        code = 0
    except TabularError as error:
        frames.send(answer.sendall, frames.REFUSED, [error.code, str(error)])
        code = 0
    except MemoryError:
        os.write(2, b"memory allocation failed")
    except BaseException:  # noqa: BLE001 (a panic of native code is no Exception)
        with contextlib.suppress(OSError):
            os.write(2, traceback.format_exc()[-_REMARKS:].encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _limit(limits: Limits, size: int) -> None:
    memory, seconds = limits.memory_for(size), limits.seconds_for(size)
    for what, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _NOTHING),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        hard = resource.getrlimit(what)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (bound, bound))


def _read_whole(write: Any, stream: Any, request: dict[str, Any], limits: Limits) -> None:
    workbook = read(
        stream, request["filename"], limits,
        marks=request["marks"], encoding=request["encoding"],
    )  # fmt: skip
    for sheet in workbook.sheets:
        frames.send_rows(write, sheet.rows, limits.row_text)
        about = {"name": sheet.name, "hidden": sheet.hidden, "marks": _flat(sheet.marks)}
        frames.send(write, frames.SHEET, about)
    found = [workbook.format, workbook.encoding, workbook.delimiter]
    frames.send(write, frames.DONE, found)


def _flat(marks: Marks) -> list[Any]:
    struck = [[row, column, left] for (row, column), left in marks.struck.items()]
    return [struck, list(marks.hidden_rows), list(marks.hidden_columns), marks.merged]


def _examine(write: Any, stream: Any, request: dict[str, Any], limits: Limits) -> None:
    examined = examine(stream, request["filename"], limits, request["encoding"])
    for sheet in examined.sheets:
        frames.send_rows(write, (row for _, row in sheet.sample), limits.row_text)
        about = {"name": sheet.name, "hidden": sheet.hidden, "rows": sheet.rows}
        about["at"] = [index for index, _ in sheet.sample]
        frames.send(write, frames.SHEET, about)
    form = examined.form.as_json() if examined.form else None
    frames.send(write, frames.DONE, [examined.format, form])


def _stream(write: Any, stream: Any, request: dict[str, Any], limits: Limits) -> None:
    form = TextForm(**request["form"]) if request["form"] else None
    rows = rows_of(stream, request["filename"], form=form, sheet=request["sheet"], limits=limits)
    frames.send_rows(write, rows, limits.row_text)
    frames.send(write, frames.DONE, None)


def _parameters(write: Any, stream: Any, request: dict[str, Any], limits: Limits) -> None:
    from . import pdf_tables  # pdfium is loaded where it is needed alone

    content = pdf_tables.checked(stream.read(limits.bytes + 1), limits)
    pages = 0
    for page in pdf_tables.pages(content, limits.pages):
        pages = page.number
        for table in pdf_tables.tables_of(page):
            frames.send(write, frames.SHEET, asdict(table))
    frames.send(write, frames.DONE, [pdf_tables.page_count(content), pages])


_OPERATIONS = {
    "read": _read_whole, "examine": _examine, "rows": _stream, "parameters": _parameters,
}  # fmt: skip
