"""What the README says of variables, commands, files and demo logins is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secondsource.accounts.rights import Role

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()
READ = re.compile(
    r"env\.(?:str|bool|int|list|email_url)\(\s*\"([A-Z_]+)\""
    r"|os\.environ(?:\.get\(|\[)[\"']([A-Z_]+)[\"']"
)
#: Read, but nobody's to set: for developers, the image, the launcher and the test runner.
OWN = {
    "DEBUG",
    "STATIC_ROOT",
    "STATICFILES_BACKEND",
    "PYTEST_XDIST_WORKER",
    "DJANGO_SETTINGS_MODULE",
}


def table(head: str) -> list[str]:
    """First cells of the table under a heading."""
    rows = README.split(f"## {head}\n")[1].split("\n## ")[0].splitlines()
    return [row.split("|")[1].strip() for row in rows if row.startswith("|")][2:]


def test_every_variable_that_is_read_is_described() -> None:
    sources = [(ROOT / "secondsource").rglob("*.py"), [ROOT / "tests" / "environment.py"]]
    found = {
        name
        for files in sources
        for path in files
        for pair in READ.findall(path.read_text())
        for name in pair
        if name
    }
    described = {name for cell in table("Variables") for name in re.findall(r"`(\w+)`", cell)}
    assert found - OWN - described == set()
    assert {"DATABASE_URL", "WEB_WORKERS"} <= found


def test_every_role_has_its_login_in_the_table() -> None:
    logins = [cell.strip("`") for cell in table("Roles and logins")]
    assert logins == [f"{role}@demo.example" for role in Role.values]


@pytest.mark.parametrize("target", re.findall(r"`?make ([a-z-]+)", README))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text())


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|yml|md))`", README))
    pictures = set(re.findall(r"\]\(([\w/]+\.png)\)", README))
    everywhere = {"rules.py", "house_rules.py", "filters.py", "workflow.py"}  # one an app
    beside = {"guards.py"}  # of the file named before it
    homes = (ROOT, ROOT / "secondsource")
    missing = {n for n in named | pictures if not any((home / n).exists() for home in homes)}
    assert missing - everywhere - beside == set()
    assert len(pictures) == 2


def test_every_signal_is_listed() -> None:
    declared = {
        name
        for path in ROOT.glob("*/signals.py")
        for name in re.findall(r"(?m)^(\w+) = Signal\(", path.read_text())
    }
    listed = README.split("* **Signals**, all of them: ")[1].split(".")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == declared
