"""Approvals become facts: their ends are rows of their own, scope and terms are theirs."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# An approval whose last day was over ended by itself. What another approval followed was
# superseded; else the status tells a rolled-back source from one that was sent back.
ENDED = """
INSERT INTO suppliers_revocation (approval_id, cause, reason, job, created_at)
SELECT a.id,
       CASE WHEN EXISTS (SELECT FROM suppliers_approval l
                          WHERE l.source_id = a.source_id AND l.id > a.id) THEN 'superseded'
            WHEN s.status = 'requalify' THEN 'rolled_back' ELSE 'sent_back' END,
       a.evidence_ref || ' no longer approves it.', 'migration', a.ended_at
  FROM suppliers_approval a JOIN suppliers_source s ON s.id = a.source_id
 WHERE a.ended_at IS NOT NULL
   AND (a.valid_to IS NULL OR a.valid_to >= (a.ended_at AT TIME ZONE 'UTC')::date);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_fewer_indexes'),
        ('parts', '0006_fewer_indexes'),
        ('suppliers', '0008_words_known'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('approval', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='revocation', serialize=False, to='suppliers.approval')),
                ('cause', models.CharField(choices=[('superseded', 'Superseded'), ('rolled_back', 'rolled back'), ('withdrawn', 'Withdrawn'), ('sent_back', 'sent back'), ('undone', 'Undone')], max_length=11)),
                ('reason', models.TextField(blank=True, default='')),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('job', models.CharField(blank=True, default='', max_length=60)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunSQL(ENDED, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='approval',
            name='approval_no_overlap',
        ),
        migrations.RemoveField(
            model_name='approval',
            name='ended_at',
        ),
        migrations.AddField(
            model_name='approval',
            name='conditions',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='approval',
            name='plants',
            field=models.ManyToManyField(blank=True, related_name='+', to='accounts.plant'),
        ),
        migrations.AddField(
            model_name='approval',
            name='products',
            field=models.ManyToManyField(blank=True, related_name='+', to='parts.product'),
        ),
        migrations.AddField(
            model_name='approval',
            name='quantity',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='approval',
            name='second_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='approval',
            name='share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='historicalsource',
            name='quantity_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalsource',
            name='reasons',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='source',
            name='quantity_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='reasons',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AlterField(
            model_name='approval',
            name='kind',
            field=models.CharField(choices=[('case', 'Case'), ('interim', 'Interim'), ('override', 'Override'), ('legacy', 'Legacy'), ('takeover', 'taken over')], max_length=8),
        ),
        migrations.AlterField(
            model_name='approval',
            name='source',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='approvals', to='suppliers.source'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__isnull', True), ('quantity__gt', 0), _connector='OR'), name='approval_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('share__isnull', True), models.Q(('share__gt', 0), ('share__lte', 1)), _connector='OR'), name='approval_share_fraction'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['override', 'takeover']), _negated=True), models.Q(('second_id__isnull', False), ('valid_to__isnull', False), models.Q(('second_id', models.F('actor_id')), _negated=True)), _connector='OR'), name='approval_by_two_persons'),
        ),
    ]
