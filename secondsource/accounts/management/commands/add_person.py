"""``manage.py add_person EMAIL --name NAME --roles ROLES``: add a person who signs in."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from secondsource.accounts.rights import Role
from secondsource.accounts.services import add_person
from secondsource.core.actors import Actor
from secondsource.core.errors import Duplicate, ValuesRefused


class Command(BaseCommand):
    """Add a person who signs in by email address."""

    help = "Add a person. The command prompts for the password, or reads it from a pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        roles = ", ".join(Role.values)
        parser.add_argument("--roles", required=True, help=f"separated by commas: {roles}")

    def handle(self, *args: Any, **options: Any) -> None:
        roles = [role.strip() for role in options["roles"].split(",") if role.strip()]
        try:
            user = add_person(
                email=options["email"],
                name=options["name"],
                roles=roles,
                password=_password(),
                actor=Actor.named_job("add_person"),
            )
        except (Duplicate, ValuesRefused) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.email} added: {', '.join(user.roles)}")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise CommandError("The two passwords differ.")
    return first
