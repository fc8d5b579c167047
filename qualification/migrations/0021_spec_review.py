import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('qualification', '0020_fmea'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalDisposition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('parameter', models.CharField(max_length=80)),
                ('test_condition', models.CharField(blank=True, default='', max_length=120)),
                ('verdict', models.CharField(choices=[('deviation', 'Deviation'), ('blocks', 'limit missed'), ('unknown', 'Unknown')], max_length=9)),
                ('required', models.CharField(max_length=300)),
                ('incumbent_value', models.CharField(blank=True, default='', max_length=300)),
                ('candidate_value', models.CharField(blank=True, default='', max_length=300)),
                ('basis', models.JSONField()),
                ('decision', models.CharField(choices=[('accept', 'Accept'), ('accept_with_condition', 'accept with condition'), ('reject', 'Reject')], max_length=21)),
                ('reason', models.TextField()),
                ('condition', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case')),
                ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical disposition',
                'verbose_name_plural': 'historical dispositions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('parameter', models.CharField(max_length=80)),
                ('test_condition', models.CharField(blank=True, default='', max_length=120)),
                ('verdict', models.CharField(choices=[('deviation', 'Deviation'), ('blocks', 'limit missed'), ('unknown', 'Unknown')], max_length=9)),
                ('required', models.CharField(max_length=300)),
                ('incumbent_value', models.CharField(blank=True, default='', max_length=300)),
                ('candidate_value', models.CharField(blank=True, default='', max_length=300)),
                ('basis', models.JSONField()),
                ('decision', models.CharField(choices=[('accept', 'Accept'), ('accept_with_condition', 'accept with condition'), ('reject', 'Reject')], max_length=21)),
                ('reason', models.TextField()),
                ('condition', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to='qualification.case')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['parameter', 'test_condition'],
                'constraints': [models.UniqueConstraint(models.F('case'), django.db.models.functions.text.Lower('parameter'), django.db.models.functions.text.Lower('test_condition'), name='disposition_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disposition_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'accept_with_condition'), models.Q(('condition', ''), _negated=True)), models.Q(models.Q(('decision', 'accept_with_condition'), _negated=True), ('condition', '')), _connector='OR'), name='disposition_condition_with_its_decision'), models.CheckConstraint(condition=models.Q(('decision', 'accept'), ('verdict', 'blocks'), _negated=True), name='disposition_missed_limit_has_condition'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('decision', 'accept_with_condition'), models.Q(('confirmed_by', models.F('decided_by')), _negated=True)), _connector='OR'), name='disposition_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('verdict__in', ['deviation', 'blocks', 'unknown'])), name='disposition_verdict_known'), models.CheckConstraint(condition=models.Q(('decision__in', ['accept', 'accept_with_condition', 'reject'])), name='disposition_decision_known')],
            },
        ),
        append_only("qualification_historicaldisposition"),
    ]
