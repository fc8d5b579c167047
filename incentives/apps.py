"""Savings, targets and shared credit."""

from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    """Registers permissions, hidden fields and receivers."""

    name = "incentives"

    def ready(self) -> None:
        from incentives import (  # noqa: F401  (the apps must be loaded)
            pool_receivers,
            pool_rules,
            receivers,
            rules,
        )
