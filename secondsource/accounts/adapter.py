"""How sign-in differs from allauth's default: nobody registers alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People are added by an administrator; there is no open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
