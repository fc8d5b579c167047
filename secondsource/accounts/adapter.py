"""The adapter of allauth: registration is closed."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes registration: administrators add people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
