"""Children die with their parent and are stopped politely first."""

import os
import signal
import subprocess
import sys

import pytest

from secondsource.embedded.processes import Child, spawn
from tests.workers import birth, wait_until

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
    assert birth(pid) != ""
    parent.kill()
    parent.wait()
    wait_until(lambda: birth(pid) == "")
