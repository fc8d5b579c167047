"""Changes leave a trace whatever statement makes them; the triggers are set after migrating."""

from django.db import migrations, models
from django.db.models.functions import Now

from secondsource.core.database_roles import append_only

# They run with the rights of the owner: the application's role adds no history by itself. "role" is
# still the caller's, whom alone it depends on whether a moment of the past is believed.
FUNCTIONS = """
CREATE FUNCTION core_caller() RETURNS name LANGUAGE sql STABLE
SET search_path = pg_catalog AS $$
  SELECT CASE current_setting('role') WHEN 'none' THEN session_user
              ELSE current_setting('role')::name END
$$;

CREATE FUNCTION core_is_owner(relation oid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog AS $$
  SELECT pg_has_role(public.core_caller(), relowner, 'MEMBER') FROM pg_class WHERE oid = relation
$$;

-- What core.traces.attribute said, else the role that ran the statement.
CREATE FUNCTION core_change(relation oid) RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog AS $$
DECLARE
  said jsonb := nullif(current_setting('app.change', true), '')::jsonb;
BEGIN
  IF said IS NULL THEN
    said := jsonb_build_object('origin', 'sql', 'reason', 'SQL by ' || public.core_caller());
  END IF;
  IF said ? 'at' AND public.core_is_owner(relation) THEN
    RETURN said;
  END IF;
  RETURN said || jsonb_build_object('at', clock_timestamp());
END $$;

-- Columns are read when it runs: a migration that adds or drops one needs no other trigger.
CREATE FUNCTION core_keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  said jsonb;
  names text;
  origin text := 'changed n';
BEGIN
  IF NOT EXISTS (SELECT FROM changed)
     OR current_setting('app.traces', true) = 'off' AND core_is_owner(TG_RELID) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    origin := 'changed n LEFT JOIN before o ON o.id = n.id'
              ' WHERE o.id IS NULL OR n IS DISTINCT FROM o';
  END IF;
  SELECT string_agg(quote_ident(t.attname), ', n.') INTO names
    FROM pg_attribute t JOIN pg_attribute h ON h.attname = t.attname
   WHERE t.attrelid = TG_RELID AND t.attnum > 0 AND NOT t.attisdropped
     AND h.attrelid = TG_ARGV[0]::regclass AND h.attnum > 0 AND NOT h.attisdropped;
  said := core_change(TG_RELID);
  EXECUTE format(
    'INSERT INTO %I (%s, history_date, history_change_reason, history_type, history_user_id,'
    ' history_origin) SELECT n.%s, $1, $2, $3, $4, $5 FROM %s ORDER BY n.id',
    TG_ARGV[0], replace(names, ', n.', ', '), names, origin)
  USING (said ->> 'at')::timestamptz, nullif(said ->> 'reason', ''),
        CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END,
        (said ->> 'user')::bigint, coalesce(said ->> 'origin', '');
  RETURN NULL;
END $$;

-- The first argument is the column of the object that a row belongs to, the others are left out.
CREATE FUNCTION core_keep_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  said jsonb;
  omitted text[] := TG_ARGV[1:];
BEGIN
  IF NOT EXISTS (SELECT FROM changed)
     OR current_setting('app.traces', true) = 'off' AND core_is_owner(TG_RELID) THEN
    RETURN NULL;
  END IF;
  said := core_change(TG_RELID);
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO core_rowchange ("table", row_id, owner_id, kind, before, after, at, user_id,
                                origin, reason)
    SELECT TG_TABLE_NAME, r.id, (r.after ->> TG_ARGV[0])::bigint, '~', r.before, r.after,
           (said ->> 'at')::timestamptz, (said ->> 'user')::bigint, coalesce(said ->> 'origin', ''),
           coalesce(said ->> 'reason', '')
      FROM (SELECT n.id, to_jsonb(o) - omitted AS before, to_jsonb(n) - omitted AS after
              FROM changed n LEFT JOIN before o ON o.id = n.id) r
     WHERE r.before IS DISTINCT FROM r.after ORDER BY r.id;
  ELSE
    INSERT INTO core_rowchange ("table", row_id, owner_id, kind, before, after, at, user_id,
                                origin, reason)
    SELECT TG_TABLE_NAME, r.id, (r.content ->> TG_ARGV[0])::bigint,
           CASE TG_OP WHEN 'INSERT' THEN '+' ELSE '-' END,
           CASE TG_OP WHEN 'DELETE' THEN r.content END, CASE TG_OP WHEN 'INSERT' THEN r.content END,
           (said ->> 'at')::timestamptz, (said ->> 'user')::bigint, coalesce(said ->> 'origin', ''),
           coalesce(said ->> 'reason', '')
      FROM (SELECT n.id, to_jsonb(n) - omitted AS content FROM changed n) r ORDER BY r.id;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION core_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.allow_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% keeps its history: TRUNCATE refused', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
"""

UNDO = """
DROP FUNCTION core_refuse_truncate() CASCADE;
DROP FUNCTION core_keep_row() CASCADE;
DROP FUNCTION core_keep_history() CASCADE;
DROP FUNCTION core_change(oid);
DROP FUNCTION core_is_owner(oid);
DROP FUNCTION core_caller();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_audit_guarantees")]
    operations = [
        migrations.CreateModel(
            name="RowChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("owner_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                        max_length=1,
                    ),
                ),
                ("before", models.JSONField(blank=True, null=True)),
                ("after", models.JSONField(blank=True, null=True)),
                ("at", models.DateTimeField(db_default=Now())),
                ("user_id", models.BigIntegerField(blank=True, null=True)),
                ("origin", models.CharField(blank=True, default="", max_length=8)),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["table", "owner_id", "-id"], name="row_change_of_owner")
                ],
            },
        ),
        append_only("core_rowchange"),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
