"""``manage.py demo_logins``: one login a role, when the demonstration's people are there."""

import hashlib
from typing import Any

from django.core.cache import cache
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
            if user and person.roles not in shown and _opens(user):
                shown.add(person.roles)
                self.stdout.write(f"  {person.roles[0]:<12} {person.email:<26} {PASSWORD}")


def _opens(user: User) -> bool:
    """Whether the demo password is the person's. The result is cached, as hashing takes long."""
    known = hashlib.sha256(user.password.encode()).hexdigest()
    return bool(
        cache.get_or_set(f"demo-login:{known}", lambda: user.check_password(PASSWORD), None)
    )
