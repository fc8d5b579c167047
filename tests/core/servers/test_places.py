"""Folders and secrets of one installation."""

import os
import tempfile
from pathlib import Path

import pytest

from secondsource.core.servers.places import (
    LONGEST_SOCKET,
    choose_place,
    data_folder,
    kept_secret,
    log_file,
)


@pytest.fixture
def folder():
    """A folder directly under /tmp, where sockets have short addresses."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_secret_is_made_once(tmp_path):
    assert kept_secret(tmp_path / "key") == kept_secret(tmp_path / "key")


def test_secret_is_private(tmp_path):
    kept_secret(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_secret_needs_no_quoting_in_an_address(tmp_path):
    assert set(kept_secret(tmp_path / "key")) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


def test_data_folder_shows_nothing_to_others(folder):
    made = data_folder(folder / "var")
    assert made.stat().st_mode & 0o066 == 0


def test_existing_data_folder_keeps_its_mode(folder):
    (folder / "var").mkdir()
    (folder / "var").chmod(0o751)
    choose_place(folder / "var")
    assert (folder / "var").stat().st_mode & 0o777 == 0o751
    assert folder.stat().st_mode & 0o777 == 0o711


def test_state_stays_in_the_data_folder_when_it_is_reachable(folder):
    place = choose_place(folder / "var")
    assert place.state == folder / "var"
    assert place.run == folder / "var" / "run"


def test_deep_folder_gets_a_short_socket(folder):
    deep = folder / ("d" * 100)
    place = choose_place(deep)
    assert len(os.fsencode(place.run / ".s.PGSQL.5432")) <= LONGEST_SOCKET
    assert place.run.stat().st_mode & 0o777 == 0o700
    again = choose_place(deep)
    assert place.run.exists() is False
    again.run.rmdir()


def test_big_log_is_put_aside(tmp_path):
    path = log_file(tmp_path, "web")
    path.write_bytes(b"x" * 10_000_001)
    assert log_file(tmp_path, "web").exists() is False
    assert (tmp_path / "log" / "web.log.1").stat().st_size == 10_000_001
