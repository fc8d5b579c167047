"""The application's role chooses neither the time of an approval nor somebody else as its actor."""

from django.db import migrations

# A take-over is written by its second person, all other approvals and revocations by their first.
CHECK = """
CREATE FUNCTION suppliers_check_actor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := core_change(TG_RELID);
  person bigint := (said ->> 'user')::bigint;
  second bigint := (to_jsonb(NEW) ->> 'second_id')::bigint;
BEGIN
  IF core_is_owner(TG_RELID) THEN
    RETURN NEW;
  END IF;
  NEW.created_at := clock_timestamp();
  IF person IS NULL AND NEW.actor_id IS NOT NULL
     OR person IS NOT NULL AND person IS DISTINCT FROM NEW.actor_id
        AND person IS DISTINCT FROM second THEN
    RAISE EXCEPTION 'person % writes for another one', coalesce(person::text, 'unknown')
      USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_by_its_actor';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_actor BEFORE INSERT ON suppliers_approval
  FOR EACH ROW EXECUTE FUNCTION suppliers_check_actor();
CREATE TRIGGER check_actor BEFORE INSERT ON suppliers_revocation
  FOR EACH ROW EXECUTE FUNCTION suppliers_check_actor();
"""
UNCHECK = "DROP FUNCTION suppliers_check_actor() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0013_actor_of_events"),
        ("suppliers", "0016_rename_index"),
    ]

    operations = [migrations.RunSQL(CHECK, UNCHECK)]
