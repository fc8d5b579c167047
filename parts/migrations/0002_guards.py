"""History and facts that can only be added to."""

from django.db import migrations

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("parts", "0001_initial")]
    operations = [
        append_only("parts_historicalcategory"),
        append_only("parts_historicalpart"),
        append_only("parts_historicalrequirement"),
        append_only("parts_historicalproduct"),
        append_only("parts_historicalbomrevision"),
    ]
