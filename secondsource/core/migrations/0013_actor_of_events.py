"""The database takes the actor of an event from the transaction's attribution."""

from django.conf import settings
from django.db import migrations

# Without an attribution the owner may say who it was, as tests and made-up data do; an event that
# the application's role writes by hand is put down to that role.
CHECK_EVENT = """
CREATE OR REPLACE FUNCTION core_check_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := nullif(current_setting('app.change', true), '')::jsonb;
  owner boolean := core_is_owner(TG_RELID);
BEGIN
  IF NOT owner THEN
    NEW.at := clock_timestamp();
  END IF;
  IF said IS NOT NULL THEN
    NEW.actor_id := (said ->> 'user')::bigint;
    NEW.job := coalesce(said ->> 'job', '');
    NEW.origin := coalesce(said ->> 'origin', '');
  ELSIF NOT owner THEN
    NEW.actor_id := NULL;
    NEW.job := left('SQL by ' || core_caller(), 60);
    NEW.origin := 'sql';
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
"""


def check_events(apps, schema_editor):
    users = apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table
    schema_editor.execute(CHECK_EVENT.format(users=users), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0012_row_change_kind_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.RunPython(check_events, migrations.RunPython.noop)]
