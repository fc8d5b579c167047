"""Who runs the product's own programs (web, worker, beat), and the folders that they write."""

from __future__ import annotations

import compileall
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from secondsource.embedded.account import Account
from secondsource.embedded.binaries import python_copy
from secondsource.embedded.places import Place

FIRST_FREE_PORT = 1024  # below, only root may listen


@dataclass(frozen=True)
class Programs:
    """``account`` runs them by ``python`` with ``data`` as their ``DATA_DIR``.

    ``variables`` are those that ``python`` itself needs; ``kept_root`` says that root could not
    hand them over, because nobody else reads the code.
    """

    account: Account
    data: Path
    python: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    kept_root: bool = False

    @property
    def schedule(self) -> Path:
        """Where beat notes what it has sent."""
        return self.data / "beat" / "schedule"

    def environment(self) -> dict[str, str]:
        """What differs from the variables of the person who started them."""
        home = {"HOME": str(self.data)} if self.account.switched else {}
        return home | {"DATA_DIR": str(self.data)} | dict(self.variables)

    def listener(self, host: str, port: int) -> socket.socket | None:
        """For a port that the account may not take: a socket that root opened for it."""
        if not self.account.switched or port >= FIRST_FREE_PORT:
            return None
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)


def choose_programs(place: Place, root: Path) -> Programs:
    """The account for programs whose code stands in ``root``, and its folders under ``place``.

    What root wrote there in an earlier start is handed over; modes stay as they are.
    """
    account = place.account
    found = _python(account) if account.can_read(root / "manage.py") else None
    runs = account if found else Account(os.geteuid(), os.getegid(), switched=False)
    python, variables = found or (Path(sys.executable), {})
    if place.state != place.data:
        _lead_to(place.data / "files", place.state / "files")
    for name in ("files", "static", "beat"):
        runs.own_tree(place.state / name)
    if runs.switched:
        _compile(root)
    return Programs(runs, place.state, python, variables, kept_root=found is None)


def _python(account: Account) -> tuple[Path, dict[str, str]] | None:
    """An interpreter that the account can use, with the variables it needs; None: there is none."""
    here = Path(sys.executable)
    if not account.switched or account.can_execute(here):
        return here, {}
    copy = python_copy()
    variables = {
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "LD_LIBRARY_PATH": str(copy.parents[1] / "lib"),
    }
    tried = subprocess.run(
        [copy, "-c", "import ssl, ctypes, django"],
        cwd="/", env=variables, capture_output=True, **account.popen_arguments(),
    )  # fmt: skip
    return (copy, variables) if tried.returncode == 0 else None


def _compile(root: Path) -> None:
    """Note compiled code beside the code: the account may not, and would compile at every start."""
    before = os.umask(0o022)
    try:
        for package in root.glob("*/__init__.py"):
            if package.parent.name != "tests":
                compileall.compile_dir(package.parent, quiet=2)
    finally:
        os.umask(before)


def _lead_to(known: Path, actual: Path) -> None:
    """Files lie where the account reaches them; the data folder leads there by a link."""
    if known.is_dir() and not known.is_symlink() and not actual.exists():
        shutil.move(known, actual)
    if not known.exists() and not known.is_symlink():
        known.symlink_to(actual)
