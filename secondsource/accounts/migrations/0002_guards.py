"""History and facts that can only be added to."""

from django.db import migrations

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("accounts", "0001_initial")]
    operations = [
        append_only("accounts_historicalplant"),
        append_only("accounts_historicalproductline"),
        append_only("accounts_historicalteam"),
    ]
