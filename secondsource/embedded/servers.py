"""Both embedded servers together, under the lock of their data folder."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from secondsource.embedded import folders
from secondsource.embedded.folders import Folders, InUseError, Log, kept_secret
from secondsource.embedded.postgres import ensure_database, start_postgres
from secondsource.embedded.processes import Child, Pause
from secondsource.embedded.wheels import valkey_server

ADDRESSES = frozenset({"DATABASE_URL", "REDIS_URL"})
# Full, it forgets what has an end: the cache's values, never the messages of the queue.
VALKEY = """\
port 0
unixsocket {run}/valkey.sock
unixsocketperm 700
requirepass {password}
dir {folder}
databases 64
appendonly {appendonly}
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy volatile-lru
"""


@dataclass
class Embedded:
    """Servers for the data folder ``data``: of PostgreSQL and Valkey those that ``needs`` names.

    ``throwaway`` ones give durability for speed; ``report`` gets the name of each at its start.
    """

    data: Path
    throwaway: bool = False
    needs: frozenset[str] = ADDRESSES
    pause: Pause = time.sleep
    report: Callable[[str], object] = len
    children: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    _lock: IO[str] | None = None

    def __post_init__(self) -> None:
        self.data = folders.data_folder(self.data)

    @functools.cached_property
    def folders(self) -> Folders:
        """The folders, chosen once: choosing makes a new run folder where paths are long."""
        return folders.choose_folders(self.data)

    def start(self) -> dict[str, str]:
        """Start what is needed and return the variables with which a process reaches it."""
        self.lock()
        try:
            self.start_servers()
        except BaseException:
            self.stop()
            raise
        return self.environment

    def lock(self) -> None:
        """Keep every other start off this data folder until ``stop``.

        A second Valkey would silently take over the socket and write into the same file.
        """
        self._lock = folders.take_lock(self.data / "servers.lock")
        if self._lock is None:
            port = advertised(self.data).get("PORT")
            raise InUseError(
                f"SecondSource is already running{f' on port {port}' if port else ''} with the "
                f"data in {self.data}: stop it, or set DATA_DIR and PORT for a second one."
            )

    def start_servers(self) -> None:
        """Start what is needed, under the lock that the caller holds."""
        if "DATABASE_URL" in self.needs:
            self.report("PostgreSQL")
            postgres = start_postgres(self.folders, self.pause, throwaway=self.throwaway)
            self.children.append(postgres)
            self.environment |= ensure_database(self.folders)
        if "REDIS_URL" in self.needs:
            self.report("Valkey")
            self._start_valkey()

    def _start_valkey(self) -> None:
        folders, password = self.folders, kept_secret(self.data / "valkey.password")
        configuration = VALKEY.format(
            run=folders.run, password=password, appendonly="no" if self.throwaway else "yes",
            folder=folders.account.own_folder(folders.state / "valkey"),
        )  # fmt: skip
        # The configuration goes through a pipe, so that the password is not in ``ps``.
        child = Child(
            [valkey_server(folders.account), "-"], Log(self.data, "valkey"),
            account=folders.account, text=configuration,
        )  # fmt: skip
        child.wait_ready("Ready to accept connections", 60.0, self.pause)
        self.children.append(child)
        self.environment["REDIS_URL"] = f"unix://:{password}@{folders.run}/valkey.sock?db=0"

    def stop(self) -> None:
        """Stop in reverse order and let the next start in."""
        (self.data / "servers.json").unlink(missing_ok=True)
        while self.children:
            self.children.pop().end(self.pause)
        if self._lock is not None:
            self._lock.close()


def advertise(data: Path, environment: dict[str, str]) -> None:
    """Note the addresses of running servers for other commands of the same person."""
    folders.write_private(data / "servers.json", json.dumps(environment))


def advertised(data: Path) -> dict[str, str]:
    """What the run that holds the lock has noted; nothing when there is no such note."""
    with contextlib.suppress(FileNotFoundError):
        return dict(json.loads((data / "servers.json").read_text()))
    return {}
