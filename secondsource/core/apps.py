"""The foundation app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the hook that gives the application's role its rights after migrating."""

    name = "secondsource.core"
    label = "core"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate  # apps must be loaded

        from secondsource.core import database_roles

        post_migrate.connect(database_roles.grant_after_migrate, sender=self)
