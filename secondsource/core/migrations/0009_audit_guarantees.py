"""The database itself says when, by which transaction and by whom an audit row was written."""

from django.conf import settings
from django.db import migrations, models

from secondsource.core.database_roles import append_only

NUMBER_ROW = """
CREATE FUNCTION core_number_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.sealed_tx := pg_current_xact_id()::text::bigint + TG_ARGV[0]::bigint;
  RETURN NEW;
END $$;
"""

# The owner may write of the past: the demonstration, and tests. The application may not, and what
# it takes for the time does not count.
CHECK_EVENT = """
CREATE FUNCTION core_check_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_has_role(current_user,
                     (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    NEW.at := clock_timestamp();
  END IF;
  IF NEW.actor_id IS NULL AND NEW.job = '' THEN
    RAISE EXCEPTION 'an event has neither a person nor a job' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.actor_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM "{users}" WHERE id = NEW.actor_id) THEN
    RAISE EXCEPTION 'there is no person %', NEW.actor_id
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_event BEFORE INSERT ON core_event
  FOR EACH ROW EXECUTE FUNCTION core_check_event();
"""

# A seal that ends in the future, or beside the last one, would end the sealing of its table.
# It runs after number_row (triggers go by name), which has added the offset of the numbers.
CHECK_SEAL = """
CREATE FUNCTION core_check_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  final bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                  + NEW.sealed_tx - pg_current_xact_id()::text::bigint;
  last_tx bigint := 0;
  last_id bigint := 0;
BEGIN
  SELECT until_tx, until_id INTO last_tx, last_id FROM core_auditseal
   WHERE "table" = NEW."table" ORDER BY until_tx DESC, until_id DESC LIMIT 1;
  IF (NEW.from_tx, NEW.from_id) <> (coalesce(last_tx, 0), coalesce(last_id, 0))
     OR NEW.until_tx > final THEN
    RAISE EXCEPTION 'a seal begins at the end of the last one and ends before what is running'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seal_check BEFORE INSERT ON core_auditseal
  FOR EACH ROW EXECUTE FUNCTION core_check_seal();
"""


def check_events(apps, schema_editor):
    label = settings.AUTH_USER_MODEL
    users = apps.get_model(label)._meta.db_table
    schema_editor.execute(CHECK_EVENT.format(users=users), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_jobs_count_their_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="auditseal", name="seal_one_successor"),
        migrations.RemoveConstraint(model_name="auditseal", name="seal_range_forward"),
        migrations.RemoveConstraint(model_name="sealedcolumns", name="sealed_columns_once"),
        migrations.AddField(
            model_name="auditseal",
            name="from_id",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="auditseal",
            name="until_id",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="auditseal",
            name="row_marks",
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sealedcolumns",
            name="from_id",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="auditseal",
            constraint=models.UniqueConstraint(
                fields=("table", "from_tx", "from_id"), name="seal_one_successor"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditseal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_tx__gt", models.F("from_tx")),
                    models.Q(
                        ("until_id__gt", models.F("from_id")), ("until_tx", models.F("from_tx"))
                    ),
                    _connector="OR",
                ),
                name="seal_range_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedcolumns",
            constraint=models.UniqueConstraint(
                fields=("table", "from_tx", "from_id"), name="sealed_columns_once"
            ),
        ),
        append_only("core_sealedcolumns"),
        # The trigger that calls it is set on every append-only table after migrating.
        migrations.RunSQL(NUMBER_ROW, "DROP FUNCTION core_number_row() CASCADE"),
        migrations.RunPython(check_events, migrations.RunPython.noop),
        migrations.RunSQL(migrations.RunSQL.noop, "DROP FUNCTION core_check_event() CASCADE"),
        migrations.RunSQL(CHECK_SEAL, "DROP FUNCTION core_check_seal() CASCADE"),
    ]
