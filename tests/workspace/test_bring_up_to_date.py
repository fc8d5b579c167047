"""What a start asks of the database; ``test_demo_company`` begins with one without people."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command

from secondsource.accounts.models import User
from secondsource.workspace.demo import PASSWORD, PEOPLE
from tests.application_role import owner


def logins() -> list[str]:
    out = StringIO()
    with owner():
        call_command("bring_up_to_date", stdout=out)
    return [line.split()[1] for line in out.getvalue().rpartition("\n\n")[2].splitlines()]


def demo_person() -> User:
    first = PEOPLE[0]
    return User.objects.create_user(first.email, PASSWORD, name=first.name, roles=list(first.roles))


def test_people_of_ones_own_are_no_demo_logins(db: None) -> None:
    User.objects.create_user("own@example.com", PASSWORD, name="Own", roles=["engineer"])
    assert logins() == []
    assert User.objects.count() == 1


def test_the_logins_that_work_are_printed(db: None) -> None:
    person = demo_person()
    assert logins() == [person.email]


def test_a_changed_password_is_noticed(db: None, empty_cache: Any) -> None:
    person = demo_person()
    assert logins() == [person.email]
    person.set_password("something else altogether")
    person.save()
    assert logins() == []
