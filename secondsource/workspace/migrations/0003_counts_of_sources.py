"""Counts and coverage of the company's figures; a worker computes all figures again."""

from django.db import migrations, models

_COMPUTE = """
INSERT INTO core_outbox (topic, key, payload, attempts, error)
SELECT 'all_figures', 'all', '{}', 0, '' WHERE EXISTS (SELECT FROM parts_part)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_outbox_states'),
        ('parts', '0011_counts_of_sources'),
        ('suppliers', '0021_unknown_independence'),
        ('workspace', '0002_nightly_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='companyfigures',
            name='left_out_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='no_source_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='no_source_spend',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=24, null=True),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='no_source_underway_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='several_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='several_unknown_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='single_source_underway_parts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='spend_parts_known',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='companyfigures',
            name='unpriced_receipts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_COMPUTE, migrations.RunSQL.noop),
    ]
