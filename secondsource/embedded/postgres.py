"""An embedded PostgreSQL on a Unix socket, run from the wheel's own programs.

It has two roles: the owner migrates, the application has data rights only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import psycopg2
from psycopg2.extensions import cursor as Cursor

from secondsource.embedded.folders import Folders, Log, StartError, kept_secret
from secondsource.embedded.processes import Child, Pause
from secondsource.embedded.wheels import postgres_bin

OWNER, APPLICATION = "secondsource", "secondsource_app"
# Containers give 64 MB of shared memory, hence mmap.
SETTINGS = """
listen_addresses= unix_socket_permissions=0700 max_connections=60 timezone=UTC log_timezone=UTC
shared_buffers=256MB work_mem=16MB maintenance_work_mem=128MB effective_cache_size=1GB
dynamic_shared_memory_type=mmap wal_level=minimal max_wal_senders=0 max_wal_size=1GB
random_page_cost=1.1 jit=off log_min_duration_statement=500
"""
# What a cluster that is thrown away after the tests may do without.
THROWAWAY = """
fsync=off full_page_writes=off synchronous_commit=off shared_buffers=128MB max_connections=100
"""
# Leftovers of a killed server that go away by themselves within seconds.
PASSING = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
PATIENCE = 30.0
LONGEST_START = 120.0  # crash recovery of a big log takes its time


def start_postgres(folders: Folders, pause: Pause, *, throwaway: bool) -> Child:
    """Make the cluster in ``folders.state`` if it is new, start it, wait until it is ready.

    The caller holds the folder's lock.
    """
    folder, programs = folders.state / "postgres", postgres_bin(folders.account)
    if not folder.exists():
        # In a draft folder, renamed when complete, so that no half cluster is used.
        draft = folders.account.own_folder(folders.state / f".postgres-{os.getpid()}")
        step = Child(
            [
                programs / "initdb", "-D", draft, "-U", OWNER, "--auth=scram-sha-256",
                "--pwfile=/dev/stdin", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync",
            ],
            Log(folders.data, "initdb"), account=folders.account, text=_password(folders, OWNER),
        )  # fmt: skip
        if step.process.wait() != 0:
            raise step.log.failure("initdb failed")
        draft.rename(folder)
    options = [f"-c{setting}" for setting in (SETTINGS + THROWAWAY * throwaway).split()]
    until = time.monotonic() + PATIENCE
    while True:
        # SIGTERM would wait for clients for ever, SIGINT ends their sessions.
        child = Child(
            [programs / "postgres", "-D", folder, "-k", folders.run, *options],
            Log(folders.data, "postgres"), account=folders.account, grace=20.0,
            stop=signal.SIGINT, death_signal=signal.SIGINT,
        )  # fmt: skip
        try:
            child.wait_ready("ready to accept connections", LONGEST_START, pause)
            return child
        except StartError:
            if time.monotonic() > until or not any(text in child.log.text() for text in PASSING):
                raise
        pause(0.5)


def ensure_database(folders: Folders) -> dict[str, str]:
    """Make database and application role where they are missing; the variables to reach them."""
    with open_cursor(_address(folders, OWNER, "postgres")) as cursor:
        ensure_application_role(cursor, _password(folders, APPLICATION))
        cursor.execute(f"ALTER ROLE {APPLICATION} SET temp_file_limit = '4GB'")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {OWNER}")
    return {
        "DATABASE_URL": _address(folders, APPLICATION),
        "DATABASE_OWNER_URL": _address(folders, OWNER),
        "APP_DB_ROLE": APPLICATION,
    }


def _password(folders: Folders, role: str) -> str:
    """URL-safe, so that an address needs no quoting."""
    name = "postgres.password" if role == OWNER else "postgres-app.password"
    return kept_secret(folders.data / name)


def _address(folders: Folders, role: str, database: str = OWNER) -> str:
    return f"postgres://{role}:{_password(folders, role)}@/{database}?host={folders.run}"


def ensure_application_role(cursor: Cursor, password: str) -> None:
    """A role that may sign in and nothing else; what it may do is granted after migrations."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
    role = f"{'ALTER' if cursor.fetchone() else 'CREATE'} ROLE {APPLICATION} LOGIN"
    cursor.execute(f"{role} NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s", [password])


@contextlib.contextmanager
def open_cursor(url: str) -> Iterator[Cursor]:
    """A cursor in autocommit mode on the database at ``url``."""
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor
