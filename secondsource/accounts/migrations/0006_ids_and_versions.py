"""Opaque ids of people and tokens, and the version that administrators lock people by."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


def public_id() -> models.UUIDField:
    """The database gives each row that is there an id of its own."""
    return models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), editable=False, unique=True
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_words_known")]
    operations = [
        migrations.AddField("user", "public_id", public_id()),
        migrations.AddField("apitoken", "public_id", public_id()),
        migrations.AddField(
            "user",
            "version",
            models.PositiveIntegerField(default=1, db_default=1, editable=False),
        ),
    ]
