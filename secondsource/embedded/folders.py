"""The account under which servers run (never root), and the folders of one installation."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "secondsource"
#: Where root puts what the account must reach when the checkout is private.
REACHABLE = Path("/var/lib/secondsource")
#: A Unix socket's address holds 107 bytes, file name included.
LONGEST_SOCKET = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"


class StartError(Exception):
    """One clear line that says what is wrong and what to do about it."""


class InUseError(StartError):
    """Another process works on the same data folder."""


@dataclass(frozen=True)
class Account:
    """A user and group id; ``switched``: root starts processes under it."""

    uid: int
    gid: int
    switched: bool

    @classmethod
    def current(cls) -> Account:
        """The user of this process."""
        return cls(os.geteuid(), os.getegid(), switched=False)

    def popen_arguments(self) -> dict[str, Any]:
        """What ``subprocess`` needs to run a command as this account."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

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
        inner = (Path(at) / name for at, dirs, files in os.walk(path) for name in dirs + files)
        for entry in (path, *inner) if self.switched else ():
            if entry.lstat().st_uid == 0:
                os.chown(entry, self.uid, self.gid, follow_symlinks=False)


def choose_account() -> Account:
    """The current user, or for root the system user ``secondsource`` (made if need be)."""
    if os.geteuid() != 0:
        return Account.current()
    for attempt in (_entry, _new_entry, lambda _: _entry("nobody")):
        if (entry := attempt(NAME)) is not None and entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, switched=True)
    raise StartError(
        "Started as root, but there is no unprivileged user to run it: "
        f"create one with 'useradd --system {NAME}'."
    )


def _entry(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _new_entry(name: str) -> pwd.struct_passwd | None:
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    # A failure may also mean that another start has just made the same user: look again.
    with contextlib.suppress(OSError):
        subprocess.run(["/usr/sbin/useradd", *arguments, name], capture_output=True, check=False)
    return _entry(name)


@dataclass(frozen=True)
class Place:
    """``data`` belongs to the caller (lock, passwords, logs), ``state`` and ``run`` to ``account``.

    ``state`` holds the servers' own folders, ``run`` their sockets.
    """

    data: Path
    state: Path
    run: Path
    account: Account


def choose_place(path: Path) -> Place:
    """The folders for the data folder ``path``; no existing folder's permissions are changed."""
    account = choose_account()
    data = state = data_folder(path)
    if not account.can("-x", data):
        # Outside a private checkout, bound to this very data folder by a key kept in it.
        key = os.fsencode(data) + kept_secret(data / "state.key").encode()
        state = new_folder(new_folder(REACHABLE, 0o711) / hashlib.sha256(key).hexdigest()[:12])
    run = account.own_folder(state / "run")
    if len(os.fsencode(run / POSTGRES_SOCKET)) > LONGEST_SOCKET:
        run = _short_run_folder(data, account)
    return Place(data, state, run, account)


def _short_run_folder(data: Path, account: Account) -> Path:
    """A folder in the temporary area, noted in ``data`` so that the next start removes it."""
    note = data / "run.path"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="secondsource-", dir="/tmp"))
    account.give(folder)
    note.write_text(str(folder))
    return folder


def data_folder(path: Path) -> Path:
    """Make the data folder: private, and for root passable so that the servers can get through."""
    return new_folder(path, 0o711 if os.geteuid() == 0 else 0o700).resolve()


def new_folder(path: Path, mode: int = 0o711) -> Path:
    """Make ``path`` with exactly ``mode`` whatever the umask; an existing folder stays as is."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(parents=True)
        path.chmod(mode)
    return path


def log_file(data: Path, name: str) -> Path:
    """The log file of one process; a big one from earlier is put aside first."""
    (data / "log").mkdir(mode=0o700, exist_ok=True)
    path = data / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path


def last_line(text: str) -> str:
    """The last line of a log that is not blank."""
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it ended without a message"


def kept_secret(path: Path) -> str:
    """The text of ``path``, or a new URL-safe secret that is kept there for its owner alone."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def write_private(path: Path, text: str) -> Path:
    """Write a file that only its owner reads; nobody ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return draft.replace(path)


class FolderLock:
    """An advisory lock that the kernel drops when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = contextlib.ExitStack()

    def acquire(self) -> bool:
        """Take the lock without waiting; False when another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def release(self) -> None:
        self._held.close()
