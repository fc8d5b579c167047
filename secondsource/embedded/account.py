"""The identity under which servers and programs run: never root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondsource.embedded.errors import StartError

NAME = "secondsource"


@dataclass(frozen=True)
class Account:
    """A user and group id; ``switched`` says that processes are handed over from root to it."""

    uid: int
    gid: int
    switched: bool

    def popen_arguments(self) -> dict[str, Any]:
        """What ``subprocess`` needs to run a command as this account."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_execute(self, path: Path) -> bool:
        """Whether this account may run or enter ``path``, found by trying, not by its mode."""
        return self._test("-x", path)

    def can_read(self, path: Path) -> bool:
        """Whether this account reaches the file ``path`` and may read it."""
        return self._test("-r", path)

    def _test(self, question: str, path: Path) -> bool:
        command = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", question, str(path)]
        return subprocess.run(command, cwd="/", **self.popen_arguments()).returncode == 0

    def own_folder(self, path: Path) -> Path:
        """Make ``path`` as a folder that only this account enters; an existing one stays as is."""
        if not path.exists():
            path.mkdir(mode=0o700)
            self.give(path)
        return path

    def own_tree(self, path: Path) -> None:
        """As ``own_folder``; what root wrote below or as ``path`` itself is handed over.

        Owners change and modes do not: nobody but root and the account gets at it.
        """
        self.own_folder(path)
        if not self.switched:
            return
        inner = (Path(at) / name for at, dirs, files in os.walk(path) for name in dirs + files)
        for entry in (path, *inner):
            if entry.lstat().st_uid == 0:
                os.chown(entry, self.uid, self.gid, follow_symlinks=False)

    def give(self, path: Path | int) -> None:
        """Hand a path or descriptor that this process has just made over to the account."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def choose_account() -> Account:
    """The current user, or for root the system user ``secondsource`` (made if need be)."""
    if os.geteuid() != 0:
        return Account(os.getuid(), os.getgid(), switched=False)
    entry = _entry(NAME) or _new_entry(NAME) or _entry("nobody")
    if entry is None or entry.pw_uid == 0:
        raise StartError(
            "Started as root, but there is no unprivileged user to run it: "
            f"create one with 'useradd --system {NAME}'."
        )
    return Account(entry.pw_uid, entry.pw_gid, switched=True)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _new_entry(name: str) -> pwd.struct_passwd | None:
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if command is None:
        return None
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    # A failure may also mean that another start has just made the same user: look again.
    subprocess.run([command, *arguments, name], capture_output=True, check=False)
    return _entry(name)
