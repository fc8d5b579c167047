"""What a start asks of the database: migrations, and the demo logins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command

from secondsource.accounts.models import User
from secondsource.workspace.demo import PASSWORD, PEOPLE


def logins(tmp_path: Path) -> list[str]:
    path = tmp_path / "logins"
    call_command("bring_up_to_date", logins=path, verbosity=0)
    return [line.split()[1] for line in path.read_text().splitlines()] if path.exists() else []


def demo_person() -> User:
    first = PEOPLE[0]
    return User.objects.create_user(first.email, PASSWORD, name=first.name, roles=list(first.roles))


def test_without_people_there_are_no_logins(db: None, tmp_path: Path) -> None:
    (tmp_path / "logins").write_text("of a database that was there before")
    assert logins(tmp_path) == []


def test_the_logins_that_work_are_written(db: None, tmp_path: Path) -> None:
    person = demo_person()
    assert logins(tmp_path) == [person.email]


def test_a_changed_password_is_noticed(db: None, tmp_path: Path, empty_cache: Any) -> None:
    person = demo_person()
    assert logins(tmp_path) == [person.email]
    person.set_password("something else altogether")
    person.save()
    assert logins(tmp_path) == []
