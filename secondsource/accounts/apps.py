"""People and rights."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the permission predicates."""

    name = "secondsource.accounts"
    label = "accounts"

    def ready(self) -> None:
        from secondsource.accounts import rules  # noqa: F401  (registers permissions)
