"""People and rights."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the permission predicates and what follows a commit."""

    name = "secondsource.accounts"
    label = "accounts"

    def ready(self) -> None:
        from secondsource.accounts import receivers, rules  # noqa: F401  (they register)
