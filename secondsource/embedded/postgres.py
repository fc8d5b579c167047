"""An embedded PostgreSQL on a Unix socket, run from the wheel's own programs."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from secondsource.embedded.folders import Place, StartError, kept_secret, last_line, log_file
from secondsource.embedded.processes import Child, Pause, spawn
from secondsource.embedded.wheels import postgres_bin

OWNER = "secondsource"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "dynamic_shared_memory_type": "mmap",  # containers give 64 MB of shared memory
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_duration_statement": "500",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# What a cluster that is thrown away after the tests may do without.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
THROWAWAY |= {"shared_buffers": "128MB", "max_connections": "100"}

# Leftovers of a killed server that go away by themselves within seconds.
PASSING = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
PATIENCE = 30.0


class Postgres:
    """One cluster in ``place.state/postgres``; the caller holds the folder's lock."""

    def __init__(self, place: Place, settings: dict[str, str] | None = None) -> None:
        self.place = place
        self.settings = SETTINGS | (settings or {})
        self.bin = postgres_bin(place.account)
        self.folder = place.state / "postgres"
        self.password = kept_secret(place.data / "postgres.password")
        self.log = log_file(place.data, "postgres")

    def url(self, *, role: str = OWNER, password: str | None = None, name: str = OWNER) -> str:
        """The address of database ``name``; passwords are URL-safe and need no quoting."""
        return f"postgres://{role}:{password or self.password}@/{name}?host={self.place.run}"

    def start(self, pause: Pause = time.sleep) -> Child:
        """Make the cluster if it is new, start it and wait until it takes connections."""
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        until = time.monotonic() + PATIENCE
        while True:
            began = self.log.stat().st_size if self.log.exists() else 0
            child = self._spawn()
            # Crash recovery of a big log takes its time.
            if child.wait_ready(self._is_ready, 120.0, pause):
                return child
            message = _tail(self.log, began)
            if time.monotonic() > until or not any(text in message for text in PASSING):
                raise StartError(self._why(message))
            pause(0.5)

    def _initialise(self) -> None:
        """``initdb`` into a draft folder, renamed when complete, so that no half cluster is used.

        The password goes through a pipe: it stands neither in a file of the account nor in ``ps``.
        """
        draft = self.place.account.own_folder(self.place.state / f".postgres-{os.getpid()}")
        reading, writing = os.pipe()
        self.place.account.give(reading)
        os.write(writing, self.password.encode())
        os.close(writing)
        process = spawn(
            [
                self.bin / "initdb", "-D", draft, "-U", OWNER, "--auth=scram-sha-256",
                f"--pwfile=/dev/fd/{reading}", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync",
            ],
            output=self.log, account=self.place.account, pass_fds=(reading,),
        )  # fmt: skip
        os.close(reading)
        if process.wait() != 0:
            raise StartError(self._why(_tail(self.log, 0)))
        draft.rename(self.folder)

    def _spawn(self) -> Child:
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        command: list[str | Path] = [
            self.bin / "postgres",
            "-D",
            self.folder,
            "-k",
            self.place.run,
            *options,
        ]
        process = spawn(
            command, output=self.log, account=self.place.account, death_signal=signal.SIGINT
        )
        # SIGTERM would wait for clients for ever, SIGINT ends their sessions.
        return Child("postgres", process, signal.SIGINT, signal.SIGQUIT, grace=20.0)

    def _is_ready(self, pid: int) -> bool:
        """Ready means *our* process says so: a connection test would accept another server."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _why(self, message: str) -> str:
        if "No space left on device" in message:
            return f"The disk is full: PostgreSQL cannot write to {self.place.state}."
        lines = [line for line in message.splitlines() if "FATAL" in line or "error:" in line]
        reason = last_line("\n".join(lines)).split("FATAL:")[-1].strip()
        return f"PostgreSQL did not start: {reason} (log: {self.log})"


def _tail(path: Path, begin: int) -> str:
    with path.open("rb") as file:
        file.seek(begin)
        return file.read()[-20_000:].decode(errors="replace")
