"""Children die with their parent and are stopped politely first."""

import os
import signal
import subprocess
import sys
import time

import pytest

from secondsource.embedded.folders import Log, StartError
from secondsource.embedded.processes import Child
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
from pathlib import Path
from secondsource.embedded.folders import Log
from secondsource.embedded.processes import Child
print(Child(["sleep", "60"], Log(Path(sys.argv[1]), "sleep")).process.pid, flush=True)
time.sleep(60)
"""


def start(tmp_path, command=SLEEP, **settings):
    return Child(command, Log(tmp_path, "sleeper"), **settings)


def start_stubborn(tmp_path, **settings):
    """A child that ignores the polite signal, and does so by now."""
    child = start(tmp_path, [sys.executable, "-c", DEAF], **settings)
    wait_until(lambda: "deaf" in child.log.text())
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


def test_child_reads_what_it_is_given(tmp_path):
    child = start(tmp_path, ["cat"], text="a password")
    assert child.process.wait() == 0
    assert child.log.text() == "a password"


def test_child_that_never_gets_ready_is_ended_and_quoted(tmp_path):
    child = start(tmp_path, ["sh", "-c", "echo no such file; exit 3"])
    with pytest.raises(StartError, match="sleeper did not start: no such file"):
        child.wait_ready("ready", 60, time.sleep)
    assert child.exit_code == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no death signal")
def test_child_dies_with_a_killed_parent(tmp_path):
    command = [sys.executable, "-c", PARENT, tmp_path]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    assert birth(pid) != ""
    parent.kill()
    parent.wait()
    wait_until(lambda: birth(pid) == "")
