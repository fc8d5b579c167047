"""Pilot plans name lots of the alternate with the sites that make them."""

import django.db.models.deletion
from django.db import migrations, models

KEEP_LOCKED = """
CREATE TRIGGER keep_locked BEFORE INSERT OR UPDATE OR DELETE ON qualification_pilotlot
    FOR EACH ROW EXECUTE FUNCTION qualification_keep_locked_plan();
"""
FORGET = "DROP TRIGGER keep_locked ON qualification_pilotlot;"


class Migration(migrations.Migration):

    dependencies = [
        ("qualification", "0027_rollback"),
        ("suppliers", "0026_risks_of_approvals"),
    ]

    operations = [
        migrations.CreateModel(
            name="PilotLot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lot", models.CharField(max_length=60)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="planned_lots", to="qualification.pilotplan")),
                ("site", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.site")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "lot"), name="pilot_lot_once"),
                    models.CheckConstraint(condition=models.Q(("lot", ""), _negated=True), name="pilot_lot_has_name"),
                ],
            },
        ),
        migrations.RunSQL(KEEP_LOCKED, FORGET),
    ]
