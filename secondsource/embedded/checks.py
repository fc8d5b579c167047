"""What is found out before anything is started, each refusal one clear line."""

from __future__ import annotations

import compileall
import errno
import os
import shutil
import socket
from pathlib import Path

from secondsource.embedded.folders import Account, Place, StartError

LEAST_FREE = 200 * 1024 * 1024  # bytes: a new database, static files, logs
FIRST_FREE_PORT = 1024  # below, only root may listen


def wanted_port() -> int:
    """``PORT``, by default 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Refuse a port on which somebody else listens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            reason = "is in use" if in_use else f"cannot be used ({error.strerror})"
            raise StartError(f"Port {port} on {host} {reason}: set PORT to another one.") from error


def check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise StartError(
            f"The disk is full: {folder} has {free // 2**20} MB left, "
            f"{LEAST_FREE // 2**20} MB are needed."
        )


def check_redis(url: str) -> None:
    """Raise ``StartError`` when the server at ``url`` cannot be used."""
    import redis  # half a second, needed only for a server of one's own

    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10)
        client.ping()
        client.close()
    except (redis.RedisError, ValueError) as error:
        raise StartError(f"The server of REDIS_URL cannot be reached: {error}") from error


def program_account(place: Place, root: Path, port: int) -> Account:
    """Who runs web, worker and beat from the code in ``root``; their folders become theirs.

    Root runs them itself where the servers' account cannot read code or data, or take the port.
    """
    account = place.account
    reached = account.can("-r", root / "manage.py") and account.can("-x", place.data)
    if account.switched and not (reached and port >= FIRST_FREE_PORT):
        account = Account.current()
    for name in ("files", "static", "beat"):
        account.own_tree(place.data / name)
    if account.switched:
        # The account may not write compiled code, and would compile at every start.
        before = os.umask(0o022)
        for package in root.glob("*/__init__.py"):
            if package.parent.name != "tests":
                compileall.compile_dir(package.parent, quiet=2)
        os.umask(before)
    return account
