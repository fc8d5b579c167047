"""Readers of environment values that need more than a type: addresses of servers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ


def database(url: str, *, options: str) -> dict[str, Any]:
    """Django's database settings for ``url``.

    ``?host=/dir`` (a socket folder) is moved to ``HOST`` so that ``dbshell`` finds it too;
    ``options`` is what libpq gets as ``-c`` settings.
    """
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    settings.setdefault("OPTIONS", {})
    host = settings["OPTIONS"].pop("host", None)
    settings["HOST"] = host or settings.get("HOST", "")
    settings["OPTIONS"]["options"] = options
    # A server that is gone is given up within seconds (the second for TCP, in milliseconds).
    settings["OPTIONS"].setdefault("connect_timeout", 2)
    settings["OPTIONS"].setdefault("tcp_user_timeout", 3000)
    settings["CONN_MAX_AGE"] = 60
    settings["CONN_HEALTH_CHECKS"] = True
    return settings


def redis_addresses(url: str) -> tuple[str, str]:
    """One address in the two spellings that its readers want: (cache and client, Celery).

    Accepts ``redis://``, ``rediss://`` and ``unix://:password@/path?db=0``. The broker uses
    database n, the cache n + 1 of the same server.
    """
    parts = urlsplit(url)
    if parts.scheme in ("redis", "rediss"):
        number = int(parts.path.strip("/") or 0)
        base = f"{parts.scheme}://{parts.netloc}"
        return f"{base}/{number + 1}", f"{base}/{number}"
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0])
        credentials = f":{parts.password}@" if parts.password else ""
        return (
            f"unix://{credentials}{parts.path}?db={number + 1}",
            f"redis+socket://{credentials}{parts.path}?virtual_host={number}",
        )
    raise ValueError(f"REDIS_URL must begin with redis://, rediss:// or unix://, not {url!r}")
