"""The web server itself, with two processes on the test database."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from waitress.adjustments import Adjustments

from parts.models import Category
from secondsource.accounts.services import issue_token
from secondsource.core.web import Parser
from tests import factories
from tests.workers import ROOT, process_environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
HALF_OPEN = 200
STRANGER = "Cookie: csrftoken=" + "x" * 32
MEGA = 1024 * 1024


@pytest.fixture(scope="module")
def gunicorn(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server's process and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        os.set_inheritable(listener.fileno(), True)
        log = tmp_path_factory.mktemp("web") / "log"
        command = [
            sys.executable, "-m", "gunicorn", "secondsource.wsgi:application", "--preload",
            f"--bind=fd://{listener.fileno()}", "--workers=2", "--threads=4",
            "--worker-class=secondsource.core.web.BufferedWorker", "--no-control-socket",
            "--graceful-timeout=8",
        ]  # fmt: skip
        environment = process_environment()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=output, stderr=output,
                pass_fds=[listener.fileno()],
            )  # fmt: skip
    try:
        wait_until(lambda: log.read_text().count("Booting worker") == 2)
        yield process, port
    finally:
        process.terminate()
        assert process.wait(30) == 0, log.read_text()


@pytest.fixture
def port(gunicorn: tuple[subprocess.Popen[bytes], int]) -> int:
    return gunicorn[1]


def send(port: int, text: str, body: bytes = b"") -> socket.socket:
    """A connection on which ``text`` (lines of a head, without its end) and ``body`` were sent."""
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.sendall(text.replace("\n", "\r\n").encode() + body)
    return connection


def answer(connection: socket.socket) -> http.client.HTTPResponse:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response


def seconds_to_live(port: int) -> float:
    began = time.monotonic()
    with send(port, "GET /health/live/ HTTP/1.1\nHost: localhost\n\n") as connection:
        assert answer(connection).status == 200
    return time.monotonic() - began


HEAD = "POST /accounts/login/ HTTP/1.1\nHost: localhost\n" + STRANGER
LARGE = f"POST /imports/new/?kind=receipts HTTP/1.1\nHost: localhost\n{STRANGER}"
MULTIPART = "Content-Type: multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    "half", [HEAD, f"{HEAD}\nContent-Length: 1000\n\n", "", f"{HEAD}\nContent-Length: 9\n\nabc"]
)
def test_200_half_requests_hold_nobody_up(port: int, half: str) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(HALF_OPEN):
            stack.enter_context(send(port, half))
        waits = [seconds_to_live(port) for _ in range(5)]
    assert max(waits) < 1


@pytest.mark.long
@pytest.mark.parametrize("half", [HEAD, f"{HEAD}\nContent-Length: 1000\n\n"])
def test_a_half_request_is_cut_even_while_it_drips(port: int, half: str) -> None:
    began = time.monotonic()
    with send(port, half) as connection:
        connection.settimeout(1)
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 40:
                connection.sendall(b"a")
                with contextlib.suppress(TimeoutError):
                    if connection.recv(1) == b"":
                        break
    assert 14 < time.monotonic() - began < 20


@pytest.mark.parametrize("length", [f"Content-Length: {150 * MEGA}", "Transfer-Encoding: chunked"])
def test_a_stranger_s_large_body_is_refused_before_it_comes(port: int, length: str) -> None:
    with send(port, f"{LARGE}\n{MULTIPART}\n{length}\n\n") as connection:
        response = answer(connection)
        assert response.status == 413
        assert "sign in before you send a file" in response.read().decode()


def test_a_stranger_who_goes_on_sending_still_reads_the_answer(port: int) -> None:
    with send(port, f"{LARGE}\n{MULTIPART}\nContent-Length: {20 * MEGA}\n\n") as connection:
        connection.sendall(b"x" * (20 * MEGA))
        assert answer(connection).status == 413


@pytest.mark.parametrize("token", ["", "\nAuthorization: Bearer invented"])
def test_the_api_asks_a_stranger_for_a_token(port: int, token: str) -> None:
    head = f"POST /api/v1/imports/ HTTP/1.1\nHost: localhost\n{MULTIPART}{token}"
    with send(port, f"{head}\nExpect: 100-continue\nContent-Length: {MEGA}\n\n") as connection:
        response = answer(connection)
        assert (response.status, response.headers["WWW-Authenticate"]) == (
            401,
            'Bearer realm="api"',
        )
        assert json.load(response)["status"] == 401


def cookies_of(person: Any) -> str:
    client = Client()
    client.force_login(person)
    return f"Cookie: sessionid={client.session.session_key}; csrftoken={'x' * 32}"


def test_a_person_s_file_is_read(port: int) -> None:
    cookies = cookies_of(factories.person("engineer"))
    form = b"--x\r\nContent-Disposition: form-data; name=csrfmiddlewaretoken\r\n\r\n" + b"x" * 32
    form += b'\r\n--x\r\nContent-Disposition: form-data; name=file; filename="a.csv"\r\n\r\n'
    form += b"Qty,MPN\r\n" + b"1,ABC\r\n" * 60_000 + b"\r\n--x--\r\n"
    head = f"POST /imports/new/?kind=bom HTTP/1.1\nHost: localhost\n{cookies}\n{MULTIPART}"
    text = f"{head}\nExpect: 100-continue\nContent-Length: {len(form)}\n\n"
    with send(port, text) as connection:
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(form)
        response = answer(connection)
        assert (response.status, response.headers.get("Location", "")[:9]) == (302, "/imports/")


def test_a_person_s_body_above_the_limit_is_refused_before_it_comes(port: int) -> None:
    cookies = cookies_of(factories.person("engineer"))
    head = f"POST /imports/new/?kind=bom HTTP/1.1\nHost: localhost\n{cookies}\n{MULTIPART}"
    with send(port, f"{head}\nContent-Length: {21 * MEGA}\n\n") as connection:
        response = answer(connection)
        assert response.status == 413
        assert "at most 20 MB are allowed here" in response.read().decode()


def chunked(data: bytes, size: int) -> bytes:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def test_a_body_in_chunks_is_read(port: int) -> None:
    _, secret = issue_token(
        user=factories.person("engineer"), scopes=["read", "write"], days=9, actor=factories.JOB
    )
    body = json.dumps({"path": "chunked", "name": "Came in pieces"}).encode()
    head = f"POST /api/v1/categories/ HTTP/1.1\nHost: localhost\nAuthorization: Bearer {secret}"
    text = f"{head}\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n"
    with send(port, text, chunked(body, 7)) as connection:
        assert answer(connection).status == 201
    assert Category.objects.get().name == "Came in pieces"


LINE = "Host: localhost\n"
REFUSED = {
    "414": f"GET {{}}?{'q' * 9000} HTTP/1.1\n{LINE}\n",
    "431": f"GET {{}} HTTP/1.1\n{LINE}X: {'x' * 70_000}\n\n",
    "400": f"POST {{}} HTTP/1.1\n{LINE}Content-Length: many\n\n",
    "501": f"POST {{}} HTTP/1.1\n{LINE}Transfer-Encoding: gzip\n\n",
}


@pytest.mark.parametrize("status", REFUSED)
def test_what_the_server_itself_refuses_has_the_shape_of_its_caller(port: int, status: str) -> None:
    with send(port, REFUSED[status].format("/api/v1/parts/")) as connection:
        response = answer(connection)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert (response.status, json.load(response)["status"]) == (int(status), int(status))
    with send(port, REFUSED[status].format("/parts/")) as connection:
        response = answer(connection)
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert response.status == int(status)


def test_a_reload_of_its_processes_drops_no_request(
    gunicorn: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = gunicorn
    stop, done, failed = threading.Event(), [0], []

    def ask() -> None:
        while not stop.is_set():
            try:
                seconds_to_live(port)
                done[0] += 1
            except (OSError, http.client.HTTPException, AssertionError) as error:
                failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    before = workers(process)
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(workers(process)) == 2 and not workers(process) & before)
    stop.set()
    for thread in threads:
        thread.join()
    assert (failed, done[0] > 10) == ([], True)


def test_a_body_for_which_the_disk_has_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")
    request = Parser(Adjustments())
    request.received(b"POST /api/v1/imports/ HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n")
    request.most_bytes = 3_000_000
    request.received(b"x" * 1_000_000)
    assert (request.completed, request.error.code) == (True, 503)


def workers(process: subprocess.Popen[bytes]) -> set[str]:
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_a_killed_process_is_replaced(gunicorn: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = gunicorn
    before = workers(process)
    os.kill(int(min(before)), signal.SIGKILL)
    wait_until(lambda: len(workers(process)) == 2 and workers(process) != before)
    assert seconds_to_live(port) < 5
