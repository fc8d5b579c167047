"""Folders and secrets of one installation."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from secondsource.embedded import folders
from secondsource.embedded.folders import (
    LONGEST_SOCKET,
    Log,
    choose_folders,
    data_folder,
    kept_secret,
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
    choose_folders(folder / "var")
    assert (folder / "var").stat().st_mode & 0o777 == 0o751
    assert folder.stat().st_mode & 0o777 == 0o711


def test_state_stays_in_the_data_folder_when_it_is_reachable(folder):
    place = choose_folders(folder / "var")
    assert place.state == folder / "var"
    assert place.run == folder / "var" / "run"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_private_checkout_keeps_its_mode_and_the_state_goes_elsewhere(folder, monkeypatch):
    monkeypatch.setattr(folders, "REACHABLE", folder / "reachable")
    (folder / "private").mkdir(mode=0o700)
    place = choose_folders(folder / "private" / "var")
    assert place.state.parent == folder / "reachable"
    assert choose_folders(folder / "private" / "var") == place
    assert (folder / "private").stat().st_mode & 0o777 == 0o700
    assert (folder / "reachable").stat().st_mode & 0o777 == 0o711


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_removed_data_folder_does_not_meet_its_old_state(folder, monkeypatch):
    monkeypatch.setattr(folders, "REACHABLE", folder / "reachable")
    (folder / "private").mkdir(mode=0o700)
    before = choose_folders(folder / "private" / "var").state
    shutil.rmtree(folder / "private" / "var")
    assert choose_folders(folder / "private" / "var").state != before


def test_deep_folder_gets_a_short_socket(folder):
    deep = folder / ("d" * 100)
    place = choose_folders(deep)
    assert len(os.fsencode(place.run / ".s.PGSQL.5432")) <= LONGEST_SOCKET
    assert place.run.stat().st_mode & 0o777 == 0o700
    again = choose_folders(deep)
    assert place.run.exists() is False
    again.run.rmdir()


def test_big_log_is_put_aside(tmp_path):
    Log(tmp_path, "web").path.write_bytes(b"x" * 10_000_001)
    assert Log(tmp_path, "web").text() == ""
    assert (tmp_path / "log" / "web.log.1").stat().st_size == 10_000_001


def test_log_begins_with_this_run(tmp_path):
    Log(tmp_path, "web").path.write_text("of an earlier run\n")
    log = Log(tmp_path, "web")
    with log.path.open("a") as file:
        file.write("starting\nValueError: no such host\n\n")
    assert log.text() == "starting\nValueError: no such host\n\n"
    assert str(log.failure("web did not start")) == (
        f"web did not start: ValueError: no such host (log: {log.path})"
    )


def test_line_of_postgres_that_says_why_is_quoted(tmp_path):
    log = Log(tmp_path, "postgres")
    log.path.write_text("LOG:  starting\nFATAL:  no space\nLOG:  database system is shut down\n")
    assert str(log.failure("postgres did not start")) == (
        f"postgres did not start: no space (log: {log.path})"
    )
