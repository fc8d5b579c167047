"""An embedded Valkey (Redis protocol) on a Unix socket, run from the wheel's own program."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

from secondsource.embedded.folders import (
    Place,
    StartError,
    kept_secret,
    last_line,
    log_file,
    write_private,
)
from secondsource.embedded.processes import Child, Pause, spawn
from secondsource.embedded.wheels import valkey_server

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
        self.password = kept_secret(place.data / "valkey.password")
        self.log = log_file(place.data, "valkey")

    @property
    def url(self) -> str:
        return f"unix://:{self.password}@{self.place.run}/valkey.sock?db=0"

    def start(self, pause: Pause = time.sleep) -> Child:
        """Start and wait until our own process answers."""
        command = [self.program, self._write_configuration()]
        child = Child("valkey", spawn(command, output=self.log, account=self.place.account))
        if not child.wait_ready(self._is_ready, 60.0, pause):
            said = self.log.read_text(errors="replace")[-4_000:]
            full = "No space left on device" in said
            reason = "the disk is full" if full else last_line(said)
            raise StartError(f"Valkey did not start: {reason} (log: {self.log})")
        return child

    def _write_configuration(self) -> Path:
        """The configuration is a private file, so the password does not stand in ``ps``."""
        path = self.folder / "valkey.conf"
        text = CONFIGURATION.format(
            run=self.place.run, password=self.password, folder=self.folder,
            appendonly="yes" if self.durable else "no",
        )  # fmt: skip
        self.place.account.give(write_private(path, text))
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
