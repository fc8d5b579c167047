"""``manage.py generate_data --parts N``: a company of any size, reproducible by its seed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from secondsource.core.errors import RuleRefused
from tests.bench.generate import Size, generate


class Command(BaseCommand):
    """Fill the database with made-up data."""

    help = "Make a company with so many parts; the same seed gives the same data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parts", type=int, default=10_000)
        parser.add_argument("--receipts-a-part", type=int, default=5)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["parts"] <= 1_000_000:
            raise CommandError("--parts is 1 to 1,000,000.")
        size = Size(options["parts"], options["receipts_a_part"])
        try:
            generate(size, seed=options["seed"], say=self.stdout.write)
        except RuleRefused as refusal:
            raise CommandError(str(refusal)) from None
        except IntegrityError as error:
            clash = " ".join(str(error).split())
            raise CommandError(
                f"Nothing was made: it clashes with what is there: {clash}"
            ) from None
