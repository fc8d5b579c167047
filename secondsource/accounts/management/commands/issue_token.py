"""``manage.py issue_token EMAIL``: print a new API token, alone on stdout."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from secondsource.accounts.models import User
from secondsource.accounts.services import issue_token
from secondsource.core.actors import Actor
from secondsource.core.errors import ValuesRefused


class Command(BaseCommand):
    """Issue a token for a person who exists."""

    help = "Issue an API token for a person and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scopes", default="read,write")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active person has the address {options['email']}.")
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            _, secret = issue_token(
                user=user,
                scopes=scopes,
                days=options["days"],
                name=options["name"],
                actor=Actor.named_job("issue_token"),
            )
        except ValuesRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(secret)
