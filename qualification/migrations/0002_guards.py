"""History and facts that can only be added to."""

from django.db import migrations

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("qualification", "0001_initial")]
    operations = [
        append_only("qualification_historicalcase"),
        append_only("qualification_historicalchecklistitem"),
        append_only("qualification_historicalholdpoint"),
        append_only("qualification_historicalsignoff"),
    ]
