"""Approvals name the risks that were accepted with them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("suppliers", "0025_declarations")]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="accepted_risks",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
