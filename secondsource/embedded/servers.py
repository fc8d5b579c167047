"""Both embedded servers together, under the lock of their data folder."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from secondsource.embedded import folders
from secondsource.embedded.databases import APPLICATION, ensure_database
from secondsource.embedded.folders import FolderLock, InUseError, Place, choose_place, data_folder
from secondsource.embedded.postgres import THROWAWAY, Postgres
from secondsource.embedded.processes import Child, Pause
from secondsource.embedded.valkey import Valkey

ADDRESSES = frozenset({"DATABASE_URL", "REDIS_URL"})


@dataclass
class Embedded:
    """Servers for the data folder ``data``: of PostgreSQL and Valkey those that ``needs`` names.

    ``throwaway`` ones give durability for speed.
    """

    data: Path
    throwaway: bool = False
    needs: frozenset[str] = ADDRESSES
    environment: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = data_folder(self.data)
        self._lock = FolderLock(self.data / "servers.lock")

    @functools.cached_property
    def place(self) -> Place:
        """The folders, chosen once: choosing makes a new run folder where paths are long."""
        return choose_place(self.data)

    def start(self, pause: Pause = time.sleep) -> dict[str, str]:
        """Start what is needed and return the variables with which a process reaches it."""
        self.lock()
        try:
            if "DATABASE_URL" in self.needs:
                self.start_postgres(pause)
            if "REDIS_URL" in self.needs:
                self.start_valkey(pause)
        except BaseException:
            self.stop()
            raise
        return self.environment

    def lock(self) -> None:
        """Keep every other start off this data folder until ``stop``."""
        if not self._lock.acquire():
            raise InUseError(f"Another start is using {self.data}: stop it, or set DATA_DIR.")

    def start_postgres(self, pause: Pause = time.sleep) -> Child:
        server = Postgres(self.place, THROWAWAY if self.throwaway else None)
        self.children.append(server.start(pause))
        self.environment |= {
            "DATABASE_URL": ensure_database(server),
            "DATABASE_OWNER_URL": server.url(),
            "APP_DB_ROLE": APPLICATION,
        }
        return self.children[-1]

    def start_valkey(self, pause: Pause = time.sleep) -> Child:
        server = Valkey(self.place, durable=not self.throwaway)
        self.children.append(server.start(pause))
        self.environment["REDIS_URL"] = server.url
        return self.children[-1]

    def stop(self) -> None:
        """Stop in reverse order and let the next start in."""
        (self.data / "servers.json").unlink(missing_ok=True)
        while self.children:
            self.children.pop().end()
        self._lock.release()


def advertise(data: Path, environment: dict[str, str]) -> None:
    """Note the addresses of running servers for other commands of the same person."""
    folders.write_private(data / "servers.json", json.dumps(environment))


def advertised(data: Path) -> dict[str, str] | None:
    """Addresses noted by the run that holds the lock; None when there is no such note."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        found: dict[str, str] = json.loads((data / "servers.json").read_text())
        return found
    return None
