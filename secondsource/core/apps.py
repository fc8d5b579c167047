"""The foundation app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Gives refusals their words, and after migrating the application's role its rights; audit
    numbers go on rising.
    """

    name = "secondsource.core"
    label = "core"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate  # apps must be loaded

        from secondsource.core import audit_numbers, database_roles, form_messages

        form_messages.speak()
        post_migrate.connect(database_roles.grant_after_migrate, sender=self)
        post_migrate.connect(audit_numbers.keep_rising, sender=self)
