"""What a start needs of the database, in one process: migrations, demo company, demo logins."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command, get_commands


class Command(BaseCommand):
    """Migrate, build the demo company in a database without people, print the demo logins.

    The logins follow the last blank line. The commands of higher apps run where they exist.
    """

    help = __doc__
    #: They read all code, which takes as long as everything else here; the tests run them.
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
        known = get_commands()
        if "demo_company" in known and not get_user_model().objects.exists():
            call_command("demo_company", stdout=self.stdout)
        self.stdout.write("")
        if "demo_logins" in known:
            call_command("demo_logins", stdout=self.stdout)
