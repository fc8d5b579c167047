"""Counter-entries of receipts, cancelled order lines, offers by their last day."""

import django.db.models.deletion
from django.db import migrations, models

# A foreign key and a check cannot say this: a counter-entry is its receipt with the other sign.
COUNTER_ENTRIES = """
CREATE FUNCTION suppliers_receipt_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added WHERE corrects_id IS NOT NULL) AND EXISTS (
    SELECT FROM added a LEFT JOIN suppliers_receipt r ON r.id = a.corrects_id
       AND r.source_id = a.source_id AND r.received_date = a.received_date
       AND r.received_qty = -a.received_qty AND r.corrects_id IS NULL
     WHERE a.corrects_id IS NOT NULL AND r.id IS NULL)
  THEN
    RAISE EXCEPTION 'a counter-entry is its receipt with the opposite quantity'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_counter_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_corrections AFTER INSERT ON suppliers_receipt REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION suppliers_receipt_corrections();
"""
NO_COUNTER_ENTRIES = """
DROP TRIGGER receipt_corrections ON suppliers_receipt;
DROP FUNCTION suppliers_receipt_corrections();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0017_time_of_approvals'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalorderline',
            name='cancelled_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='orderline',
            name='cancelled_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='receipt',
            name='corrects',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='suppliers.receipt'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='note',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['valid_to', 'id'], name='offer_by_last_day'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_on__isnull', True), ('open_given', 0), _connector='OR'), name='order_line_cancelled_has_nothing_open'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('corrects',), name='receipt_corrected_once'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='receipt_correction_has_reason'),
        ),
        migrations.RunSQL(COUNTER_ENTRIES, NO_COUNTER_ENTRIES),
    ]
