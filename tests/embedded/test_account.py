"""The identity of embedded servers."""

import os

import pytest

from secondsource.embedded.folders import Account, choose_account

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand processes over")


def test_servers_never_run_as_root():
    assert choose_account().uid != 0


@as_root
def test_root_hands_processes_over():
    assert choose_account().switched is True


def test_other_users_keep_their_identity(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert choose_account() == Account(1234, os.getegid(), switched=False)


@as_root
def test_private_folder_is_not_reachable(tmp_path):
    (tmp_path / "inner").mkdir()
    tmp_path.chmod(0o700)
    assert choose_account().can("-x", tmp_path / "inner") is False


def test_public_program_is_reachable():
    assert choose_account().can("-x", "/bin/sh") is True


@as_root
def test_new_folder_belongs_to_the_account(tmp_path):
    account = choose_account()
    made = account.own_folder(tmp_path / "made").stat()
    assert (made.st_uid, made.st_mode & 0o777) == (account.uid, 0o700)


def test_existing_folder_is_left_alone(tmp_path):
    (tmp_path / "old").mkdir(mode=0o755)
    before = (tmp_path / "old").stat()
    after = choose_account().own_folder(tmp_path / "old").stat()
    assert (after.st_uid, after.st_mode) == (before.st_uid, before.st_mode)
