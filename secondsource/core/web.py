"""The web server: an event loop reads requests, and threads handle complete ones.

gunicorn runs the processes, waitress reads and writes in each of them, so that slow connections do
not block threads. The application decides which large bodies are read
(``secondsource.core.admission``).
"""

from __future__ import annotations

import io
import json
import os
import socket
import time
from http import HTTPStatus
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from secondsource.core.admission import ADMITTED, HEAD_ONLY, SMALL_BODY

#: Bytes of a body in memory; larger ones are written to a file.
_IN_MEMORY = 32 * 1024
_LONGEST_LINE, _LONGEST_HEAD = 8 * 1024, 64 * 1024
#: Seconds for headers and a small body, between two pieces of a large body, between requests.
_READ_WITHIN, _PIECE_WITHIN, _IDLE = 15.0, 30.0, 60
#: Seconds for which a refused client can continue to send, so that it reads the response.
_LINGER = 3.0
#: Seconds at shutdown for a begun request, and for the request of a new connection.
_ARRIVING = 2.0
_CONNECTIONS = 900


class UriTooLong(Error):
    code = 414


class BodyTooLarge(Error):
    code = 413


class NoRoom(Error):
    code = 503


class Answered(Error):
    """The application's response to the headers, in place of the body."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Parser(HTTPRequestParser):
    """A request, with the time of its beginning and the admission of its body."""

    expect_continue: bool

    def __init__(self, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.began = self.last_piece = time.monotonic()
        self.start = b""
        self.asked = self.wants_continue = False
        self.most_bytes: int | None = None

    @property
    def waits(self) -> bool:
        """Whether a large body waits for admission."""
        large = self.chunked or self.content_length > SMALL_BODY
        return large and self.most_bytes is None and self.headers_finished and not self.error

    def received(self, data: bytes) -> int:
        self.last_piece = time.monotonic()
        if not self.headers_finished:
            self.start = (self.start + data)[: _LONGEST_LINE + 1]
            if len(self.start) > _LONGEST_LINE and b"\n" not in self.start:
                return self._refuse(UriTooLong(""), len(data))
        try:
            consumed = int(super().received(data))
        except OSError:  # a large body goes to a file
            return self._refuse(NoRoom(""), len(data))
        if self.waits:
            self.wants_continue, self.expect_continue = self.expect_continue, False
        if self.most_bytes is not None and self.body_bytes_received > self.most_bytes:
            return self._refuse(BodyTooLarge(""), consumed)
        return consumed

    def _refuse(self, error: Error, consumed: int) -> int:
        self.error, self.completed, self.headers_finished = error, True, True
        return consumed

    def is_late(self, now: float) -> bool:
        """Whether the request takes too long to arrive."""
        if self.waits:
            return False
        if self.most_bytes is not None:
            return now - self.last_piece > _PIECE_WITHIN
        return now - self.began > _READ_WITHIN


class Refusal(ErrorTask):
    """A refusal of the server: problem+json under ``/api/``, else a line of text."""

    def execute(self) -> None:
        error = self.request.error
        if not isinstance(error, Answered):
            error = _answer(error, for_api=b" /api/" in self.request.start[:100])
        self.status, self.content_length = error.status, len(error.body)
        self.response_headers += [h for h in error.headers if h[0].lower() != "content-length"]
        self.response_headers.append(("Content-Length", str(len(error.body))))
        self.set_close_on_finish()
        self.channel.lingers = True
        self.write(error.body)


def _answer(error: Error, *, for_api: bool) -> Answered:
    from secondsource.core.api.problems import MEDIA_TYPE, problem  # the application is loaded

    status = HTTPStatus(error.code)
    line = f"{status.value} {status.phrase}"
    headers = [("Retry-After", "5")] if error.code == HTTPStatus.SERVICE_UNAVAILABLE else []
    if not for_api:
        text = [("Content-Type", "text/plain; charset=utf-8")]
        return Answered(line, headers + text, line.encode())
    found = problem(status.value, status.name.lower(), f"The request is refused: {status.phrase}.")
    return Answered(line, [*headers, ("Content-Type", MEDIA_TYPE)], json.dumps(found).encode())


class Admission:
    """A task that calls the application for the admission of a body."""

    def __init__(self, channel: Channel, request: Parser) -> None:
        self.channel, self.request = channel, request

    def service(self) -> None:
        environ = WSGITask(self.channel, self.request).get_environment()
        environ |= {"wsgi.input": io.BytesIO(), HEAD_ONLY: True}
        given: list[Any] = []
        pieces = self.channel.server.application(environ, lambda *start: given.extend(start))
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", bool)()
        if given[0].startswith(f"{ADMITTED} "):
            self.channel.admit(self.request, int(body))
        else:
            self.channel.refuse(self.request, Answered(given[0], given[1], body))

    def cancel(self) -> None:
        self.channel.cancel()


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Parser
    error_task_class = Refusal
    #: Until when a refused body is read, if the client still sends.
    lingers = False
    lingers_until: float | None = None

    def received(self, data: bytes) -> bool:
        done = bool(super().received(data))
        request = self.request
        if request is not None and request.waits and not request.asked:
            request.asked = True
            self.server.add_task(Admission(self, request))
        return done

    def readable(self) -> bool:
        if self.lingers_until is not None:
            return True
        return super().readable() and not (self.request is not None and self.request.waits)

    def admit(self, request: Parser, most_bytes: int) -> None:
        """Continue reading, up to ``most_bytes``."""
        with self.requests_lock:
            request.most_bytes, request.last_piece = most_bytes, time.monotonic()
            if request.wants_continue:
                self.send_continue()
        self.server.pull_trigger()

    def refuse(self, request: Parser, answer: Answered) -> None:
        """Send the application's response and stop reading."""
        with self.requests_lock:
            request.error, request.completed, self.request = answer, True, None
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)

    def handle_read(self) -> None:
        if self.lingers_until is None:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes) or time.monotonic() > self.lingers_until:
            super().handle_close()

    def writable(self) -> bool:
        return self.lingers_until is None and bool(super().writable())

    def handle_close(self) -> None:
        if self.lingers and self.lingers_until is None and self.connected:
            self.lingers_until = time.monotonic() + _LINGER
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass  # the client has disconnected
        super().handle_close()

    def cut_if_late(self, now: float) -> None:
        """Close a connection whose request takes too long to arrive."""
        if self.lingers_until is not None:
            if now > self.lingers_until:
                super().handle_close()
        elif not self.requests and self.request is not None and self.request.is_late(now):
            self.will_close = True


class BufferedWorker(Worker):
    """A gunicorn worker whose connections are read and written by waitress."""

    def run(self) -> None:
        sockets: dict[int, Any] = {}
        create_server(
            self.wsgi, sockets,
            sockets=[one.sock for one in self.sockets], threads=self.cfg.threads,
            asyncore_use_poll=True, connection_limit=_CONNECTIONS, backlog=self.cfg.backlog,
            channel_timeout=_IDLE, cleanup_interval=5, recv_bytes=64 * 1024,
            inbuf_overflow=_IN_MEMORY, max_request_header_size=_LONGEST_HEAD,
            ident=None, server_name="localhost",
            # the settings decide whether proxy headers are trusted (HTTPS)
            clear_untrusted_proxy_headers=False,
        )  # fmt: skip
        servers = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]
        for server in servers:
            server.channel_class = Channel
        while self.alive:
            if self.ppid != os.getppid():
                return  # killed: nobody waits for an orderly shutdown
            self._turn(sockets, 0.5)
        self._finish(servers, sockets)
        self.log.info("All requests are answered (pid: %s)", self.pid)
        # skips the finalization of the interpreter, which takes seconds
        os._exit(0)

    def _turn(self, sockets: dict[int, Any], seconds: float) -> None:
        self.notify()
        wasyncore.loop(timeout=seconds, use_poll=True, map=sockets, count=1)
        now = time.monotonic()
        for channel in _channels(sockets):
            channel.cut_if_late(now)

    def _finish(self, servers: list[BaseWSGIServer], sockets: dict[int, Any]) -> None:
        """Stop accepting, and respond to begun requests within the time for it."""
        for server in servers:
            server.accepting = False
        until = time.monotonic() + self.cfg.graceful_timeout
        self._turn(sockets, 0.0)
        while any(map(_is_at_work, _channels(sockets))) and time.monotonic() < until:
            self._turn(sockets, 0.1)
        servers[0].task_dispatcher.shutdown(timeout=max(0.0, until - time.monotonic()))
        wasyncore.close_all(sockets)


def _channels(sockets: dict[int, Any]) -> list[Channel]:
    return [one for one in sockets.values() if isinstance(one, Channel)]


def _is_at_work(channel: Channel) -> bool:
    """Whether there are requests at work, arriving or expected."""
    request = channel.request
    if channel.requests or channel.total_outbufs_len:
        return True
    if request is not None:
        return time.monotonic() - request.last_piece < _ARRIVING
    is_new = channel.last_activity == channel.creation_time
    return bool(is_new and time.time() - channel.creation_time < _ARRIVING)
