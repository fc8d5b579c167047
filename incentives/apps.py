"""Savings, targets and shared credit."""

from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    """Registers permissions, hidden fields and receivers."""

    name = "incentives"

    def ready(self) -> None:
        from incentives import receivers, rules  # noqa: F401  (the apps must be loaded)
