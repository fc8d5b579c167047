"""How many closed cases wait for their first receipt; a worker computes the company's figures."""

from django.db import migrations, models

_COMPUTE = """
INSERT INTO core_outbox (topic, key, payload, attempts, error)
SELECT 'company_figures', 'company', '{}', 0, ''
 WHERE EXISTS (SELECT FROM workspace_companyfigures)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_outbox_states'),
        ('workspace', '0004_snoozed_tasks'),
    ]

    operations = [
        migrations.AddField(
            model_name='companyfigures',
            name='cases_awaiting_receipt',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_COMPUTE, migrations.RunSQL.noop),
    ]
