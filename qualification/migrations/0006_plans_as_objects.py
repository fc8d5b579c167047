"""Pilot, interim, transition and rollback plan become rows of their own."""

import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only

COPY = """
UPDATE qualification_case c SET held_at = coalesce((SELECT max(e.at) FROM core_event e
        WHERE e.subject_type = 'qualification.case' AND e.subject_id = c.id
          AND e.action = 'qualification.case.hold'), c.updated_at)
 WHERE c.state = 'on_hold';
INSERT INTO qualification_pilot (case_id, quantity, job, created_at)
SELECT id, pilot_quantity, 'migration', opened_at FROM qualification_case
 WHERE pilot_quantity IS NOT NULL ORDER BY id;
INSERT INTO qualification_rollbackplan (case_id, hours, stock, rehearsed_on)
SELECT id, rollback_hours, rollback_stock, rollback_rehearsed_on FROM qualification_case
 WHERE num_nonnulls(rollback_hours, rollback_stock, rollback_rehearsed_on) > 0 ORDER BY id;
WITH c AS (
    SELECT c.*, c.transition_started IS NOT NULL AND c.state <> 'transition'
             AND (c.state, c.held_from) IS DISTINCT FROM ('on_hold', 'transition') AS over,
           s.status,
           coalesce((SELECT max(p.left_at)::date FROM qualification_gatepassage p
                      WHERE p.case_id = c.id AND p.gate = 'transition'), current_date) AS left_on
      FROM qualification_case c JOIN suppliers_source s ON s.id = c.source_id
     WHERE c.transition_share IS NOT NULL OR c.transition_started IS NOT NULL
        OR EXISTS (SELECT FROM qualification_holdpoint h WHERE h.case_id = c.id)
)
INSERT INTO qualification_transition (case_id, run, started_on, ended_on, outcome)
SELECT id, 1, transition_started, CASE WHEN over THEN left_on END,
       CASE WHEN NOT over THEN ''
            WHEN state IN ('closed', 'rolled_back', 'rejected', 'withdrawn') THEN state
            WHEN status = 'requalify' THEN 'rolled_back' ELSE 'sent_back' END
  FROM c ORDER BY id;
INSERT INTO qualification_rampstep (transition_id, month, share)
SELECT t.id, 1, c.transition_share
  FROM qualification_transition t JOIN qualification_case c ON c.id = t.case_id
 WHERE c.transition_share IS NOT NULL ORDER BY t.id;
UPDATE qualification_holdpoint h SET transition_id = t.id
  FROM qualification_transition t WHERE t.case_id = h.case_id;
UPDATE suppliers_approval a SET quantity = coalesce(c.interim_quantity, 1),
       valid_to = coalesce(a.valid_to, c.interim_until, a.valid_from)
  FROM qualification_case c
 WHERE a.kind = 'interim' AND a.source_id = c.source_id
   AND a.evidence_ref = 'SSQ-' || lpad(c.number::text, greatest(4, length(c.number::text)), '0');
INSERT INTO qualification_interim (case_id, approval_id, note, created_at)
SELECT c.id, a.id, '', a.created_at FROM suppliers_approval a JOIN qualification_case c
    ON c.source_id = a.source_id
   AND a.evidence_ref = 'SSQ-' || lpad(c.number::text, greatest(4, length(c.number::text)), '0')
 WHERE a.kind = 'interim' ORDER BY a.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('qualification', '0005_words_known'),
        ('suppliers', '0009_approvals_are_facts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalRampStep',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('month', models.PositiveSmallIntegerField()),
                ('share', models.DecimalField(decimal_places=4, max_digits=5)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical ramp step',
                'verbose_name_plural': 'historical ramp steps',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRollbackPlan',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True)),
                ('stock', models.PositiveIntegerField(blank=True, null=True)),
                ('rehearsed_on', models.DateField(blank=True, null=True)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical rollback plan',
                'verbose_name_plural': 'historical rollback plans',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTransition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('history_origin', models.CharField(db_default='', default='', max_length=8)),
                ('run', models.PositiveSmallIntegerField(default=1)),
                ('started_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('closed', 'Closed'), ('sent_back', 'sent back'), ('rolled_back', 'rolled back'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='', max_length=11)),
                ('history_user_id', models.BigIntegerField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical transition',
                'verbose_name_plural': 'historical transitions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Interim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Pilot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(blank=True, null=True)),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('job', models.CharField(blank=True, default='', max_length=60)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RampStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('month', models.PositiveSmallIntegerField()),
                ('share', models.DecimalField(decimal_places=4, max_digits=5)),
            ],
            options={
                'ordering': ['month'],
            },
        ),
        migrations.CreateModel(
            name='RollbackPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True)),
                ('stock', models.PositiveIntegerField(blank=True, null=True)),
                ('rehearsed_on', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('run', models.PositiveSmallIntegerField(default=1)),
                ('started_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('closed', 'Closed'), ('sent_back', 'sent back'), ('rolled_back', 'rolled back'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='', max_length=11)),
            ],
            options={
                'ordering': ['run'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='holdpoint',
            name='hold_point_judged_whole',
        ),
        migrations.AddField(
            model_name='case',
            name='held_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='historicalcase',
            name='held_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='historicalrollbackplan',
            name='case',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='historicaltransition',
            name='case',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='interim',
            name='approval',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='interim', to='suppliers.approval'),
        ),
        migrations.AddField(
            model_name='interim',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interims', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='pilot',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilots', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='rollbackplan',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rollback_plan', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='transition',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='qualification.case'),
        ),
        migrations.AddField(
            model_name='rampstep',
            name='transition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ramp', to='qualification.transition'),
        ),
        migrations.AddField(
            model_name='historicalrampstep',
            name='transition',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.transition'),
        ),
        migrations.AddField(
            model_name='historicalholdpoint',
            name='transition',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='qualification.transition'),
        ),
        migrations.AddField(
            model_name='holdpoint',
            name='transition',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hold_points', to='qualification.transition'),
        ),
        migrations.AddConstraint(
            model_name='holdpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged_at__isnull', True), ('verdict', '')), models.Q(('judged_at__isnull', False), ('verdict__in', ['pass', 'fail'])), _connector='OR'), name='hold_point_judged_whole'),
        ),
        migrations.AddConstraint(
            model_name='rollbackplan',
            constraint=models.CheckConstraint(condition=models.Q(('hours__isnull', True), ('hours__gte', 0), _connector='OR'), name='rollback_hours_positive'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=models.UniqueConstraint(fields=('case', 'run'), name='transition_run_once'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('outcome', '')), models.Q(('ended_on__isnull', False), ('outcome__in', ['closed', 'sent_back', 'rolled_back', 'rejected', 'withdrawn']), ('started_on__isnull', False)), _connector='OR'), name='transition_ends_whole'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('case',), name='transition_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='rampstep',
            constraint=models.UniqueConstraint(fields=('transition', 'month'), name='ramp_month_once'),
        ),
        migrations.AddConstraint(
            model_name='rampstep',
            constraint=models.CheckConstraint(condition=models.Q(('month__gte', 1)), name='ramp_month_from_one'),
        ),
        migrations.AddConstraint(
            model_name='rampstep',
            constraint=models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lte', 1)), name='ramp_share_fraction'),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='holdpoint',
            name='transition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hold_points', to='qualification.transition'),
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_transition_share_fraction',
        ),
        migrations.RemoveField(model_name='case', name='interim_quantity'),
        migrations.RemoveField(model_name='case', name='interim_until'),
        migrations.RemoveField(model_name='case', name='pilot_quantity'),
        migrations.RemoveField(model_name='case', name='rollback_hours'),
        migrations.RemoveField(model_name='case', name='rollback_rehearsed_on'),
        migrations.RemoveField(model_name='case', name='rollback_stock'),
        migrations.RemoveField(model_name='case', name='transition_share'),
        migrations.RemoveField(model_name='case', name='transition_started'),
        migrations.RemoveField(model_name='holdpoint', name='case'),
        # The columns stay in the tables of history: sealed rows are proven by all their columns.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='historicalcase', name='interim_quantity'),
                migrations.RemoveField(model_name='historicalcase', name='interim_until'),
                migrations.RemoveField(model_name='historicalcase', name='pilot_quantity'),
                migrations.RemoveField(model_name='historicalcase', name='rollback_hours'),
                migrations.RemoveField(model_name='historicalcase', name='rollback_rehearsed_on'),
                migrations.RemoveField(model_name='historicalcase', name='rollback_stock'),
                migrations.RemoveField(model_name='historicalcase', name='transition_share'),
                migrations.RemoveField(model_name='historicalcase', name='transition_started'),
                migrations.RemoveField(model_name='historicalholdpoint', name='case'),
            ],
        ),
        append_only("qualification_historicaltransition"),
        append_only("qualification_historicalrampstep"),
        append_only("qualification_historicalrollbackplan"),
        append_only("qualification_pilot"),
        append_only("qualification_interim"),
    ]
