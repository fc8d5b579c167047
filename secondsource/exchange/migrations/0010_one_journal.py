"""BOMs note what they made in the journal of all kinds; which kinds there are is no affair of the table."""

from django.db import migrations, models

_JOURNAL = """
    INSERT INTO exchange_importedrow (import_id, model, object_id, version)
    SELECT i.id, made.key, pk::bigint, 1
      FROM exchange_import i, jsonb_each(i.created) made, jsonb_array_elements_text(made.value) pk
    ON CONFLICT DO NOTHING;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_choices_of_boms")]

    operations = [
        migrations.RunSQL(_JOURNAL, migrations.RunSQL.noop),
        migrations.RemoveField("historicalimport", "created"),
        migrations.RemoveField("import", "created"),
        migrations.RemoveConstraint("import", "import_kind_known"),
        migrations.AlterField("import", "kind", models.CharField(default="bom", max_length=20)),
        migrations.AlterField(
            "historicalimport", "kind", models.CharField(default="bom", max_length=20)
        ),
    ]
