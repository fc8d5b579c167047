"""The folders of one installation: what the person owns and what the servers own."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from secondsource.embedded.account import Account, choose_account
from secondsource.embedded.binaries import REACHABLE

# A Unix socket's address holds 107 bytes, file name included.
LONGEST_SOCKET = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    """``data`` belongs to the caller (lock, passwords, logs), ``state`` and ``run`` to ``account``.

    ``state`` holds the servers' own folders, ``run`` their sockets.
    """

    data: Path
    state: Path
    run: Path
    account: Account

    def secret(self, name: str) -> str:
        """The password kept in ``data/name`` (mode 0600), made on first use."""
        return kept_secret(self.data / name)

    def log(self, name: str) -> Path:
        return log_file(self.data, name)


def log_file(data: Path, name: str) -> Path:
    """The log file of one process; a big one from earlier is put aside first."""
    folder = data / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path


def data_folder(path: Path) -> Path:
    """Make the data folder: private, and for root passable so that the servers can get through."""
    new_folder(path, 0o711 if os.geteuid() == 0 else 0o700)
    return path.resolve()


def new_folder(path: Path, mode: int) -> None:
    """Make ``path`` with exactly ``mode`` whatever the umask; an existing folder stays as is."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(mode)


def choose_place(path: Path) -> Place:
    """The folders for the data folder ``path``; no existing folder's permissions are changed."""
    account = choose_account()
    data = data_folder(path)
    state = data if account.can_execute(data) else _reachable_state(data)
    run = account.own_folder(state / "run")
    if len(os.fsencode(run / POSTGRES_SOCKET)) > LONGEST_SOCKET:
        run = _short_run_folder(data, account)
    return Place(data, state, run, account)


def kept_secret(path: Path) -> str:
    """The text of ``path``, or a new URL-safe secret that is kept there for its owner alone."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        draft.replace(path)
    return path.read_text().strip()


def _reachable_state(data: Path) -> Path:
    """A folder outside a private checkout, bound to this very data folder by a key kept in it."""
    key = os.fsencode(data) + kept_secret(data / "state.key").encode()
    state = REACHABLE / hashlib.sha256(key).hexdigest()[:12]
    new_folder(REACHABLE, 0o711)
    new_folder(state, 0o711)
    return state


def _short_run_folder(data: Path, account: Account) -> Path:
    """A folder in the temporary area, noted in ``data`` so that the next start removes it."""
    note = data / "run.path"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="secondsource-", dir="/tmp"))
    account.give(folder)
    note.write_text(str(folder))
    return folder
