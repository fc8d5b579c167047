"""A real Celery worker on the test database, for tests whose claim is about a worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent


def process_environment() -> dict[str, str]:
    """Variables with which another process of the product works on this test's database."""
    from django.db import connection  # settings exist only after pytest_configure

    parts = urlsplit(os.environ["DATABASE_URL"])
    name = quote(connection.settings_dict["NAME"])
    return os.environ | {
        "DATABASE_URL": parts._replace(path=f"/{name}").geturl(),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "secondsource.settings",
    }


@pytest.fixture
def running_worker(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on all queues that is ready; tests wait for its effects with ``wait_until``."""
    command = [
        sys.executable, "-m", "celery", "-A", "secondsource", "worker", "--pool=solo",
        "--loglevel=INFO", "--without-gossip", "--without-mingle",
        "--queues=default,figures,exchange,notify",
    ]  # fmt: skip
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            command, env=process_environment(), cwd=ROOT, stdout=output, stderr=output
        )
    try:
        wait_until(lambda: " ready." in log.read_text() or worker.poll() is not None)
        assert worker.poll() is None, log.read_text()
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def wait_until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until ``condition()`` is true; a failed assertion when the time has passed.

    Only a failing test waits for all of it, so it is long enough for a machine that does much else.
    """
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not true within {seconds:g} s"
        time.sleep(0.05)


def birth(pid: int) -> str:
    """When a process was born, as the kernel counts; empty when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
