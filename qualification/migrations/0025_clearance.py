import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('qualification', '0024_lessons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalIpClearance',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('kind', models.CharField(choices=[('claim', 'patent claim'), ('licence', 'Licence'), ('clone', 'pin-compatible clone')], max_length=7)),
                ('subject', models.CharField(max_length=300)),
                ('searched_in', models.CharField(max_length=300)),
                ('searched_on', models.DateField()),
                ('result', models.CharField(choices=[('open', 'Open'), ('clear', 'Clear'), ('licensed', 'Licensed'), ('infringes', 'Infringes')], default='open', max_length=9)),
                ('licence', models.CharField(blank=True, default='', max_length=200)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case')),
                ('searched_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical ip clearance',
                'verbose_name_plural': 'historical ip clearances',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='IpClearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('claim', 'patent claim'), ('licence', 'Licence'), ('clone', 'pin-compatible clone')], max_length=7)),
                ('subject', models.CharField(max_length=300)),
                ('searched_in', models.CharField(max_length=300)),
                ('searched_on', models.DateField()),
                ('result', models.CharField(choices=[('open', 'Open'), ('clear', 'Clear'), ('licensed', 'Licensed'), ('infringes', 'Infringes')], default='open', max_length=9)),
                ('licence', models.CharField(blank=True, default='', max_length=200)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='qualification.case')),
                ('searched_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('searched_in', ''), _negated=True)), name='clearance_says_what_and_where'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('searched_on')), _connector='OR'), name='clearance_period_forward'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'licensed'), _negated=True), models.Q(('licence', ''), _negated=True), _connector='OR'), name='clearance_names_licence'), models.CheckConstraint(condition=models.Q(('kind__in', ['claim', 'licence', 'clone'])), name='ipclearance_kind_known'), models.CheckConstraint(condition=models.Q(('result__in', ['open', 'clear', 'licensed', 'infringes'])), name='ipclearance_result_known')],
            },
        ),
        append_only("qualification_historicalipclearance"),
    ]
