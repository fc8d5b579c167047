"""What is refused before anything is started."""

import socket
from pathlib import Path

import pytest

from secondsource.embedded import launch
from secondsource.embedded.folders import StartError


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_port_is_8000_by_default(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert launch.wanted_port() == 8000


def test_port_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert launch.wanted_port() == 8123


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_senseless_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(StartError, match="PORT must be a number"):
        launch.wanted_port()


def test_free_port_passes(busy_port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    launch.check_port("127.0.0.1", port)
    assert port != busy_port


def test_busy_port_is_refused(busy_port):
    with pytest.raises(StartError) as refusal:
        launch.check_port("127.0.0.1", busy_port)
    assert str(refusal.value) == (
        f"Port {busy_port} on 127.0.0.1 is in use: set PORT to another one."
    )


def test_full_disk_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(launch, "LEAST_FREE", 2**62)
    with pytest.raises(StartError, match="The disk is full"):
        launch.check_disk(tmp_path)


def test_roomy_disk_passes():
    assert launch.check_disk(Path("/tmp")) is None


def test_unreachable_database_is_one_line(busy_port):
    with pytest.raises(StartError) as refusal:
        launch.check_database("postgres://nobody@127.0.0.1:1/none")
    assert str(refusal.value).startswith("The database of DATABASE_URL cannot be reached: ")
    assert "\n" not in str(refusal.value)


def test_senseless_database_address_is_one_line():
    with pytest.raises(StartError, match="DATABASE_URL is not a PostgreSQL address"):
        launch.check_database("sqlite")


def test_unreachable_redis_is_one_line():
    with pytest.raises(StartError, match="The server of REDIS_URL cannot be reached"):
        launch.check_redis("redis://127.0.0.1:1/0")


def test_senseless_redis_address_is_one_line():
    with pytest.raises(StartError, match="The server of REDIS_URL cannot be reached"):
        launch.check_redis("somewhere")
