"""The business case of a case with its planned and actual cost, and the versions signed."""

import uuid
from decimal import Decimal

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('qualification', '0015_scope_of_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalBusinessCase',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('saving_per_year', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='planned share')),
                ('discount_rate', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('1'))])),
                ('horizon_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)])),
                ('exposure_note', models.CharField(blank=True, default='', max_length=500)),
                ('no_cost_reason', models.CharField(blank=True, default='', max_length=500)),
                ('note', models.TextField(blank=True, default='')),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case')),
            ],
            options={
                'verbose_name': 'historical business case',
                'verbose_name_plural': 'historical business cases',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPlannedCost',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('kind', models.CharField(choices=[('hours', 'working hours'), ('lab', 'laboratory'), ('samples', 'samples'), ('tooling', 'tooling'), ('pilot_scrap', 'pilot scrap'), ('dual_inventory', 'double inventory'), ('requalification', 'requalification'), ('other', 'other')], max_length=15)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ('rate', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case')),
            ],
            options={
                'verbose_name': 'historical planned cost',
                'verbose_name_plural': 'historical planned costs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='BusinessCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('saving_per_year', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='planned share')),
                ('discount_rate', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('1'))])),
                ('horizon_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)])),
                ('exposure_note', models.CharField(blank=True, default='', max_length=500)),
                ('no_cost_reason', models.CharField(blank=True, default='', max_length=500)),
                ('note', models.TextField(blank=True, default='')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='business_case', to='qualification.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('saving_per_year', None), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='business_case_saving_has_currency'), models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 1)), _connector='OR'), name='business_case_share_fraction'), models.CheckConstraint(condition=models.Q(('discount_rate', None), models.Q(('discount_rate__gte', 0), ('discount_rate__lte', 1)), _connector='OR'), name='business_case_rate_fraction'), models.CheckConstraint(condition=models.Q(('horizon_months', None), models.Q(('horizon_months__gte', 1), ('horizon_months__lte', 120)), _connector='OR'), name='business_case_horizon_months')],
            },
        ),
        migrations.CreateModel(
            name='BusinessCaseVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('exact', models.JSONField()),
                ('rounded', models.JSONField()),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='business_case_versions', to='qualification.case')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='business_case_version_once')],
            },
        ),
        migrations.CreateModel(
            name='CostEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('hours', 'working hours'), ('lab', 'laboratory'), ('samples', 'samples'), ('tooling', 'tooling'), ('pilot_scrap', 'pilot scrap'), ('dual_inventory', 'double inventory'), ('requalification', 'requalification'), ('other', 'other')], max_length=15)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ('rate', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('day', models.DateField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cost_entries', to='qualification.case')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='qualification.costentry')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hours__isnull', False), ('kind', 'hours'), ('rate__isnull', False)), models.Q(models.Q(('kind', 'hours'), _negated=True), ('hours', None), ('rate', None)), _connector='OR'), name='cost_entry_hours_or_amount'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='cost_entry_has_currency'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('corrects', None)), models.Q(('amount__lt', 0), ('corrects__isnull', False)), _connector='OR'), name='cost_entry_sign'), models.CheckConstraint(condition=models.Q(('corrects', None), models.Q(('corrects', models.F('id')), _negated=True), _connector='OR'), name='cost_entry_not_own'), models.CheckConstraint(condition=models.Q(('kind__in', ['hours', 'lab', 'samples', 'tooling', 'pilot_scrap', 'dual_inventory', 'requalification', 'other'])), name='costentry_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='PlannedCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('hours', 'working hours'), ('lab', 'laboratory'), ('samples', 'samples'), ('tooling', 'tooling'), ('pilot_scrap', 'pilot scrap'), ('dual_inventory', 'double inventory'), ('requalification', 'requalification'), ('other', 'other')], max_length=15)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ('rate', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_costs', to='qualification.case')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hours__isnull', False), ('kind', 'hours'), ('rate__isnull', False)), models.Q(models.Q(('kind', 'hours'), _negated=True), ('hours', None), ('rate', None)), _connector='OR'), name='planned_cost_hours_or_amount'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='planned_cost_has_currency'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='planned_cost_positive'), models.CheckConstraint(condition=models.Q(('kind__in', ['hours', 'lab', 'samples', 'tooling', 'pilot_scrap', 'dual_inventory', 'requalification', 'other'])), name='plannedcost_kind_known')],
            },
        ),
        append_only("qualification_historicalbusinesscase"),
        append_only("qualification_historicalplannedcost"),
        append_only("qualification_costentry"),
        append_only("qualification_businesscaseversion"),
    ]
