"""Processes of a start that was killed: noted while they run, ended by the next start.

On Linux the kernel ends them with their parent; this is for the slow ones, and for systems that
have no such signal. A process id alone proves nothing, so its time of birth is noted with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from secondsource.embedded.processes import Child

PATIENCE = 15.0
#: What is not killed outright.
SERVERS = ("postgres", "valkey")


def note(path: Path, children: Iterable[Child]) -> None:
    """Write down who runs; an empty list when everything has stopped."""
    rows = [
        [child.process.pid, birth(child.process.pid), int(child.hurry), child.name]
        for child in children
    ]
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(rows))
    draft.replace(path)


def clear(path: Path) -> int:
    """End every noted process that still runs; how many there were."""
    alive = [row for row in _rows(path) if birth(row[0]) == row[1]]
    for pid, _, hurry, name in alive:
        _send(pid, hurry if name in SERVERS else signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    for pid, born, _, name in alive:
        while birth(pid) == born and time.monotonic() < until:
            time.sleep(0.05)
        # A database that is still busy is left to its own start-up check, never killed outright.
        if birth(pid) == born and name != "postgres":
            _send(pid, signal.SIGKILL)
    path.unlink(missing_ok=True)
    return len(alive)


def birth(pid: int) -> str:
    """When the process was born, in the system's own words; empty when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _rows(path: Path) -> list[tuple[int, str, int, str]]:
    try:
        return [
            (int(pid), str(born), int(hurry), str(name))
            for pid, born, hurry, name in json.loads(path.read_text())
        ]
    except (FileNotFoundError, ValueError):
        return []


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
