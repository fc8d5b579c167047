"""A price that was replaced stays on record, with the versions of the offer that it held for."""

import django.db.models.deletion
from django.db import migrations, models

from secondsource.core.database_roles import versioned

# An offer that goes, by whatever statement, leaves its prices behind as it leaves its history.
CLOSE = """
CREATE FUNCTION suppliers_close_breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE suppliers_pricebreak p SET until_version = o.version + 1
    FROM gone o WHERE p.offer_id = o.id AND p.until_version IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER close_breaks AFTER DELETE ON suppliers_offer REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION suppliers_close_breaks();
"""
LEAVE_OPEN = """
DROP TRIGGER close_breaks ON suppliers_offer;
DROP FUNCTION suppliers_close_breaks;
"""
FORGET = "DELETE FROM suppliers_pricebreak WHERE until_version IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0006_receipt_keys_by_statement")]

    operations = [
        migrations.RemoveConstraint("pricebreak", "break_once"),
        migrations.AddField(
            "pricebreak", "from_version", models.PositiveIntegerField(db_default=1, default=1)
        ),
        migrations.AddField(
            "pricebreak", "until_version", models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AlterField(
            "pricebreak",
            "offer",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="price_breaks",
                to="suppliers.offer",
            ),
        ),
        migrations.AddConstraint(
            "pricebreak",
            models.UniqueConstraint(
                condition=models.Q(("until_version", None)),
                fields=("offer", "quantity"),
                name="break_once",
            ),
        ),
        migrations.AddConstraint(
            "pricebreak",
            models.CheckConstraint(
                condition=models.Q(
                    ("until_version", None),
                    ("until_version__gt", models.F("from_version")),
                    _connector="OR",
                ),
                name="break_versions_forward",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        versioned("suppliers_pricebreak", "until_version"),
        migrations.RunSQL(CLOSE, LEAVE_OPEN),
    ]
