"""Children die with their parent and are stopped politely first."""

import os
import signal
import subprocess
import sys

import pytest

from secondsource.embedded import leftovers
from secondsource.embedded.processes import Child, spawn
from tests.workers import wait_until

SLEEP = ["sleep", "60"]
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
PARENT = """
import sys, time
from secondsource.embedded.processes import spawn
print(spawn(["sleep", "60"], output=2).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "processes.json"


def start(tmp_path, command=SLEEP, **settings):
    return Child("sleeper", spawn(command, output=tmp_path / "log"), **settings)


def start_stubborn(tmp_path, **settings):
    """A child that ignores the polite signal, and does so by now."""
    child = start(tmp_path, [sys.executable, "-c", DEAF], **settings)
    wait_until(lambda: "deaf" in (tmp_path / "log").read_text())
    return child


def test_child_has_a_session_of_its_own(tmp_path):
    child = start(tmp_path)
    assert os.getsid(child.process.pid) == child.process.pid
    child.end()


def test_polite_stop_is_enough(tmp_path):
    child = start(tmp_path)
    child.end()
    assert child.exit_code == -signal.SIGTERM


def test_stubborn_child_is_killed(tmp_path):
    child = start_stubborn(tmp_path, grace=0.5)
    child.end()
    assert child.exit_code == -signal.SIGKILL


def test_ended_child_can_be_ended_again(tmp_path):
    child = start(tmp_path, ["true"])
    wait_until(lambda: child.exit_code is not None)
    child.end()
    assert child.exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no death signal")
def test_child_dies_with_a_killed_parent():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    assert leftovers.birth(pid) != ""
    parent.kill()
    parent.wait()
    wait_until(lambda: leftovers.birth(pid) == "")


def test_leftover_is_ended(tmp_path, ledger):
    child = start(tmp_path)
    leftovers.note(ledger, [child])
    assert leftovers.clear(ledger) == 1
    assert child.process.wait(60) == -signal.SIGKILL
    assert ledger.exists() is False


def test_stubborn_leftover_is_killed(tmp_path, ledger, monkeypatch):
    monkeypatch.setattr(leftovers, "PATIENCE", 0.2)
    child = start_stubborn(tmp_path, hurry=signal.SIGTERM)
    leftovers.note(ledger, [child])
    assert leftovers.clear(ledger) == 1
    assert child.process.wait(60) == -signal.SIGKILL


def test_busy_database_is_not_killed(tmp_path, ledger, monkeypatch):
    monkeypatch.setattr(leftovers, "PATIENCE", 0.2)
    child = start_stubborn(tmp_path, hurry=signal.SIGTERM)
    child.name = "postgres"
    leftovers.note(ledger, [child])
    assert leftovers.clear(ledger) == 1
    assert child.exit_code is None
    child.process.kill()
    child.process.wait()


def test_stranger_with_the_same_number_is_spared(tmp_path, ledger):
    child = start(tmp_path)
    ledger.write_text(f'[[{child.process.pid}, "another birth", 9, "web"]]')
    assert leftovers.clear(ledger) == 0
    assert child.exit_code is None
    child.end()


@pytest.mark.parametrize("text", ["", "nonsense", "[[1]]"])
def test_unreadable_ledger_is_no_obstacle(ledger, text):
    ledger.write_text(text)
    assert leftovers.clear(ledger) == 0


def test_missing_ledger_is_no_obstacle(ledger):
    assert leftovers.clear(ledger) == 0
