"""Numbers of audit rows, which always rise, also after a restore.

An audit row carries the number of the transaction that wrote it (``sealed_tx``), and seals cover
ranges of these numbers. After a restore into another cluster transaction numbers are low again, so
an offset is added that puts new rows after all sealed ones. The offset is in the columns' default,
which the next dump includes, and in the trigger that always sets the number. A row with another
number would never be sealed, or would be missing from its seal.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Max
from psycopg2 import sql

from secondsource.core import queries
from secondsource.core.database_roles import append_only_tables
from secondsource.core.models import AuditSeal

_OFFSET = re.compile(r"\+ '?(\d+)")


def offsets() -> dict[str, int]:
    """Append-only table → the offset in its column's default."""
    defaults = queries.rows(
        "SELECT d.adrelid::regclass::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d"
        " JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
        " WHERE a.attname = 'sealed_tx'"
    )
    found = {table: _OFFSET.search(expression) for table, expression in defaults}
    return {table: int(match[1]) if match else 0 for table, match in found.items()}


def oldest_running() -> int:
    """The number below which the set of audit rows is final."""
    return _number("pg_snapshot_xmin(pg_current_snapshot())") + max(offsets().values(), default=0)


def keep_rising(**_: Any) -> None:
    """Raise the offset after migrations, as the owner, if the numbers are low."""
    known = offsets()
    offset = max(known.values(), default=0)
    if known and _number("pg_current_xact_id()") + offset < (last := _last()):
        offset = last
    numbered = numbered_tables()
    for table, present in known.items():
        if present != offset or table not in numbered:
            set_offset(table, offset)


def numbered_tables() -> set[str]:
    """Tables whose rows get their number from the trigger."""
    return set(
        queries.column("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'number_row'")
    )


def set_offset(table: str, offset: int) -> None:
    """Number new rows of the table by the transaction's number plus ``offset``."""
    statement = sql.SQL(
        "ALTER TABLE {table} ALTER COLUMN sealed_tx"
        " SET DEFAULT (pg_current_xact_id()::text::bigint + {offset});"
        "CREATE OR REPLACE TRIGGER number_row BEFORE INSERT ON {table}"
        # The condition saves a call of the function for each row.
        " FOR EACH ROW WHEN (NEW.sealed_tx IS DISTINCT FROM"
        " pg_current_xact_id()::text::bigint + {offset})"
        " EXECUTE FUNCTION core_number_row({offset})"
    )
    queries.execute(statement.format(table=sql.Identifier(table), offset=sql.Literal(offset)))


def _number(expression: str) -> int:
    return int(queries.column(f"SELECT {expression}::text::bigint")[0])


def _last() -> int:
    """The highest number that a row or a seal has."""
    numbers = [AuditSeal.objects.aggregate(last=Max("until_tx"))["last"] or 0]
    highest = sql.SQL("SELECT coalesce(max(sealed_tx), 0) FROM {}")
    for table in append_only_tables():
        numbers += queries.column(highest.format(sql.Identifier(table)))
    return max(numbers)
