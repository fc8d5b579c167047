"""Exchange rates say of which two currencies they are, and have a history."""

import uuid

import django.contrib.postgres.functions
import django.db.models.functions.datetime
import simple_history.models
from django.db import migrations, models

from secondsource.core.database_roles import append_only

# Until now every rate was of the company's currency.
QUOTE = """
UPDATE parts_exchangerate SET quote = coalesce(
    (SELECT values ->> 'currency' FROM core_policyversion
      WHERE name = 'company' AND state = 'active' ORDER BY number DESC LIMIT 1), 'USD');
"""
# So that the first correction of a rate leaves the old one behind.
BEGIN_HISTORY = """
INSERT INTO parts_historicalexchangerate (id, public_id, version, created_at, updated_at, currency,
       quote, rate, as_of, publisher, history_date, history_type, history_origin)
SELECT id, public_id, version, created_at, updated_at, currency, quote, rate, as_of, publisher,
       created_at, '+', 'job' FROM parts_exchangerate;
"""
# One unit of ``given`` in ``wanted``: the latest day that has a rate, as published, turned round,
# or through a third currency that one publisher names with both on one day.
RATE = """
CREATE FUNCTION parts_rate(given text, wanted text, on_day date)
RETURNS TABLE (rate numeric, as_of date, publisher text) LANGUAGE sql STABLE AS $$
  SELECT r.rate, r.as_of, r.publisher FROM (
    SELECT 1::numeric AS rate, on_day AS as_of, '' AS publisher, 0 AS way
     WHERE given = wanted AND given <> ''
    UNION ALL
    (SELECT e.rate, e.as_of, e.publisher, 1 FROM parts_exchangerate e
      WHERE given <> wanted AND e.currency = given AND e.quote = wanted AND e.as_of <= on_day
      ORDER BY e.as_of DESC, e.id DESC LIMIT 1)
    UNION ALL
    (SELECT 1 / e.rate, e.as_of, e.publisher, 2 FROM parts_exchangerate e
      WHERE given <> wanted AND e.currency = wanted AND e.quote = given AND e.as_of <= on_day
      ORDER BY e.as_of DESC, e.id DESC LIMIT 1)
    UNION ALL
    (SELECT b.rate / a.rate, a.as_of, a.publisher, 3 FROM parts_exchangerate a
       JOIN parts_exchangerate b ON b.currency = a.currency AND b.quote = wanted
        AND b.as_of = a.as_of AND b.publisher = a.publisher
      WHERE given <> wanted AND a.quote = given AND a.as_of <= on_day
      ORDER BY a.as_of DESC, a.id DESC LIMIT 1)
    UNION ALL
    (SELECT a.rate / b.rate, a.as_of, a.publisher, 4 FROM parts_exchangerate a
       JOIN parts_exchangerate b ON b.quote = a.quote AND b.currency = wanted
        AND b.as_of = a.as_of AND b.publisher = a.publisher
      WHERE given <> wanted AND a.currency = given AND a.as_of <= on_day
      ORDER BY a.as_of DESC, a.id DESC LIMIT 1)
  ) r ORDER BY r.as_of DESC, r.way LIMIT 1
$$;
"""
TWO = models.Q(("currency__regex", "^[A-Z]{3}$"), ("quote__regex", "^[A-Z]{3}$")) & ~models.Q(
    ("currency", models.F("quote"))
)


def record_fields(*, historical):
    """Those of ``core.models.Record``."""
    unique = {} if historical else {"unique": True}
    now = django.db.models.functions.datetime.Now()
    return [
        ("public_id", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, **unique)),
        ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        ("created_at", models.DateTimeField(db_default=now, editable=False)),
        ("updated_at", models.DateTimeField(db_default=now, editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_policy_versions_stand"),
        ("parts", "0006_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint("exchangerate", "rate_once_a_day"),
        migrations.RenameField("exchangerate", "source", "publisher"),
        migrations.AlterField(
            "exchangerate", "rate", models.DecimalField(decimal_places=12, max_digits=24)
        ),
        migrations.AddField(
            "exchangerate",
            "quote",
            models.CharField(default="", max_length=3),
            preserve_default=False,
        ),
        migrations.RunSQL(QUOTE, migrations.RunSQL.noop),
        *(
            (migrations.AlterField if name == "created_at" else migrations.AddField)(
                "exchangerate", name, field
            )
            for name, field in record_fields(historical=False)
        ),
        migrations.AddConstraint(
            "exchangerate",
            models.UniqueConstraint(
                fields=("currency", "quote", "as_of", "publisher"), name="rate_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            "exchangerate", models.CheckConstraint(condition=TWO, name="rate_of_two_currencies")
        ),
        migrations.AddIndex(
            "exchangerate", models.Index(fields=["quote", "as_of"], name="rate_by_quote")
        ),
        migrations.CreateModel(
            name="HistoricalExchangeRate",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                *record_fields(historical=True),
                ("currency", models.CharField(max_length=3)),
                ("quote", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=12, max_digits=24)),
                ("as_of", models.DateField()),
                ("publisher", models.CharField(max_length=120)),
                ("history_origin", models.CharField(db_default="", default="", max_length=8)),
                ("history_user_id", models.BigIntegerField(blank=True, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True, blank=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
            ],
            options={
                "verbose_name": "historical exchange rate",
                "verbose_name_plural": "historical exchange rates",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        append_only("parts_historicalexchangerate"),
        migrations.RunSQL(BEGIN_HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(RATE, "DROP FUNCTION parts_rate"),
    ]
