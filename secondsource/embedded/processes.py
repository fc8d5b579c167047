"""Child processes that die with their parent, and how each of them is asked to stop."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondsource.embedded.account import Account

PR_SET_PDEATHSIG = 1
Pause = Callable[[float], None]


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

    def send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def end(self) -> None:
        """Stop and wait: polite, then in a hurry, then the whole process group is killed."""
        if self.exit_code is not None:
            return
        for number, patience in ((self.stop, self.grace), (self.hurry, 10.0)):
            self.send(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """Kill what is left of the child's session; nothing left is the usual case."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def spawn(
    command: Sequence[str | os.PathLike[str]],
    *,
    output: Path | int,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: str = "/",
    death_signal: signal.Signals = signal.SIGTERM,
    **arguments: Any,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, so that a Ctrl-C reaches only the parent.

    On Linux the kernel sends ``death_signal`` when the starting *thread* ends, however it ends:
    call this from the main thread only. ``output`` takes both streams and is appended to.
    """
    stream = open(output, "ab") if isinstance(output, Path) else output  # noqa: SIM115
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            umask=0o077,
            start_new_session=True,
            preexec_fn=_die_with_parent(death_signal),
            **(account.popen_arguments() if account else {}),
            **arguments,
        )
    finally:
        if not isinstance(stream, int):
            stream.close()


def die_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to send this process ``number`` when its parent ends (Linux only)."""
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
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    return in_child
