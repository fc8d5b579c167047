"""What a person says of a BOM on confirming."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0008_companies'),
    ]

    operations = [
        migrations.AddField('import', 'choices', models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.AddField('historicalimport', 'choices', models.JSONField(blank=True, db_default={}, default=dict)),
    ]
