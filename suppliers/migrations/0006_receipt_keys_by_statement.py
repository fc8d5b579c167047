"""Keys of receipts are looked up by the statement: a million rows are a file of receipts."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# A foreign key looks up every single row, twice the work of writing it. The rows of one statement
# name few sources and mostly one batch; these are held until the commit as a foreign key holds
# them, so that nobody removes them meanwhile.
KEYS = """
CREATE FUNCTION suppliers_receipt_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key record;
  held bigint;
  named bigint;
BEGIN
  FOR key IN SELECT * FROM (VALUES ('suppliers_source', 'source_id', 'receipt_of_source'),
    ('suppliers_receiptbatch', 'batch_id', 'receipt_of_batch')) k (parent, col, name)
  LOOP
    -- Planned each time: for one row and for a million the best way is another.
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %I p WHERE p.id IN (SELECT %I FROM added)'
                   ' ORDER BY p.id FOR KEY SHARE) h', key.parent, key.col) INTO held;
    EXECUTE format('SELECT count(*) FROM (SELECT DISTINCT %1$I FROM added'
                   ' WHERE %1$I IS NOT NULL) n', key.col) INTO named;
    IF held < named THEN
      RAISE EXCEPTION 'a receipt names a row of % that is not there', key.parent
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = key.name;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_keys AFTER INSERT ON suppliers_receipt REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION suppliers_receipt_keys();

-- The other side: what receipts name stays. Receipts themselves never change.
CREATE FUNCTION suppliers_named_by_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_one boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM suppliers_receipt WHERE %I = $1)', TG_ARGV[0])
    INTO found_one USING OLD.id;
  IF found_one THEN
    RAISE EXCEPTION 'row % of % is named by receipts', OLD.id, TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_ARGV[1];
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER named_by_receipts AFTER DELETE OR UPDATE OF id ON suppliers_source
  FOR EACH ROW EXECUTE FUNCTION suppliers_named_by_receipts('source_id', 'receipt_of_source');
CREATE TRIGGER named_by_receipts AFTER DELETE OR UPDATE OF id ON suppliers_receiptbatch
  FOR EACH ROW EXECUTE FUNCTION suppliers_named_by_receipts('batch_id', 'receipt_of_batch');
"""
NO_KEYS = """
DROP TRIGGER receipt_keys ON suppliers_receipt;
DROP TRIGGER named_by_receipts ON suppliers_source;
DROP TRIGGER named_by_receipts ON suppliers_receiptbatch;
DROP FUNCTION suppliers_receipt_keys();
DROP FUNCTION suppliers_named_by_receipts();
"""

# Numbers of transactions grow with the table: a summary of pages finds those that wait for a seal.
SUMMARY_OF_SEALS = """
DROP INDEX suppliers_receipt_sealed_tx;
CREATE INDEX suppliers_receipt_sealed_tx ON suppliers_receipt USING brin (sealed_tx)
  WITH (pages_per_range = 32, autosummarize = on);
"""
TREE_OF_SEALS = """
DROP INDEX suppliers_receipt_sealed_tx;
CREATE INDEX suppliers_receipt_sealed_tx ON suppliers_receipt (sealed_tx);
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0005_fewer_indexes")]
    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="suppliers.source",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="suppliers.receiptbatch",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="supplier",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="suppliers.supplier",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("supplier__isnull", False)),
                fields=["supplier"],
                name="receipt_by_supplier",
            ),
        ),
        migrations.RemoveIndex(model_name="receipt", name="receipt_by_batch"),
        migrations.AddIndex(
            model_name="receipt",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True,
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="receipt_by_batch",
                pages_per_range=32,
            ),
        ),
        migrations.RunSQL(SUMMARY_OF_SEALS, TREE_OF_SEALS),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
