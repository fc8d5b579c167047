"""How the database is emptied after a test that committed.

TRUNCATE makes the files of every table and index anew, which takes half a second for all of them
however few rows there are; a test leaves few, and deleting those takes a tenth of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db.utils import OperationalError
from psycopg2.extensions import quote_ident

ATTEMPTS = 10


def delete_rows_instead_of_truncating(connection: Any) -> None:
    """Let ``flush`` on this connection delete rows, if its role may pass by the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        may = cursor.fetchone()[0]

    def sql_flush(_style: Any, tables: list[str], **_: Any) -> list[str]:
        names = [quote_ident(table, connection.connection) for table in tables]
        if not names:
            return []
        # Like TRUNCATE it waits for those who are still writing.
        lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
        deletions = [f"DELETE FROM {name}" for name in names]
        return ["SET LOCAL session_replication_role = replica", lock, *deletions]

    if may:
        connection.ops.sql_flush = sql_flush
        connection.ops.execute_sql_flush = _patient(connection.ops.execute_sql_flush)


def _patient(execute: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
    """Try again when a request of the test still reads and takes tables in another order."""

    def run(statements: list[str]) -> None:
        for _ in range(ATTEMPTS):
            with suppress(OperationalError):
                return execute(statements)
            time.sleep(0.2)
        return execute(statements)

    return run
