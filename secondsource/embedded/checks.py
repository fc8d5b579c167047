"""What can be found out before anything is started, each refusal one clear line."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from pathlib import Path

from secondsource.embedded.errors import StartError

LEAST_FREE = 200 * 1024 * 1024  # bytes: a new database, static files, logs


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
            reason = (
                "is in use"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise StartError(f"Port {port} on {host} {reason}: set PORT to another one.") from error


def check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise StartError(
            f"The disk is full: {folder} has {free // 2**20} MB left, "
            f"{LEAST_FREE // 2**20} MB are needed."
        )


def check_redis(url: str) -> None:
    """Raise the one line that tells why the server at ``url`` cannot be used."""
    import redis  # half a second, needed only for a server of one's own

    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10)
        client.ping()
        client.close()
    except (redis.RedisError, ValueError) as error:
        raise StartError(f"The server of REDIS_URL cannot be reached: {error}") from error
