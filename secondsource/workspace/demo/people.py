"""The demonstration's people: one login a role, a few more for the teams."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.accounts.services import add_person
from secondsource.core.actors import Actor

#: Known to everybody who reads this: the demonstration's data are nobody's secret.
PASSWORD = "demo second source"  # noqa: S105


@dataclass(frozen=True)
class DemoPerson:
    """A demonstration login."""

    key: str
    name: str
    roles: tuple[Role, ...]

    @property
    def email(self) -> str:
        """An address under a domain that cannot exist."""
        return f"{self.key}@demo.example"


PEOPLE = (
    DemoPerson("engineer", "Demo Engineer", (Role.ENGINEER,)),
    DemoPerson("quality", "Demo Quality", (Role.QUALITY,)),
    DemoPerson("procurement", "Demo Procurement", (Role.PROCUREMENT,)),
    DemoPerson("finance", "Demo Finance", (Role.FINANCE,)),
    DemoPerson("executive", "Demo Executive", (Role.EXECUTIVE,)),
    DemoPerson("viewer", "Demo Viewer", (Role.VIEWER,)),
    DemoPerson("integration", "Demo Integration", (Role.INTEGRATION,)),
    DemoPerson("admin", "Demo Admin", (Role.ADMIN,)),
    DemoPerson("engineer2", "Second Demo Engineer", (Role.ENGINEER,)),
)


class Cast:
    """The people as actors, by key."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}

    def add_all(self) -> Cast:
        """Make everybody."""
        job, same = Actor.named_job("demo_company"), make_password(PASSWORD)
        for person in PEOPLE:
            user = add_person(
                email=person.email, name=person.name, roles=person.roles, password=None, actor=job
            )
            user.password = same
            user.save(update_fields=["password"])
            self.users[person.key] = user
        return self

    def __getitem__(self, key: str) -> Actor:
        return Actor(user=self.users[key], origin="job")
