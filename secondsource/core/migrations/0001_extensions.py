"""What the database must know before any table: extensions and the append-only guard."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from secondsource.core.database_roles import GUARD_FUNCTION


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(GUARD_FUNCTION, "DROP FUNCTION core_refuse_change()"),
    ]
