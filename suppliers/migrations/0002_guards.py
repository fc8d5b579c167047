"""History and facts that can only be added to."""

from django.db import migrations

from secondsource.core.database_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions"), ("suppliers", "0001_initial")]
    operations = [
        append_only("suppliers_historicalsupplier"),
        append_only("suppliers_historicalsite"),
        append_only("suppliers_historicalmanufacturerpart"),
        append_only("suppliers_historicalsource"),
        append_only("suppliers_historicaloffer"),
        append_only("suppliers_receipt"),
        migrations.RunSQL(
            """
            ALTER TABLE suppliers_approval ADD CONSTRAINT approval_of_source UNIQUE (id, source_id);
            ALTER TABLE suppliers_source ADD CONSTRAINT source_approval_is_its_own
                FOREIGN KEY (approval_id, id) REFERENCES suppliers_approval (id, source_id)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE suppliers_source DROP CONSTRAINT source_approval_is_its_own;
            ALTER TABLE suppliers_approval DROP CONSTRAINT approval_of_source;
            """,
        ),
    ]
