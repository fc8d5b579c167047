"""``manage.py demo_company``: build the demonstration in an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from secondsource.core.errors import RuleRefused
from secondsource.workspace import demo


class Command(BaseCommand):
    """Build the demonstration once."""

    help = "Build the demonstration company in a database without people."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cases = demo.build()
        except RuleRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"demonstration company with {cases} cases")
