"""History and facts that can only be added to."""

from django.db import migrations

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("core", "0002_initial")]
    operations = [
        append_only("core_event"),
        append_only("core_auditseal"),
        append_only("core_historicalattachment"),
        append_only("core_historicalcomment"),
    ]
