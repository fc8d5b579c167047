"""The product while one of its servers is stopped, gone or full: 503 in time, never a 500."""

from __future__ import annotations

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
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from secondsource.embedded.postgres import open_cursor
from secondsource.embedded.servers import Embedded
from tests.workers import ROOT, wait_until

pytestmark = pytest.mark.long
#: What a worker takes to start on a machine that does much else.
START_SECONDS = 30
MAKE = """
from secondsource.accounts.models import User
from secondsource.accounts.services import issue_token
from secondsource.core.actors import Actor
from django.test import Client
from parts.models import Category
person = User.objects.create_user("e@example.com", None, name="E", roles=["engineer"])
client = Client()
client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
Category.objects.create(path="made", name="Made")
job = Actor.named_job("tests")
_, secret = issue_token(user=person, scopes=["read", "write"], days=9, actor=job)
print("FOUND", client.session.session_key, secret)
"""

IMPORT = """
from django.core.files.uploadedfile import SimpleUploadedFile
from secondsource.accounts.models import User
from secondsource.core.actors import Actor
from secondsource.exchange import services
from parts.models import Part
actor, part = Actor(user=User.objects.get()), Part.objects.first()
text = f"IPN,Stock\\n{part.ipn},{(part.stock_qty or 0) + 1}\\n"
file = SimpleUploadedFile("s.csv", text.encode())
imported = services.upload(file=file, kind="stock", actor=actor)
services.confirm(imported=imported, actor=actor)
"""


class House:
    """Servers of its own, one web process with four threads, a person with session and token."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers = Embedded(folder / "var", throwaway=True)
        started = self.servers.start()
        base = {n: v for n, v in os.environ.items() if n not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = base | started | {
            "DATA_DIR": str(folder / "data"), "SECRET_KEY": "x", "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "secondsource.settings",
        }  # fmt: skip
        owner = self.environment | {"DATABASE_URL": started["DATABASE_OWNER_URL"]}
        self.manage("migrate", "--verbosity=0", environment=owner)
        said = self.manage("shell", "-v0", "-c", MAKE)
        self.session, self.secret = said.split("FOUND")[1].split()
        self.web, self.port = self._serve()
        wait_until(lambda: self.ask("GET", "/health/live/")[0] == 200)

    def start(self, server: str) -> None:
        """Start one server again, named by the variable with its address."""
        self.servers.needs = frozenset({server})
        self.servers.start_servers()

    def manage(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment or self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _serve(self) -> tuple[subprocess.Popen[bytes], int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            command = [
                sys.executable, "-m", "gunicorn", "secondsource.wsgi:application", "--workers=1",
                f"--bind=fd://{listener.fileno()}", "--threads=4", "--no-control-socket",
                "--worker-class=secondsource.core.web.BufferedWorker",
            ]  # fmt: skip
            web = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, pass_fds=[listener.fileno()]
            )
            return web, listener.getsockname()[1]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, float, dict[str, str]]:
        """(status, seconds, headers); the API by token, pages by session."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": "localhost", "Cookie": f"sessionid={self.session}"}
        if path.startswith("/api/"):
            headers = {"Host": "localhost", "Authorization": f"Bearer {self.secret}"}
        began = time.monotonic()
        with closing(connection):
            try:
                text = None if body is None else json.dumps(body)
                kind = {"Content-Type": "application/json"} if body is not None else {}
                connection.request(method, path, text, headers | kind)
                response = connection.getresponse()
            except OSError:
                return 0, 0.0, {}
            response.read()
            return response.status, time.monotonic() - began, dict(response.getheaders())

    def post_part(self, ipn: str) -> tuple[int, float, dict[str, str]]:
        return self.ask("POST", "/api/v1/parts/", {"ipn": ipn, "category": "made"})

    def part_count(self, ipn: str) -> int:
        with open_cursor(self.environment["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute("SELECT count(*) FROM parts_part WHERE ipn = %s", [ipn])
            return int(cursor.fetchone()[0])

    def pid(self, name: str) -> int:
        return next(one.process.pid for one in self.servers.children if one.name == name)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        os.kill(self.pid(name), signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid(name), signal.SIGCONT)

    @contextmanager
    def workers(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker with one process, and beat."""
        celery = [sys.executable, "-m", "celery", "-A", "secondsource"]
        queues = "--queues=default,figures,exchange,notify"
        schedule = f"--schedule={self.folder / 'beat'}"
        worker = self._start([*celery, "worker", "--concurrency=1", "--without-mingle", queues])
        beat = self._start([*celery, "beat", "--pidfile=", schedule])
        try:
            yield worker
        finally:
            for one in (worker, beat):
                one.kill()
                one.wait()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=null, stderr=null)

    def job(self) -> tuple[str, int]:
        """State and tries of the last job."""
        with open_cursor(self.environment["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute("SELECT state, tries FROM core_job ORDER BY created_at DESC LIMIT 1")
            state, tries = cursor.fetchone()
            return str(state), int(tries)

    def stop(self) -> None:
        self.web.terminate()
        self.web.wait(30)
        self.servers.stop()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        made = House(Path(name))
        yield made
        made.stop()


def is_in_time(answer: tuple[int, float, dict[str, str]], status: int) -> None:
    assert answer[0] == status
    assert answer[1] < 3
    assert status != 503 or int(answer[2]["Retry-After"]) >= 1


def test_a_cache_and_broker_that_hang(house: House) -> None:
    is_in_time(house.ask("GET", "/parts/"), 200)
    with house.stopped("valkey"):
        for number in range(3):
            is_in_time(house.ask("GET", "/parts/"), 200)
            is_in_time(house.ask("GET", "/api/v1/parts/"), 200)
            is_in_time(house.post_part(f"HANG-{number}"), 201)
            is_in_time(house.ask("GET", "/health/live/"), 200)
    assert house.part_count("HANG-2") == 1


def test_a_database_backend_that_is_killed(house: House) -> None:
    """Nothing is a 500, and what was answered with 201 is there, once."""
    answers: list[tuple[str, int]] = []
    stop = threading.Event()

    def write(name: str) -> None:
        number = 0
        while not stop.is_set():
            ipn = f"{name}-{number}"
            answers.append((ipn, house.post_part(ipn)[0]))
            number += 1

    threads = [threading.Thread(target=write, args=[f"KILL{n}"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(1)
        with open_cursor(house.environment["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'secondsource_app'"
            )
    stop.set()
    for thread in threads:
        thread.join()
    assert {status for _, status in answers} <= {201, 503}
    made = [ipn for ipn, status in answers if status == 201]
    assert len(made) > 10
    assert [ipn for ipn in made if house.part_count(ipn) != 1] == []


def test_a_database_that_hangs_is_given_up(house: House) -> None:
    """The server takes connections and answers none of them."""
    with open_cursor(house.environment["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'secondsource_app'"
        )
    with house.stopped("postgres"):
        is_in_time(house.ask("GET", "/api/v1/parts/"), 503)
        is_in_time(house.ask("GET", "/parts/"), 503)
    wait_until(lambda: house.ask("GET", "/parts/")[0] == 200, 10)


def test_a_database_that_is_gone_and_comes_back(house: House) -> None:
    child = next(one for one in house.servers.children if one.name == "postgres")
    child.end()
    house.servers.children.remove(child)
    for path in ("/parts/", "/api/v1/parts/"):
        is_in_time(house.ask("GET", path), 503)
    is_in_time(house.post_part("GONE-1"), 503)
    house.start("DATABASE_URL")
    wait_until(lambda: house.ask("GET", "/parts/")[0] == 200, 10)
    assert house.part_count("GONE-1") == 0
    is_in_time(house.post_part("GONE-1"), 201)


def test_valkey_that_is_gone_and_comes_back(house: House) -> None:
    child = next(one for one in house.servers.children if one.name == "valkey")
    child.end()
    house.servers.children.remove(child)
    is_in_time(house.ask("GET", "/parts/"), 200)
    is_in_time(house.post_part("GONE-2"), 201)
    house.start("REDIS_URL")
    wait_until(lambda: house.ask("GET", "/parts/")[0] == 200, 10)


def test_a_job_whose_worker_is_killed_is_taken_up_within_a_minute(house: House) -> None:
    house.post_part("JOB-1")
    with open_cursor(house.environment["DATABASE_OWNER_URL"]) as turn:
        turn.execute("SELECT pg_advisory_lock(hashtext('exchange.import'))")
        with house.workers() as worker:
            house.manage("shell", "-v0", "-c", IMPORT)
            wait_until(lambda: house.job() == ("running", 1))
            worker.kill()
    killed = time.monotonic()
    with house.workers():
        wait_until(lambda: house.job()[0] == "done", 60 + START_SECONDS)
    assert house.job() == ("done", 2)
    assert time.monotonic() - killed < 60 + START_SECONDS


def test_a_job_whose_message_is_gone_is_taken_up_within_a_minute(house: House) -> None:
    """The broker loses everything between the outbox and the worker."""
    with house.workers() as worker:
        wait_until(lambda: house.ask("GET", "/health/ready/")[0] == 200)
        os.kill(worker.pid, signal.SIGSTOP)
        house.manage("shell", "-v0", "-c", IMPORT)
        with open_cursor(house.environment["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute("UPDATE core_outbox SET state = 'done', done_at = now()")
        lost = time.monotonic()
        os.kill(worker.pid, signal.SIGCONT)
        wait_until(lambda: house.job()[0] == "done", 60)
    assert time.monotonic() - lost < 60
