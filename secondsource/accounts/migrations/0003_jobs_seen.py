"""Until when a person has seen which jobs ended."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='jobs_seen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
