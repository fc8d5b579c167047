"""Counts of sources over bought parts, in a word; unpriced receipts apart."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0010_rename_incumbent_manufacturer'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='partfigures',
            name='part_single_by_spend',
        ),
        migrations.RemoveIndex(
            model_name='partfigures',
            name='part_by_sources',
        ),
        migrations.RemoveIndex(
            model_name='partfigures',
            name='part_underway',
        ),
        migrations.AddField(
            model_name='partfigures',
            name='counted_sources',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='partfigures',
            name='in_qualification',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='partfigures',
            name='supply',
            field=models.CharField(choices=[('none', 'no approved source'), ('single', 'single source'), ('several', 'two or more'), ('left_out', 'not counted')], db_default='left_out', default='left_out', max_length=8),
        ),
        migrations.AddField(
            model_name='partfigures',
            name='unpriced_receipts',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='partfigures',
            name='single_source',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='partfigures',
            index=models.Index(fields=['counted_sources', 'part'], name='part_by_counted_sources'),
        ),
        migrations.AddIndex(
            model_name='partfigures',
            index=models.Index(condition=models.Q(('in_qualification', True)), fields=['part'], name='part_in_qualification'),
        ),
        migrations.AddIndex(
            model_name='partfigures',
            index=models.Index(models.F('supply'), models.OrderBy(models.F('spend_12m'), descending=True, nulls_last=True), models.OrderBy(models.F('part'), descending=True), name='part_supply_by_spend'),
        ),
        migrations.AddConstraint(
            model_name='partfigures',
            constraint=models.CheckConstraint(condition=models.Q(('supply__in', ['none', 'single', 'several', 'left_out'])), name='partfigures_supply_known'),
        ),
    ]
