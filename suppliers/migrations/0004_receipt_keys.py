"""Number equal receipts, then let none stand twice; guards of the order lines."""

from django.db import migrations, models

from secondsource.core.database_roles import append_only

# Before this step nothing told equal arrivals of one day apart; the guard of the facts is lifted
# for their numbers alone.
NUMBER_EQUAL_RECEIPTS = """
ALTER TABLE suppliers_receipt DISABLE TRIGGER append_only;
UPDATE suppliers_receipt r SET nth = k.nth
  FROM (SELECT id, row_number() OVER (PARTITION BY source_id, received_date, digest ORDER BY id)
               AS nth FROM suppliers_receipt) k
 WHERE k.id = r.id AND k.nth > 1;
ALTER TABLE suppliers_receipt ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0003_orders_and_terms")]
    operations = [
        migrations.RunSQL(NUMBER_EQUAL_RECEIPTS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("source", "received_date", "digest", "nth"), name="receipt_once"
            ),
        ),
        append_only("suppliers_historicalorderline"),
        migrations.RunSQL(
            """
            ALTER TABLE suppliers_receipt ADD CONSTRAINT receipt_of_order_line
                FOREIGN KEY (order_line_id, source_id) REFERENCES suppliers_orderline (id, source_id)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            "ALTER TABLE suppliers_receipt DROP CONSTRAINT receipt_of_order_line;",
        ),
    ]
