"""A row of the outbox has a state; equal keys are found when a worker takes them, by no index."""

from django.db import migrations, models

# Moves were posted although nothing handled them: those rows are no work.
STATES = """
DELETE FROM core_outbox WHERE topic = 'moved';
UPDATE core_outbox SET state = 'done' WHERE done_at IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_policy_versions_stand'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outbox',
            name='outbox_waiting_once',
        ),
        migrations.RemoveIndex(
            model_name='outbox',
            name='outbox_waiting',
        ),
        migrations.RemoveField(
            model_name='outbox',
            name='begun_at',
        ),
        migrations.AddField(
            model_name='outbox',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed')], db_default='waiting', default='waiting', max_length=7),
        ),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='outbox_waiting'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['topic', 'key'], name='outbox_of_key'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('state', 'waiting')), models.Q(('done_at', None), ('state', 'failed')), models.Q(('done_at__isnull', False), ('state', 'done')), _connector='OR'), name='outbox_done_has_time'),
        ),
    ]
