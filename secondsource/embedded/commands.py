"""``manage.py`` on the embedded servers: joins a running ``make run`` or starts its own."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from secondsource.embedded.folders import InUseError, StartError, data_folder, kept_secret
from secondsource.embedded.servers import ADDRESSES, Embedded, advertised

ROOT = Path(__file__).resolve().parents[2]
# The demo company's events and history are of the past, which the owner alone may write.
OWNER_COMMANDS = {"migrate", "bring_up_to_date", "flush", "bench", "generate_data", "demo_company"}
PATIENCE = 60.0


def data_directory() -> Path:
    """``DATA_DIR``, by default ``var`` beside ``manage.py``."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()


def missing_addresses() -> frozenset[str]:
    """The variables of servers that the environment does not name."""
    return frozenset(name for name in ADDRESSES if not os.environ.get(name))


def run_command(arguments: list[str]) -> int:
    """Run one management command; the exit code for the shell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondsource.settings")
    try:
        with servers_for_command():
            if OWNER_COMMANDS.intersection(arguments[1:2]) and os.environ.get("DATABASE_OWNER_URL"):
                os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
            from django.core.management import execute_from_command_line  # settings: now

            execute_from_command_line(arguments)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def servers_for_command() -> Iterator[None]:
    """Complete the environment with addresses of servers and with the secret key."""
    data, needs = data_directory(), missing_addresses()
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret(data_folder(data) / "secret.key")
    with contextlib.ExitStack() as started:
        if needs:
            os.environ.update(_join_or_start(Embedded(data, needs=needs), started))
        yield


def _join_or_start(embedded: Embedded, started: contextlib.ExitStack) -> dict[str, str]:
    """Addresses of a running product, else of servers that live as long as this command."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            addresses = embedded.start()
            started.callback(embedded.stop)
            return addresses
        except InUseError:
            if joined := advertised(embedded.data):
                return joined
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
