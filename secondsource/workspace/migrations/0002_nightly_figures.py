"""The money of last night, at first a copy of the present one."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models

_KEPT = (
    "currency", "policy_version", "spend_parts_missing", "spend_12m", "single_source_spend",
    "single_source_underway", "by_category", "computed_at",
)  # fmt: skip


def copy_figures(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("workspace", "CompanyFigures").objects.all():
        row.nightly = {name: getattr(row, name) for name in _KEPT}
        row.save(update_fields=["nightly"])


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial")]

    operations = [
        migrations.AddField(
            "companyfigures", "nightly", models.JSONField(default=dict, encoder=DjangoJSONEncoder)
        ),
        migrations.RunPython(copy_figures, migrations.RunPython.noop),
    ]
