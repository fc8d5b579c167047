"""``manage.py`` with nothing configured."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from secondsource.embedded import commands
from secondsource.embedded.folders import InUseError
from secondsource.embedded.servers import Embedded, advertise
from tests.workers import ROOT

OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "APP_DB_ROLE")
ASK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    print(cursor.fetchone()[0])
"""


@pytest.fixture
def data(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        monkeypatch.setenv("DATA_DIR", f"{name}/var")
        for variable in OURS:
            monkeypatch.delenv(variable, raising=False)
        yield Path(name) / "var"


@pytest.fixture
def running(data):
    """Servers that another command has started and advertised, as ``make run`` does."""
    servers = Embedded(data, throwaway=True)
    advertise(data, servers.start())
    yield servers
    servers.stop()


def manage(*arguments):
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_it_works_on_servers_of_its_own(data):
    done = manage("shell", "--no-imports", "-c", ASK)
    assert (done.returncode, done.stdout) == (0, "secondsource_app\n"), done.stderr
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (data / "postgres" / "postmaster.pid").exists() is False


def test_it_joins_a_running_product(running):
    done = manage("shell", "--no-imports", "-c", ASK)
    assert (done.returncode, done.stdout) == (0, "secondsource_app\n"), done.stderr
    assert [child.exit_code for child in running.children] == [None, None]


def test_given_addresses_are_used_as_they_are(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://a@b/c")
    monkeypatch.setenv("REDIS_URL", "redis://d")
    with commands.servers_for_command():
        assert os.environ["DATABASE_URL"] == "postgres://a@b/c"
    assert (data / "postgres").exists() is False


def test_busy_data_folder_is_given_up_after_a_while(data, monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.3)
    other = Embedded(data, needs=frozenset())
    other.start()
    with pytest.raises(InUseError), commands.servers_for_command():
        pass
    other.stop()
    assert (data / "postgres").exists() is False
