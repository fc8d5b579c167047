"""Nothing is written to a merged company; placeholders and companies nobody assessed are marked."""

import json

from django.db import migrations

from suppliers.names import names_nobody

# Locked first and read then: of a merger and a row that is added meanwhile, the second one waits
# for the first and sees it. By statement, as an import adds thousands of rows of few companies.
REFUSE = """
CREATE FUNCTION suppliers_refuse_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone text;
BEGIN
  EXECUTE format('SELECT FROM suppliers_supplier WHERE id IN (SELECT %I FROM added)'
                 ' ORDER BY id FOR KEY SHARE', TG_ARGV[0]);
  EXECUTE format('SELECT code FROM suppliers_supplier WHERE merged_into_id IS NOT NULL'
                 ' AND id IN (SELECT %I FROM added) LIMIT 1', TG_ARGV[0]) INTO gone;
  IF gone IS NOT NULL THEN
    RAISE EXCEPTION 'supplier % was merged into another one', gone
      USING ERRCODE = 'check_violation', CONSTRAINT = 'supplier_was_merged';
  END IF;
  RETURN NULL;
END $$;
"""
UNREFUSE = "DROP FUNCTION suppliers_refuse_merged();"
#: Table → its key of the company.
KEYS = {
    "suppliers_manufacturerpart": "manufacturer_id",
    "suppliers_supplieralias": "supplier_id",
    "suppliers_site": "supplier_id",
    "suppliers_offer": "supplier_id",
    "suppliers_orderline": "supplier_id",
    "suppliers_receipt": "supplier_id",
}

# Made by an import, and approved ever since by nothing but the default.
NEVER_ASSESSED = """
UPDATE suppliers_supplier s SET standing = 'not_assessed', version = version + 1
 WHERE s.standing = 'approved'
   AND EXISTS (SELECT FROM suppliers_historicalsupplier h WHERE h.id = s.id
       AND h.history_type = '+' AND h.history_change_reason LIKE 'import %')
   AND NOT EXISTS (SELECT FROM suppliers_historicalsupplier h WHERE h.id = s.id
       AND h.standing <> 'approved')
"""


def triggers(table: str, column: str) -> migrations.RunSQL:
    """Refuse rows of a merged company, new ones and changed ones."""
    statements = [
        f"CREATE TRIGGER refuse_merged_{event.lower()} AFTER {event} ON {table}"
        " REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
        f" EXECUTE FUNCTION suppliers_refuse_merged('{column}');"
        for event in ("INSERT", "UPDATE")
    ]
    drop = [f"DROP TRIGGER refuse_merged_{event} ON {table};" for event in ("insert", "update")]
    return migrations.RunSQL("\n".join(statements), "\n".join(drop))


def mark(apps, schema_editor):
    """Mark placeholders by their name, and companies that only imports made."""
    said = {"user": None, "origin": "job", "reason": "migration: nobody assessed the company"}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.change', %s, true)", [json.dumps(said)])
        cursor.execute("SELECT id, name FROM suppliers_supplier")
        nobodies = [pk for pk, name in cursor.fetchall() if names_nobody(name)]
        cursor.execute(
            "UPDATE suppliers_supplier SET placeholder = true, version = version + 1"
            " WHERE id = ANY(%s)",
            [nobodies],
        )
        cursor.execute(NEVER_ASSESSED)


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0019_companies"), ("core", "0010_traces")]

    operations = [
        migrations.RunSQL(REFUSE, UNREFUSE),
        *(triggers(table, column) for table, column in KEYS.items()),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
