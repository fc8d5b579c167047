"""What a first start needs beside migrations: the demo company, when there are no users yet."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command, get_commands


class Command(BaseCommand):
    """Makes the demo company in a database without users, then prints the demo logins."""

    help = __doc__

    def handle(self, **_: Any) -> None:
        if not get_user_model().objects.exists():
            self._call("demo_company", stdout=StringIO())
        self._call("demo_logins", stdout=self.stdout)

    def _call(self, name: str, **options: Any) -> None:
        """Run a command of a higher app, if that app is installed."""
        if name in get_commands():
            call_command(name, **options)
