"""``manage.py`` started by the system's Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import django

from tests.workers import ROOT

ADDRESSES = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
    "SECRET_KEY": "none",
}


def by_system_python(script: Path) -> subprocess.CompletedProcess[str]:
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    command = [str(python), "-S", str(script), "version"]
    environment = {**os.environ, **ADDRESSES}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)


def test_it_goes_on_in_the_environment_beside_it() -> None:
    done = by_system_python(ROOT / "manage.py")
    assert (done.returncode, done.stdout.strip()) == (0, django.__version__), done.stderr


def test_without_one_it_says_in_a_line_how_to_make_it(tmp_path: Path) -> None:
    done = by_system_python(Path(shutil.copy(ROOT / "manage.py", tmp_path)))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Django is not installed here: run `make run` once, it makes .venv with it."
    ]
