"""Who runs web, worker and beat, and what they may write."""

import os
import tempfile
from pathlib import Path

import pytest

from secondsource.embedded import account as accounts
from secondsource.embedded import places
from secondsource.embedded.places import choose_place
from secondsource.embedded.programs import choose_programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand processes over")


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def place(folder):
    return choose_place(folder / "var")


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
    programs = choose_programs(place, code)
    assert (programs.account, programs.kept_root) == (place.account, False)
    assert programs.data == place.data
    made = [place.data / name for name in ("files", "static", "beat")]
    assert {owner(path) for path in made} == {place.account.uid}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o700}
    assert owner(place.data) == 0


@as_root
def test_what_root_wrote_before_is_handed_over_with_its_mode(place, code):
    (place.data / "files" / "2026").mkdir(parents=True, mode=0o700)
    (place.data / "files" / "2026" / "report.pdf").write_text("measured")
    (place.data / "files" / "2026" / "report.pdf").chmod(0o640)
    choose_programs(place, code)
    report = place.data / "files" / "2026" / "report.pdf"
    assert (owner(report), report.stat().st_mode & 0o777) == (place.account.uid, 0o640)
    assert owner(report.parent) == place.account.uid


@as_root
def test_the_account_finds_compiled_code(place, code):
    (code / "parts").mkdir()
    (code / "parts" / "__init__.py").write_text("")
    choose_programs(place, code)
    compiled = next((code / "parts" / "__pycache__").glob("*.pyc"))
    assert place.account.can_read(compiled) is True


@as_root
def test_a_link_is_handed_over_and_not_what_it_leads_to(place, code, folder):
    (folder / "elsewhere").write_text("of somebody else")
    (place.data / "files").mkdir()
    (place.data / "files" / "link").symlink_to(folder / "elsewhere")
    choose_programs(place, code)
    assert owner(folder / "elsewhere") == 0


@as_root
def test_programs_of_a_private_checkout_stay_with_root_and_it_stays_private(place, code):
    code.chmod(0o700)
    programs = choose_programs(place, code)
    assert programs.kept_root is True
    assert (programs.account.uid, programs.account.switched) == (0, False)
    assert code.stat().st_mode & 0o777 == 0o700


@as_root
def test_files_of_a_private_data_folder_move_to_where_they_are_reached(folder, code, monkeypatch):
    monkeypatch.setattr(places, "REACHABLE", folder / "reachable")
    (folder / "private" / "var" / "files").mkdir(parents=True)
    (folder / "private").chmod(0o700)
    (folder / "private" / "var" / "files" / "report.pdf").write_text("measured")
    place = choose_place(folder / "private" / "var")
    for _ in range(2):  # a second start finds the link
        programs = choose_programs(place, code)
        assert programs.account.can_read(programs.data / "files" / "report.pdf") is True
        assert (place.data / "files" / "report.pdf").read_text() == "measured"
    assert (folder / "private").stat().st_mode & 0o777 == 0o700


@as_root
def test_root_opens_a_low_port_for_them(place, code):
    programs = choose_programs(place, code)
    assert programs.listener("127.0.0.1", 8000) is None
    with programs.listener("127.0.0.1", 1) as listener:
        assert listener.getsockname() == ("127.0.0.1", 1)


def test_other_users_run_them_themselves(folder, code, monkeypatch):
    monkeypatch.setattr(accounts.os, "geteuid", lambda: 1234)
    place = choose_place(folder / "var")
    programs = choose_programs(place, code)
    assert (programs.account.switched, programs.kept_root) == (False, False)
    assert programs.environment() == {"DATA_DIR": str(place.data)}
    assert programs.listener("127.0.0.1", 1) is None
