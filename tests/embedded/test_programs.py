"""Who runs web, worker and beat, and what they may write."""

import os
import tempfile
from pathlib import Path

import pytest

from secondsource.embedded import folders
from secondsource.embedded.folders import Account, choose_folders
from secondsource.embedded.launch import program_account

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand processes over")


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def place(folder):
    return choose_folders(folder / "var")


@pytest.fixture
def code(folder):
    """A checkout that everybody reads."""
    (folder / "code").mkdir(mode=0o755)
    (folder / "code" / "manage.py").write_text("")
    (folder / "code" / "manage.py").chmod(0o644)
    return folder / "code"


def owner(path):
    return path.stat(follow_symlinks=False).st_uid


@as_root
def test_root_hands_the_programs_and_their_folders_over(place, code):
    assert program_account(place, code, 8000) == place.account
    made = [place.data / name for name in ("files", "static", "beat")]
    assert {owner(path) for path in made} == {place.account.uid}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o700}
    assert owner(place.data) == 0


@as_root
def test_what_root_wrote_before_is_handed_over_with_its_mode(place, code):
    (place.data / "files" / "2026").mkdir(parents=True, mode=0o700)
    (place.data / "files" / "2026" / "report.pdf").write_text("measured")
    (place.data / "files" / "2026" / "report.pdf").chmod(0o640)
    program_account(place, code, 8000)
    report = place.data / "files" / "2026" / "report.pdf"
    assert (owner(report), report.stat().st_mode & 0o777) == (place.account.uid, 0o640)
    assert owner(report.parent) == place.account.uid


@as_root
def test_the_account_finds_compiled_code(place, code):
    (code / "parts").mkdir()
    (code / "parts" / "__init__.py").write_text("")
    program_account(place, code, 8000)
    compiled = next((code / "parts" / "__pycache__").glob("*.pyc"))
    assert place.account.can("-r", compiled) is True


@as_root
def test_a_link_is_handed_over_and_not_what_it_leads_to(place, code, folder):
    (folder / "elsewhere").write_text("of somebody else")
    (place.data / "files").mkdir()
    (place.data / "files" / "link").symlink_to(folder / "elsewhere")
    program_account(place, code, 8000)
    assert owner(folder / "elsewhere") == 0


@as_root
def test_programs_of_a_private_checkout_stay_with_root_and_it_stays_private(place, code):
    code.chmod(0o700)
    assert program_account(place, code, 8000) == Account(0, 0, switched=False)
    assert code.stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_stay_with_root_where_only_root_may_listen(place, code):
    assert program_account(place, code, 80).uid == 0


@as_root
def test_programs_of_a_private_data_folder_stay_with_root(folder, code, monkeypatch):
    monkeypatch.setattr(folders, "REACHABLE", folder / "reachable")
    (folder / "private").mkdir(mode=0o700)
    place = choose_folders(folder / "private" / "var")
    assert program_account(place, code, 8000).uid == 0
    assert owner(place.data / "files") == 0


def test_other_users_run_them_themselves(folder, code, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    place = choose_folders(folder / "var")
    assert program_account(place, code, 80) == place.account
    assert place.account.switched is False
