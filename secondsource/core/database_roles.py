"""Rights of the application's database role, and append-only tables.

The owner runs migrations. The application's role (``APP_DB_ROLE``) may read and write rows, and
only read and add them in audit tables; triggers enforce this for the owner too. A trigger sets the
number of the transaction that wrote a row (``sealed_tx``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, migrations
from psycopg2 import sql

from secondsource.core import queries
from secondsource.core.models import RowChange

GUARD_FUNCTION = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('app.allow_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation: rows of ``table`` can only be added, with their transaction."""
    return migrations.RunSQL(
        f"""
        ALTER TABLE "{table}" ADD COLUMN sealed_tx bigint NOT NULL
            DEFAULT (pg_current_xact_id()::text::bigint);
        CREATE INDEX "{table}_sealed_tx" ON "{table}" (sealed_tx);
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
        CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
        """,
        f"""
        DROP TRIGGER append_only ON "{table}";
        DROP TRIGGER append_only_truncate ON "{table}";
        ALTER TABLE "{table}" DROP COLUMN sealed_tx;
        """,
    )


def versioned(table: str, closed_by: str) -> migrations.RunSQL:
    """A migration operation: rows of ``table`` can only be added and closed once.

    A row is closed by setting the column ``closed_by`` from null. Other changes and removals are
    refused.
    """
    return migrations.RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION core_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND to_jsonb(OLD) -> TG_ARGV[0] = 'null'
             AND to_jsonb(OLD) - TG_ARGV[0] = to_jsonb(NEW) - TG_ARGV[0] THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION '% keeps every version: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
        END $$;
        CREATE TRIGGER versioned BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION core_refuse_rewriting('{closed_by}');
        CREATE TRIGGER versioned_truncate BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
        """,
        f"""
        DROP TRIGGER versioned ON "{table}";
        DROP TRIGGER versioned_truncate ON "{table}";
        """,
    )


def append_only_tables() -> list[str]:
    """Append-only tables, as read from the database."""
    return queries.column(
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'sealed_tx'"
        " AND NOT attisdropped AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')"
        " ORDER BY 1"
    )


def guarded_tables() -> set[str]:
    """Tables with enabled triggers against changes, TRUNCATE and wrong numbers."""
    guarded = queries.column(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
        " AND tgname IN ('append_only', 'append_only_truncate', 'number_row')"
        " GROUP BY tgrelid HAVING count(*) = 3"
    )
    return set(guarded)


def table_columns(table: str) -> list[str]:
    """The columns of a table, in order."""
    return queries.column(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        (table,),
    )


def historical_tables() -> list[str]:
    """Tables of field history, from the models."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model, "history_type")
    )


def grant_after_migrate(**_: Any) -> None:
    """Give ``APP_DB_ROLE`` rights on all tables; audit rows it can only read and add."""
    if settings.APP_DB_ROLE:
        grant(settings.APP_DB_ROLE)


def lift_limit(**_: Any) -> None:
    """Let statements of migrations take their time: an index of a large table needs minutes."""
    queries.execute("SET statement_timeout = 0")


def restore_limit(**_: Any) -> None:
    """Limit statements again as the settings say."""
    queries.execute("RESET statement_timeout")


def analyze_after_migrate(*, plan: Sequence[Any] = (), **_: Any) -> None:
    """Gather statistics of the planner when something was migrated.

    A column that was added to a table which does not change has none, and without them a
    statement over a million receipts took minutes.
    """
    if plan:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def grant(role: str) -> None:
    """Set the rights of the application's role (idempotent)."""
    name = sql.Identifier(role)
    written_by_trigger = {*historical_tables(), RowChange._meta.db_table}
    statements = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        "REVOKE ALL ON django_migrations FROM {role}",
        "GRANT SELECT ON django_migrations TO {role}",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=name))
        for table in append_only_tables():
            names = {"table": sql.Identifier(table), "role": name}
            cursor.execute(
                sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {role}").format(
                    **names
                )
            )
            if table in written_by_trigger:
                continue
            columns = [column for column in table_columns(table) if column != "sealed_tx"]
            cursor.execute(
                sql.SQL("GRANT INSERT ({columns}) ON {table} TO {role}").format(
                    columns=sql.SQL(", ").join(map(sql.Identifier, columns)), **names
                )
            )
