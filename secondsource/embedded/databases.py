"""The database and the two roles: the owner migrates, the application has data rights only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from secondsource.embedded.folders import StartError, kept_secret
from secondsource.embedded.postgres import OWNER, Postgres

APPLICATION = "secondsource_app"
#: What one session of the application may write to disk for sorts and joins.
TEMPORARY_FILES = "4GB"


def ensure_database(server: Postgres) -> str:
    """Make database and application role where they are missing; the application's address."""
    password = kept_secret(server.place.data / "postgres-app.password")
    with open_cursor(server.url(name="postgres")) as cursor:
        ensure_role(cursor, APPLICATION, password)
        cursor.execute(f"ALTER ROLE {APPLICATION} SET temp_file_limit = '{TEMPORARY_FILES}'")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWNER)))
    return server.url(role=APPLICATION, password=password)


def ensure_role(cursor: Cursor, name: str, password: str) -> None:
    """A role that may sign in and nothing else; what it may do is granted after migrations."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "CREATE" if cursor.fetchone() is None else "ALTER"
    cursor.execute(
        sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            sql.Identifier(name), sql.Literal(password)
        )
    )


@contextlib.contextmanager
def open_cursor(url: str) -> Iterator[Cursor]:
    """A cursor in autocommit mode on the database at ``url``."""
    # libpq knows a socket folder as the parameter host, which is how ``url`` spells it.
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def check_reachable(url: str) -> None:
    """Raise ``StartError`` when the database at ``url`` cannot be used."""
    try:
        with open_cursor(url) as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"The database of DATABASE_URL cannot be reached: {reason}") from error
    except psycopg2.ProgrammingError as error:
        raise StartError("DATABASE_URL is not a PostgreSQL address") from error
