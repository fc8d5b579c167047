"""Child processes that end with their parent, and the supervisor of one foreground command.

The supervisor blocks signals and waits for them, so no Ctrl-C is lost or leaves half a start
behind. Everything happens in the main thread, to which the death signal is tied.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondsource.embedded.folders import Account, StartError

PR_SET_PDEATHSIG = 1
STOPS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
SERVERS = ("postgres", "valkey")
#: Seconds for the others after one child ended by itself.
HURRIED_GRACE = 2.0
Pause = Callable[[float], None]


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM or SIGHUP."""


@dataclass
class Child:
    """A running process; ``stop`` is the polite signal, ``hurry`` follows after ``grace`` s."""

    name: str
    process: subprocess.Popen[bytes]
    stop: signal.Signals = signal.SIGTERM
    hurry: signal.Signals = signal.SIGKILL
    grace: float = 10.0

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def wait_ready(self, ready: Callable[[int], bool], seconds: float, pause: Pause) -> bool:
        """Wait until ``ready`` says so of the process id; a child that is not is ended."""
        until = time.monotonic() + seconds
        try:
            while self.exit_code is None and time.monotonic() < until:
                if ready(self.process.pid):
                    return True
                pause(0.02)
        except BaseException:
            self.end()
            raise
        self.end()
        return False

    def end(self) -> None:
        """Stop and wait."""
        if self.exit_code is None:
            end_together([self])


def end_together(
    children: Sequence[Child], most: float | None = None, pause: Pause = time.sleep
) -> None:
    """Stop children, last first: politely, then in a hurry, then their process groups are killed.

    ``most``: seconds for each of the first two, by default the children's own grace.
    """
    grace = max((child.grace for child in children), default=0.0)
    for name, patience in (("stop", grace), ("hurry", 10.0)):
        for child in reversed(children):
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(getattr(child, name))
        until = time.monotonic() + (patience if most is None else most)
        with contextlib.suppress(StopAskedError):  # a second Ctrl-C hurries
            while any(child.exit_code is None for child in children) and time.monotonic() < until:
                pause(0.05)
        if all(child.exit_code is not None for child in children):
            break
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def spawn(
    command: Sequence[str | os.PathLike[str]],
    *,
    output: Path | int,
    account: Account | None = None,
    folder: Path | str = "/",
    death_signal: signal.Signals = signal.SIGTERM,
    **arguments: Any,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, so that a Ctrl-C reaches only the parent.

    On Linux the kernel sends ``death_signal`` when the starting *thread* ends, however it ends:
    call this from the main thread only. ``output`` takes both streams and is appended to.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(output, Path):
            output = stack.enter_context(output.open("ab")).fileno()
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            umask=0o077,
            start_new_session=True,
            preexec_fn=_die_with_parent(death_signal),
            **(account.popen_arguments() if account else {}),
            **arguments,
        )


def die_with_parent(number: signal.Signals) -> None:
    """Have the kernel send this process ``number`` when its parent ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    # Loaded before the fork: a child may not take the loader's locks.
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # it ended before the line above
                os._exit(1)

    return in_child


class Supervisor:
    """Children that are started in order, watched, and stopped in reverse."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        # A handler must exist, else the system drops SIGCHLD instead of keeping it for sigwait.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS | {signal.SIGCHLD})

    def finish(self, command: Sequence[str | Path], **arguments: Any) -> int:
        """Run one step to its end; its exit code. A stop ends the step and is raised."""
        process = spawn(command, **arguments)
        try:
            self.wait_until(lambda: process.poll() is not None, seconds=3600)
        finally:
            Child("step", process, grace=3.0).end()
        return process.returncode

    def pause(self, seconds: float) -> None:
        """Sleep until a child ends; raise ``StopAskedError`` at once when a stop is asked for."""
        if hasattr(signal, "sigtimedwait"):
            caught = signal.sigtimedwait(STOPS | {signal.SIGCHLD}, seconds)
            stopped = caught is not None and caught.si_signo in STOPS
        else:  # macOS: look for pending signals after a nap
            time.sleep(min(seconds, 0.1))
            stopped = bool(signal.sigpending() & STOPS)
        if stopped:
            raise StopAskedError

    def wait_until(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Wait for ``condition``; False when the time has passed or a child has ended."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until or self.ended():
                return condition()
            self.pause(0.05)
        return True

    def ended(self) -> Child | None:
        """A child that should run and does not."""
        return next((child for child in self.children if child.exit_code is not None), None)

    def watch(self) -> None:
        """Wait for a stop, which is raised; raise ``StartError`` when a child ends by itself."""
        while (child := self.ended()) is None:
            self.pause(5.0)
        code = child.exit_code or 0
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        raise StartError(f"{child.name} ended unexpectedly ({how}): all is stopped")

    def stop(self) -> None:
        """Stop the programs, then the servers, in reverse order; a second Ctrl-C makes it hurry.

        After one has ended by itself the others get little time: they may be waiting for it.
        """
        programs = [child for child in self.children if child.name not in SERVERS]
        end_together(programs, HURRIED_GRACE if self.ended() else None, self.pause)
        for child in reversed(self.children):
            if child.name in SERVERS:
                end_together([child], pause=self.pause)
        self.children.clear()
