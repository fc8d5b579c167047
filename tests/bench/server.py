"""The measured server: one gunicorn worker as in production, on a free port."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """One answer: status, wall time and server time in ms, queries, bytes over the wire."""

    status: int
    wall_ms: float
    server_ms: float
    queries: int
    size: int
    body: bytes


class Client:
    """One kept-alive connection, opened anew where the server closed it in a pause."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Accept-Encoding": "gzip", "Host": "localhost", **headers}

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Send one request and read all of its answer."""
        sent = (method, path, body, {**self.headers, **(headers or {})})
        began = time.perf_counter()
        try:
            response = self._answered(*sent)
        except ConnectionError:
            self.connection.close()
            began = time.perf_counter()
            response = self._answered(*sent)
        content = response.read()
        wall = (time.perf_counter() - began) * 1000
        server = float(response.getheader("X-Server-Ms") or wall)
        queries = int(response.getheader("X-Queries") or 0)
        return Answer(response.status, wall, server, queries, len(content), content)

    def _answered(self, *sent: Any) -> http.client.HTTPResponse:
        self.connection.request(*sent)
        return self.connection.getresponse()


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Start the server; yields its port and its worker's process id."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "secondsource.wsgi:application", "--workers", "1",
        "--worker-class", "secondsource.core.web.BufferedWorker", "--threads", "4",
        "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "error",
        "--timeout", "120",
    ]  # fmt: skip
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        _wait(port, process)
        yield port, _worker_of(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the measured server ended at once")
        try:
            Client(port, {}).ask("/health/live/")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the measured server did not answer")


def _worker_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else pid


def resident_mb(pid: int) -> float:
    """Resident memory of a process, MB."""
    return _memory_mb(str(pid), "VmRSS")


def peak_mb() -> float:
    """The most that this process had resident, MB; of itself alone, not of who started it."""
    return _memory_mb("self", "VmHWM")


def _memory_mb(process: str, name: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
