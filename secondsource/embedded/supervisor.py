"""Children of one foreground command: started in order, watched, stopped in reverse.

Signals are blocked and waited for, so that no moment exists in which a Ctrl-C is lost or leaves
half a start behind. Everything happens in the main thread, to which the death signal is tied.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from secondsource.embedded import leftovers
from secondsource.embedded.account import Account
from secondsource.embedded.errors import StartError
from secondsource.embedded.processes import Child, spawn

STOPS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
WATCHED = STOPS | {signal.SIGCHLD}
#: Seconds for the others after one child ended by itself.
HURRIED_GRACE = 2.0
HAS_TIMED_WAIT = hasattr(signal, "sigtimedwait")


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM or SIGHUP."""


class Supervisor:
    """Holds the children; ``ledger`` is where they are noted for a start after a kill -9."""

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        self.children: list[Child] = []
        # A handler must exist, else the system drops SIGCHLD instead of keeping it for sigwait.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)

    def adopt(self, child: Child) -> None:
        self.children.append(child)
        leftovers.note(self.ledger, self.children)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
        account: Account | None = None,
        hurry: signal.Signals = signal.SIGKILL,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """Start a child that is asked to stop with SIGTERM, and after 10 s with ``hurry``.

        When this process is killed outright the child is too: what it was doing is taken up again.
        """
        process = spawn(
            command,
            output=output,
            account=account,
            environment=environment,
            folder=str(folder),
            pass_fds=pass_fds,
            death_signal=signal.SIGKILL,
        )
        child = Child(name, process, hurry=hurry)
        self.adopt(child)
        return child

    def finish(
        self, command: Sequence[str | Path], *, folder: Path, output: Path, **arguments: Any
    ) -> int:
        """Run one step to its end; its exit code. A stop ends the step and is raised.

        ``arguments`` are those of ``spawn``: environment, account.
        """
        process = spawn(command, output=output, folder=str(folder), **arguments)
        child = Child("step", process, grace=3.0)
        try:
            self.wait_until(lambda: process.poll() is not None, seconds=3600)
        finally:
            if process.poll() is None:
                child.end()
        return process.returncode

    def pause(self, seconds: float) -> None:
        """Sleep, but raise ``StopAskedError`` at once when a stop is asked for."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            caught = signal.sigtimedwait(WATCHED, left) if HAS_TIMED_WAIT else _nap(left)
            if caught is not None and caught.si_signo in STOPS:
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
        """Return when a stop is asked for; raise when a child ends by itself."""
        while True:
            if (child := self.ended()) is not None:
                raise StartError(
                    f"{child.name} ended unexpectedly ({describe(child.exit_code)}): all is stopped"
                )
            try:
                self.pause(5.0)
            except StopAskedError:
                return

    def stop(self) -> None:
        """Stop all in reverse order; a second Ctrl-C makes it hurry.

        After one has ended by itself the others get little time: they may be waiting for it.
        """
        most = HURRIED_GRACE if self.ended() else None
        servers = [child for child in self.children if child.name in ("postgres", "valkey")]
        programs = [child for child in self.children if child not in servers]
        self._stop_together(programs, most)
        for child in reversed(servers):
            self._stop_together([child])
        self.children.clear()
        self.ledger.unlink(missing_ok=True)

    def _stop_together(self, children: list[Child], most: float | None = None) -> None:
        for child in reversed(children):
            child.send(child.stop)
        grace = max((child.grace for child in children), default=0.0)
        if not self._wait_ended(children, grace if most is None else most):
            for child in children:
                child.send(child.hurry)
            self._wait_ended(children, 10.0 if most is None else most)
        for child in children:
            child.kill_group()
            child.process.wait()

    def _wait_ended(self, children: list[Child], seconds: float) -> bool:
        until = time.monotonic() + seconds
        while any(child.exit_code is None for child in children):
            if time.monotonic() > until:
                return False
            try:
                self.pause(0.05)
            except StopAskedError:
                return False
        return True


def describe(code: int | None) -> str:
    """An exit code in words."""
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def _nap(seconds: float) -> signal.struct_siginfo | None:
    """Where ``sigtimedwait`` does not exist (macOS): look for pending signals between naps."""
    time.sleep(min(seconds, 0.1))
    if signal.sigpending() & STOPS:
        raise StopAskedError
    return None
