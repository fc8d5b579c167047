"""Baselines may follow a market index; what it moves stands apart on the lines of the ledger."""

import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only

#: The price of a baseline in the month that begins ``on_day``: its linked share follows the last
#: value of the index within three months; None without one.
INDEXED = """
CREATE FUNCTION incentives_indexed(price numeric, of_index bigint, share numeric, base numeric,
                                   on_day date)
RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT round(price * (base - share * base + share * v.value) / base, 6)
    FROM incentives_indexvalue v
   WHERE v.index_id = of_index AND v.day <= on_day AND v.day > on_day - interval '3 months'
   ORDER BY v.day DESC LIMIT 1
$$;
"""
DROP = "DROP FUNCTION incentives_indexed(numeric, bigint, numeric, numeric, date)"


class Migration(migrations.Migration):

    dependencies = [
        ('incentives', '0008_payout_guards'),
        ('qualification', '0031_as_built_orders'),
        ('suppliers', '0028_datasheets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalPriceIndex',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('publisher', models.CharField(max_length=120)),
                ('unit', models.CharField(max_length=40)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical price index',
                'verbose_name_plural': 'historical price indexs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='baseline',
            name='index_base',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='baseline',
            name='index_base_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='baseline',
            name='linked_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='historicalbaseline',
            name='index_base',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='historicalbaseline',
            name='index_base_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalbaseline',
            name='linked_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='historicalsavingline',
            name='market_effect',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='savingline',
            name='market_effect',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True),
        ),
        migrations.CreateModel(
            name='PriceIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('publisher', models.CharField(max_length=120)),
                ('unit', models.CharField(max_length=40)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9][A-Z0-9._-]*$')), name='price_index_code'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('publisher', ''), _negated=True), models.Q(('unit', ''), _negated=True)), name='price_index_named')],
            },
        ),
        migrations.CreateModel(
            name='IndexValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('day', models.DateField()),
                ('value', models.DecimalField(decimal_places=6, max_digits=18)),
                ('evidence', models.CharField(max_length=300)),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='incentives.priceindex')),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalIndexValue',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('day', models.DateField()),
                ('value', models.DecimalField(decimal_places=6, max_digits=18)),
                ('evidence', models.CharField(max_length=300)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('index', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='incentives.priceindex')),
            ],
            options={
                'verbose_name': 'historical index value',
                'verbose_name_plural': 'historical index values',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='baseline',
            name='index',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='incentives.priceindex'),
        ),
        migrations.AddField(
            model_name='historicalbaseline',
            name='index',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='incentives.priceindex'),
        ),
        migrations.AddConstraint(
            model_name='baseline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('index', None), ('index_base', None), ('index_base_on', None), ('linked_share', None)), models.Q(('index__isnull', False), ('index_base__gt', 0), ('index_base_on__isnull', False), ('linked_share__gt', 0), ('linked_share__lte', 1)), _connector='OR'), name='baseline_index_whole'),
        ),
        migrations.AddConstraint(
            model_name='indexvalue',
            constraint=models.UniqueConstraint(fields=('index', 'day'), name='index_value_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='indexvalue',
            constraint=models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='index_value_positive'),
        ),
        migrations.AddConstraint(
            model_name='indexvalue',
            constraint=models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='index_value_has_evidence'),
        ),
        append_only("incentives_historicalpriceindex"),
        append_only("incentives_historicalindexvalue"),
        migrations.RunSQL(INDEXED, DROP),
    ]
