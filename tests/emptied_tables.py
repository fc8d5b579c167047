"""How the database is emptied after a test that committed.

TRUNCATE makes the files of every table and index anew, which takes half a second for all of them
however few rows there are; a test leaves few, and deleting those takes a tenth of it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from django.db.utils import OperationalError

ATTEMPTS = 10


def delete_rows_instead_of_truncating(connection: Any) -> None:
    """Let ``flush`` delete rows, if the role of this connection may pass by the triggers.

    For every connection of the process: a test with a browser has one of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        may = cursor.fetchone()[0]
    if may:
        operations = type(connection.ops)
        operations.sql_flush = _sql_flush
        operations.execute_sql_flush = _patiently(operations.execute_sql_flush)


def _sql_flush(self: Any, _style: Any, tables: list[str], **_: Any) -> list[str]:
    names = [self.quote_name(table) for table in tables]
    if not names:
        return []
    # Like TRUNCATE it waits for those who are still writing.
    lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
    deletions = [f"DELETE FROM {name}" for name in names]
    return ["SET LOCAL session_replication_role = replica", lock, *deletions]


def _patiently(execute: Any) -> Any:
    """Try again when a request of the test still reads and takes tables in another order."""

    def run(self: Any, statements: list[str]) -> None:
        for _ in range(ATTEMPTS):
            with suppress(OperationalError):
                return execute(self, statements)
            time.sleep(0.2)
        return execute(self, statements)

    return run
