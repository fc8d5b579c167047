"""``manage.py demo_logins``: one login a role, when the demonstration's people are there."""

from typing import Any

from django.core.management.base import BaseCommand

from secondsource.accounts.models import User
from secondsource.workspace.demo import PASSWORD, PEOPLE


class Command(BaseCommand):
    """Print the demonstration's logins that still work."""

    help = "Print the demonstration's logins."

    def handle(self, *args: Any, **options: Any) -> None:
        there = {user.email: user for user in User.objects.filter(is_active=True)}
        shown = set()
        for person in PEOPLE:
            user = there.get(person.email)
            if user and person.roles not in shown and user.check_password(PASSWORD):
                shown.add(person.roles)
                self.stdout.write(f"  {person.roles[0]:<12} {person.email:<26} {PASSWORD}")
