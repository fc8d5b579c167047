import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.db import migrations, models

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0024_sources_by_approval'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalDeclaration',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('scheme', models.CharField(choices=[('rohs', 'RoHS'), ('reach', 'REACH'), ('conflict_minerals', 'conflict minerals')], max_length=17)),
                ('status', models.CharField(choices=[('compliant', 'Compliant'), ('exempt', 'compliant by exemption'), ('non_compliant', 'not compliant'), ('no_svhc', 'no SVHC above 0.1 %'), ('svhc', 'SVHC above 0.1 %'), ('conformant', 'all smelters conformant'), ('unresolved', 'smelters not resolved')], max_length=13)),
                ('document', models.CharField(max_length=200)),
                ('exemption', models.CharField(blank=True, default='', max_length=60)),
                ('exemption_expires', models.DateField(blank=True, null=True)),
                ('list_date', models.DateField(blank=True, null=True)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('manufacturer_part', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='suppliers.manufacturerpart')),
            ],
            options={
                'verbose_name': 'historical declaration',
                'verbose_name_plural': 'historical declarations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('scheme', models.CharField(choices=[('rohs', 'RoHS'), ('reach', 'REACH'), ('conflict_minerals', 'conflict minerals')], max_length=17)),
                ('status', models.CharField(choices=[('compliant', 'Compliant'), ('exempt', 'compliant by exemption'), ('non_compliant', 'not compliant'), ('no_svhc', 'no SVHC above 0.1 %'), ('svhc', 'SVHC above 0.1 %'), ('conformant', 'all smelters conformant'), ('unresolved', 'smelters not resolved')], max_length=13)),
                ('document', models.CharField(max_length=200)),
                ('exemption', models.CharField(blank=True, default='', max_length=60)),
                ('exemption_expires', models.DateField(blank=True, null=True)),
                ('list_date', models.DateField(blank=True, null=True)),
                ('manufacturer_part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='suppliers.manufacturerpart')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('manufacturer_part', 'scheme'), name='declaration_once'), models.CheckConstraint(condition=models.Q(models.Q(('scheme', 'rohs'), ('status__in', ['compliant', 'exempt', 'non_compliant'])), models.Q(('scheme', 'reach'), ('status__in', ['no_svhc', 'svhc'])), models.Q(('scheme', 'conflict_minerals'), ('status__in', ['conformant', 'unresolved'])), _connector='OR'), name='declaration_status_of_scheme'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'exempt'), _negated=True), models.Q(models.Q(('exemption', ''), _negated=True), ('exemption_expires__isnull', False)), _connector='OR'), name='declaration_exemption_ends'), models.CheckConstraint(condition=models.Q(models.Q(('scheme', 'reach'), _negated=True), ('list_date__isnull', False), _connector='OR'), name='declaration_names_list'), models.CheckConstraint(condition=models.Q(('scheme__in', ['rohs', 'reach', 'conflict_minerals'])), name='declaration_scheme_known'), models.CheckConstraint(condition=models.Q(('status__in', ['compliant', 'exempt', 'non_compliant', 'no_svhc', 'svhc', 'conformant', 'unresolved'])), name='declaration_status_known')],
            },
        ),
        append_only("suppliers_historicaldeclaration"),
    ]
