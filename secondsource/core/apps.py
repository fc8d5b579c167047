"""The foundation app."""

import gc

from django.apps import AppConfig

#: New objects between two looks for garbage in cycles. Python's own 700 costs an import of 10,000
#: lines half of its time: its hundreds of thousands of small objects live on and hold no cycles.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


class CoreConfig(AppConfig):
    """Gives refusals their words, and after migrating the application's role its rights, audit
    rows their numbers, and every table the triggers that write its history.
    """

    name = "secondsource.core"
    label = "core"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate  # apps must be loaded

        from secondsource.core import audit_numbers, database_roles, form_messages, traces

        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        form_messages.speak()
        post_migrate.connect(database_roles.grant_after_migrate, sender=self)
        post_migrate.connect(database_roles.analyze_after_migrate, sender=self)
        post_migrate.connect(audit_numbers.keep_rising, sender=self)
        post_migrate.connect(traces.install, sender=self)
