"""``manage.py migrate``, fast in an empty database: :mod:`secondsource.core.first_migration`."""

from django.core.management.commands import migrate

from secondsource.core.first_migration import FirstExecutor

#: Django's command has no other way to be given an executor.
migrate.MigrationExecutor = FirstExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Django's own."""
