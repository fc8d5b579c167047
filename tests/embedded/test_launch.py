"""``make run`` from the outside: refusals, and (long) the whole product started and ended."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings

from secondsource.embedded.folders import take_lock
from secondsource.embedded.launch import WRITTEN_FOLDERS
from tests.workers import ROOT, birth, wait_until

COMMAND = [sys.executable, "-m", "secondsource.embedded.launch"]
#: Seconds for a first start on a machine that does much else; only a failing test waits for them.
PATIENCE = 900
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "STATICFILES_BACKEND")


@pytest.fixture
def data():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"


@pytest.fixture(scope="module")
def house():
    """A data folder in which a first start has happened, for all long tests of this file."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        process, _ = start(Path(name) / "var", free_port())
        process.terminate()
        assert process.wait(60) == 0
        yield Path(name) / "var"


@pytest.fixture
def port():
    return free_port()


def free_port():
    """Below the ports that the system hands out by itself, to a test beside this one too."""
    for port in random.sample(range(20_000, 32_000), 50):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no free port among fifty")


def environment(data, port, **more):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    kept.pop("MAKELEVEL", None)
    return kept | {"DATA_DIR": str(data), "PORT": str(port)} | more


def refused(data, port, **more):
    """The single line of a start that must fail."""
    done = subprocess.run(
        COMMAND, env=environment(data, port, **more), cwd=ROOT, capture_output=True, timeout=180
    )
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, len(lines)) == (1, 1)
    return lines[0]


def start(data, port):
    """The product, with its output in a file beside the data; waits until it is ready."""
    output = data.with_name("output")
    with output.open("wb") as stream:
        process = subprocess.Popen(
            COMMAND, env=environment(data, port), cwd=ROOT, stdout=stream, stderr=stream
        )
    wait_until(lambda: "is ready" in output.read_text() or process.poll() is not None, PATIENCE)
    assert process.poll() is None, output.read_text()
    return process, output


def parts(process):
    """(pid, birth) of the children: PostgreSQL, Valkey, web, worker, beat."""
    return sorted(descendants([(process.pid, "")]))


def alive(processes):
    return [pid for pid, born in processes if birth(pid) == born]


def descendants(processes):
    """(pid, birth) of the children of these processes."""
    lists = [Path(f"/proc/{pid}/task/{pid}/children").read_text() for pid, _ in processes]
    return [(int(pid), birth(int(pid))) for text in lists for pid in text.split()]


def status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "/health/live/")
        return connection.getresponse().status


def test_busy_port_is_one_line(data):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert refused(data, port) == (
            f"Port {port} on 127.0.0.1 is in use: set PORT to another one."
        )


def test_senseless_port_is_one_line(data):
    assert refused(data, "web") == "PORT must be a number from 1 to 65535, not 'web'."


def test_unreachable_database_is_one_line(data, port):
    line = refused(data, port, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert line.startswith("The database of DATABASE_URL cannot be reached: ")


def test_unreachable_redis_is_one_line(data, port):
    line = refused(data, port, REDIS_URL="redis://127.0.0.1:1/0")
    assert line.startswith("The server of REDIS_URL cannot be reached: ")


def test_second_start_is_one_line(data, port):
    data.mkdir()
    with take_lock(data / "servers.lock"):
        assert refused(data, port) == (
            f"SecondSource is already running with the data in {data}: "
            "stop it, or set DATA_DIR and PORT for a second one."
        )


def test_data_folder_that_is_a_file_is_one_line(data, port):
    data.write_text("")
    assert refused(data, port).startswith("Start failed: ")


def test_each_folder_that_the_settings_name_is_given_to_the_programs():
    caches = [Path(str(one["LOCATION"])) for one in settings.CACHES.values()]
    inside = {
        path.relative_to(settings.DATA_DIR).parts[0]
        for path in (settings.MEDIA_ROOT, settings.STATIC_ROOT, *caches)
        if path.is_relative_to(settings.DATA_DIR)
    }
    assert {"files", "static", "readings"} <= inside <= set(WRITTEN_FOLDERS)


@pytest.mark.long
def test_it_works_and_stops_without_a_trace(house, port):
    process, output = start(house, port)
    assert status(port) == 200
    assert f"SecondSource is ready: http://127.0.0.1:{port}/" in output.read_text()
    running = parts(process)
    assert len(alive(running)) == 5
    line = refused(house, port)
    assert line.startswith(f"SecondSource is already running on port {port} with the data in")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert alive(running) == []
    assert sorted(path.name for path in house.glob("*.json")) == []


@pytest.mark.long
def test_killed_outright_it_leaves_nothing_that_stops_the_next_start(house, port):
    process, _ = start(house, port)
    running = parts(process)
    family = [*running, *descendants(running)]
    process.kill()
    process.wait()
    wait_until(lambda: alive(family) == [], 8)
    began = time.monotonic()
    process, output = start(house, port)
    assert time.monotonic() - began < 20  # as any start; none waits for what was left
    assert status(port) == 200
    steps = [line for line in output.read_text().splitlines() if line.startswith("- ")]
    again = ["- PostgreSQL", "- Valkey", "- migrations", "- web", "- worker and beat"]
    assert steps[:-1] == again
    process.terminate()
    assert process.wait(30) == 0


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_stop_it_too(house, port, number):
    process, _ = start(house, port)
    running = parts(process)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert alive(running) == []


@pytest.mark.long
@pytest.mark.parametrize("index", range(5))
def test_a_killed_part_stops_all_and_is_named(house, port, index):
    process, output = start(house, port)
    running = parts(process)
    os.kill(running[index][0], signal.SIGKILL)
    assert process.wait(10) == 1  # nothing waits long for what is gone
    name = ("postgres", "valkey", "web", "worker", "beat")[index]
    last = output.read_text().splitlines()[-1]
    assert last == f"{name} ended unexpectedly (killed by SIGKILL): all is stopped"
    assert alive(running) == []


@pytest.mark.long
def test_interrupted_first_start_leaves_no_process(data, port):
    process = subprocess.Popen(
        COMMAND, env=environment(data, port), cwd=ROOT, stdout=subprocess.PIPE
    )
    for line in process.stdout:
        if b"migrations" in line:
            break
    time.sleep(1)
    running = parts(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert alive(running) == []


@pytest.mark.long
def test_a_web_worker_is_within_its_memory(house, port):
    process, _ = start(house, port)
    web = parts(process)[2][0]
    children = Path(f"/proc/{web}/task/{web}/children").read_text().split()
    for _ in range(50):
        status(port)
    sizes = [_resident(int(pid)) for pid in children]
    process.terminate()
    process.wait(30)
    assert len(sizes) == 2
    assert max(sizes) <= 150 * 2**20


def _resident(pid):
    fields = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) * 1024 for row in fields if row.startswith("VmRSS"))
