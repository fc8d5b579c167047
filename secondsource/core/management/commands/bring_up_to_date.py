"""Migrations and, where people are on record, the demo logins: one process instead of two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandParser, call_command, get_commands


class Command(BaseCommand):
    """Migrate, then write the demo logins to a file; without people the file is not written."""

    help = __doc__
    #: They read all code, which takes as long as everything else here; the tests run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", type=Path, required=True, help="the file for the logins")

    def handle(self, **options: Any) -> None:
        options["logins"].unlink(missing_ok=True)
        call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
        if "demo_logins" in get_commands() and get_user_model().objects.exists():
            with options["logins"].open("w") as file:
                call_command("demo_logins", stdout=file)
