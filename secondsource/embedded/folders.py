"""The account under which servers run (never root), and the folders of one installation."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

NAME = "secondsource"
#: Where root puts what the account must reach when the checkout is private.
REACHABLE = Path("/var/lib/secondsource")
#: A Unix socket's address holds 107 bytes, file name included.
LONGEST_SOCKET = 107
BIG_LOG = 10_000_000  # bytes
_open_private = functools.partial(os.open, mode=0o600)


class StartError(Exception):
    """One clear line that says what is wrong and what to do about it."""


class InUseError(StartError):
    """Another process works on the same data folder."""


@dataclass(frozen=True)
class Account:
    """A user and group id, by default our own; ``switched``: root starts processes under it."""

    uid: int = field(default_factory=lambda: os.geteuid())
    gid: int = field(default_factory=lambda: os.getegid())
    switched: bool = False

    def popen_arguments(self) -> dict[str, Any]:
        """What ``subprocess`` needs to run a command as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switched else {}

    def can(self, question: str, path: Path) -> bool:
        """Whether this account may read (``-r``) or run or enter (``-x``) a path, by trying."""
        command = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", question, str(path)]
        return subprocess.run(command, cwd="/", **self.popen_arguments()).returncode == 0

    def give(self, path: Path | int) -> None:
        """Hand a path or descriptor that this process has just made over to the account."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def own_folder(self, path: Path) -> Path:
        """Make ``path`` as a folder that only this account enters; an existing one stays as is."""
        if not path.exists():
            path.mkdir(mode=0o700)
            self.give(path)
        return path

    def own_tree(self, path: Path) -> None:
        """As ``own_folder``; what root owns in it changes its owner, and no mode changes."""
        self.own_folder(path)
        for entry in (path, *path.rglob("*")) if self.switched else ():
            if entry.lstat().st_uid == 0:
                os.chown(entry, self.uid, self.gid, follow_symlinks=False)


def choose_account() -> Account:
    """The current user, or for root the system user ``secondsource`` (made if need be)."""
    if os.geteuid() != 0:
        return Account()
    if NAME not in {entry.pw_name for entry in pwd.getpwall()}:
        make = ["/usr/sbin/useradd", "--system", "--user-group", "--no-create-home"]
        with contextlib.suppress(OSError):
            subprocess.run([*make, "--shell", "/usr/sbin/nologin", NAME], capture_output=True)
    for name in (NAME, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, switched=True)
    raise StartError(
        "Started as root, but there is no unprivileged user to run it: "
        f"create one with 'useradd --system {NAME}'."
    )


@dataclass(frozen=True)
class Folders:
    """The folders of one installation."""

    data: Path  # of the caller: lock, passwords, logs
    state: Path  # of the account: the servers' own folders
    run: Path  # of the account: the servers' sockets
    account: Account


def choose_folders(path: Path) -> Folders:
    """The folders for the data folder ``path``; no existing folder's permissions are changed."""
    account = choose_account()
    data = state = data_folder(path)
    if not account.can("-x", data):
        # Outside a private checkout, bound to this very data folder by a key kept in it.
        key = os.fsencode(data) + kept_secret(data / "state.key").encode()
        state = new_folder(new_folder(REACHABLE) / hashlib.sha256(key).hexdigest()[:12])
    run = account.own_folder(state / "run")
    if len(os.fsencode(run / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        note = data / "run.path"  # the next start removes the folder that it names
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)
        run = Path(tempfile.mkdtemp(prefix="secondsource-", dir="/tmp"))
        account.give(run)
        note.write_text(str(run))
    return Folders(data, state, run, account)


def data_folder(path: Path) -> Path:
    """Make the data folder: private, and for root passable so that the servers can get through."""
    return new_folder(path, 0o711 if os.geteuid() == 0 else 0o700).resolve()


def new_folder(path: Path, mode: int = 0o711) -> Path:
    """Make ``path`` with exactly ``mode`` whatever the umask; an existing folder stays as is."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(parents=True)
        path.chmod(mode)
    return path


class Log:
    """What one run of a process writes to its log file; a big one from earlier is put aside."""

    def __init__(self, data: Path, name: str) -> None:
        (data / "log").mkdir(mode=0o700, exist_ok=True)
        self.name = name
        self.path = data / "log" / f"{name}.log"
        if self.path.exists() and self.path.stat().st_size > BIG_LOG:
            self.path.replace(self.path.with_suffix(".log.1"))
        self.path.touch()
        self._begin = self.path.stat().st_size

    def text(self) -> str:
        with self.path.open("rb") as file:
            file.seek(self._begin)
            return file.read().decode(errors="replace")

    def failure(self, what: str) -> StartError:
        """``what`` failed, in one line with the line of the log that says most."""
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
        reason = (fatal or lines or ["it ended without a message"])[-1]
        return StartError(f"{what}: {reason} (log: {self.path})")


def kept_secret(path: Path) -> str:
    """The text of ``path``, or a new URL-safe secret that is kept there for its owner alone."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads; nobody ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(draft, "w", opener=_open_private) as file:
        file.write(text)
    draft.replace(path)


def take_lock(path: Path) -> IO[str] | None:
    """A lock until the file is closed or its process ends; None when somebody else holds it."""
    file = open(path, "a", opener=_open_private)  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
