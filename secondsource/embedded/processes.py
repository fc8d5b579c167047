"""Child processes that end with their parent, and the supervisor of one foreground command.

The supervisor blocks signals and looks for them, so no Ctrl-C is lost or leaves half a start
behind. Everything happens in the main thread, to which the death signal is tied.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from secondsource.embedded.folders import Account, Log, StartError

STOPS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
SERVERS = ("postgres", "valkey")
Pause = Callable[[float], None]
# Loaded before any fork: a child may not take the loader's locks.
_prctl: Any = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *arguments: None


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM or SIGHUP."""


class Child:
    """A process in a session of its own, so that a Ctrl-C reaches only the parent.

    ``log`` takes both streams, ``text`` is what the process reads. ``stop`` is the polite signal,
    after ``grace`` seconds it is killed. On Linux the kernel sends ``death_signal`` when the
    starting *thread* ends, however it ends: make one in the main thread only.
    """

    def __init__(
        self, command: Sequence[str | Path], log: Log, *,
        account: Account | None = None, text: str = "", grace: float = 10.0,
        stop: signal.Signals = signal.SIGTERM, death_signal: signal.Signals = signal.SIGTERM,
        **arguments: Any,
    ) -> None:  # fmt: skip
        self.name, self.log, self.stop, self.grace = log.name, log, stop, grace
        account = account or Account()
        reading, writing = os.pipe()
        account.give(reading)
        os.write(writing, text.encode())
        os.close(writing)
        with log.path.open("ab") as output, open(reading) as given:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=given,
                stdout=output,
                stderr=output,
                umask=0o077,
                start_new_session=True,
                preexec_fn=functools.partial(_begin, os.getpid(), death_signal),
                **({"cwd": "/"} | account.popen_arguments() | arguments),
            )

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def wait_ready(self, text: str, seconds: float, pause: Pause, times: int = 1) -> None:
        """Wait for ``text``, so many ``times``, in the log, which the child alone writes now.

        A child that ends, takes longer or meets a stop is ended.
        """
        until = time.monotonic() + seconds
        try:
            while self.log.text().count(text) < times:
                if self.exit_code is not None or time.monotonic() > until:
                    raise self.log.failure(f"{self.name} did not start")
                pause(0.02)
        except BaseException:
            self.end()
            raise

    def end(self, pause: Pause = time.sleep) -> None:
        """Stop and wait."""
        end_together([self], self.grace, pause)


def end_together(children: Sequence[Child], grace: float, pause: Pause) -> None:
    """Stop children, last first: politely; after ``grace`` s their process groups are killed."""
    for child in reversed(children):
        child.process.send_signal(child.stop)
    until = time.monotonic() + grace
    with contextlib.suppress(StopAskedError):  # a second Ctrl-C hurries
        while any(child.exit_code is None for child in children) and time.monotonic() < until:
            pause(0.05)
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def die_with_parent(number: signal.Signals) -> None:
    """Make the kernel send this process ``number`` when its parent ends (Linux only)."""
    _prctl(1, int(number))  # PR_SET_PDEATHSIG


def _begin(parent: int, death_signal: signal.Signals) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    die_with_parent(death_signal)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


class Supervisor:
    """Children that are started in order, watched, and stopped in reverse."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)

    def pause(self, seconds: float = 0.1) -> None:
        """Sleep, and raise ``StopAskedError`` when a stop was asked for."""
        time.sleep(seconds)
        if pending := signal.sigpending() & STOPS:
            signal.sigwait(pending)
            raise StopAskedError

    def finish(self, step: Child) -> None:
        """Wait for the end of a step; a stop ends the step and is raised, so is a failure."""
        try:
            while step.exit_code is None and not self.ended():
                self.pause()
        finally:
            step.end()
        if step.exit_code != 0:
            raise step.log.failure(f"{step.name} failed")

    def ended(self) -> Child | None:
        """A child that should run and does not."""
        return next((child for child in self.children if child.exit_code is not None), None)

    def watch(self) -> None:
        """Wait for a stop, which is raised; raise ``StartError`` when a child ends by itself."""
        while (child := self.ended()) is None:
            self.pause()
        code = child.exit_code or 0
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        raise StartError(f"{child.name} ended unexpectedly ({how}): all is stopped")

    def stop_programs(self) -> None:
        """Stop all but the servers; after a child ended by itself the others get 2 s only."""
        programs = [child for child in self.children if child.name not in SERVERS]
        end_together(programs, 2.0 if self.ended() else 10.0, self.pause)
        self.children[:] = [child for child in self.children if child.name in SERVERS]
