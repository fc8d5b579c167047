"""The foundation app."""

import gc

from django.apps import AppConfig

#: New objects between two runs of the garbage collector. With Python's default of 700 they take
#: half the time of an import of 10,000 lines, whose many small objects have no cycles.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


class CoreConfig(AppConfig):
    """Sets messages of refusals.

    After migrations it sets the rights of the application's role, the numbers of audit rows, and
    the triggers that write the history.
    """

    name = "secondsource.core"
    label = "core"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_migrate  # the apps must be loaded

        from secondsource.core import audit_numbers, database_roles, form_messages, traces

        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        form_messages.speak()
        pre_migrate.connect(database_roles.lift_limit, sender=self)
        post_migrate.connect(database_roles.grant_after_migrate, sender=self)
        post_migrate.connect(database_roles.analyze_after_migrate, sender=self)
        post_migrate.connect(audit_numbers.keep_rising, sender=self)
        post_migrate.connect(traces.install, sender=self)
        post_migrate.connect(database_roles.restore_limit, sender=self)
