"""Guards of the ledger: closed months, validated lines, baselines and reversals never change."""

from django.db import migrations

from secondsource.core.database_roles import append_only

#: A line in a closed month can only be validated, and only there. Closing waits for writers.
LINES = """
CREATE FUNCTION incentives_closed(day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM incentives_closedmonth WHERE month = day)
$$;
CREATE FUNCTION incentives_guard_saving() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free text[] := ARRAY['stage', 'validated_by_id', 'validated_at', 'validation_note', 'version',
                       'updated_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.stage = 'validated' OR incentives_closed(NEW.month) THEN
      RAISE EXCEPTION 'no new line in the closed month %, and none that is validated', NEW.month
        USING ERRCODE = 'check_violation', CONSTRAINT = 'saving_month_closed';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.stage IN ('validated', 'reversed') OR incentives_closed(OLD.month) THEN
    IF TG_OP = 'UPDATE' AND OLD.stage = 'realised' AND NEW.stage = 'validated'
       AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'line % of % is settled: % refused', OLD.id, OLD.month, TG_OP
      USING ERRCODE = 'check_violation', CONSTRAINT = 'saving_month_closed';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF NEW.stage = 'validated' OR incentives_closed(NEW.month) THEN
    RAISE EXCEPTION 'line % cannot be validated or moved: close its month first', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'saving_month_open';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER settled BEFORE INSERT OR UPDATE OR DELETE ON incentives_savingline
  FOR EACH ROW EXECUTE FUNCTION incentives_guard_saving();
CREATE FUNCTION incentives_wait_for_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE incentives_savingline IN SHARE ROW EXCLUSIVE MODE;
  RETURN NULL;
END $$;
CREATE TRIGGER waits BEFORE INSERT ON incentives_closedmonth
  FOR EACH STATEMENT EXECUTE FUNCTION incentives_wait_for_writers();
"""
#: Of a baseline only its window and its end change.
BASELINES = """
CREATE FUNCTION incentives_guard_baseline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free text[] := ARRAY['superseded_at', 'window_start', 'window_months', 'version', 'updated_at'];
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL
     AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the baseline of case % is frozen: % refused', OLD.case_id, TG_OP
    USING ERRCODE = 'check_violation', CONSTRAINT = 'baseline_frozen';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON incentives_baseline
  FOR EACH ROW EXECUTE FUNCTION incentives_guard_baseline();
"""
BACK = """
DROP TRIGGER settled ON incentives_savingline;
DROP TRIGGER waits ON incentives_closedmonth;
DROP TRIGGER frozen ON incentives_baseline;
DROP FUNCTION incentives_guard_saving;
DROP FUNCTION incentives_wait_for_writers;
DROP FUNCTION incentives_guard_baseline;
DROP FUNCTION incentives_closed;
"""


def never_changes(table: str) -> migrations.RunSQL:
    """Refuse changes and removals of the rows of a table."""
    return migrations.RunSQL(
        f"CREATE TRIGGER settled BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION core_refuse_change()",
        f"DROP TRIGGER settled ON {table}",
    )


def never_emptied(table: str) -> migrations.RunSQL:
    """Refuse TRUNCATE."""
    return migrations.RunSQL(
        f"CREATE TRIGGER settled_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()",
        f"DROP TRIGGER settled_truncate ON {table}",
    )


SETTLED = ("incentives_closedmonth", "incentives_reversal")
TABLES = ("incentives_baseline", "incentives_savingline", *SETTLED)


class Migration(migrations.Migration):

    dependencies = [
        ("incentives", "0001_ledger"),
        ("core", "0003_guards"),
    ]

    operations = [
        migrations.RunSQL(LINES + BASELINES, BACK),
        *(never_changes(table) for table in SETTLED),
        *(never_emptied(table) for table in TABLES),
        *(
            append_only(f"incentives_historical{name}")
            for name in ("baseline", "budgetrate", "kpitarget", "savingline")
        ),
    ]
