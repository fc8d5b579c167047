from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("core", "0007_outbox_states")]
    operations = [
        migrations.AddField("job", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("job", "queued_at", models.DateTimeField(db_default=Now())),
    ]
