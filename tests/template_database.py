"""The database that every process of a test run copies, migrated once while tests are collected.

Migrations take longest of what a run starts with, and each process of ``pytest -n`` needs a
database of its own; PostgreSQL copies a whole one in a fraction of that time. A server of one's own
(``TEST_DATABASE_URL``) keeps it for the next run, which applies what is new, until a migration is
changed or removed.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from psycopg2 import sql

from secondsource.embedded.postgres import open_cursor

ROOT = Path(__file__).resolve().parent.parent
NAME = "test_secondsource_template"
LONGEST_WAIT = 600  # seconds


def fingerprints() -> set[str]:
    """A short hash of the name and the content of each migration."""
    paths = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
    return {
        hashlib.sha256(str(path.relative_to(ROOT)).encode() + path.read_bytes()).hexdigest()[:12]
        for path in paths
    }


class TemplateDatabase:
    """Made by a process of its own, which tells its end by ``folder/exit``."""

    def __init__(self, folder: Path) -> None:
        self.log, self.end = folder / "migrate.log", folder / "exit"
        self.process: subprocess.Popen[bytes] | None = None
        self.kept = bool(os.environ.get("TEST_DATABASE_URL"))

    def begin(self) -> None:
        """Create the database and have it migrated beside what this process goes on with."""
        applied = self._applied() if self.kept else set()
        if not applied or applied - fingerprints():
            self.remove()
            with open_cursor(os.environ["DATABASE_URL"]) as cursor:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        parts = urlsplit(os.environ["DATABASE_URL"])
        environment = os.environ | {
            "DATABASE_URL": parts._replace(path=f"/{NAME}").geturl(),
            "DJANGO_SETTINGS_MODULE": "secondsource.settings",
        }
        command = (
            '"$0" -m django migrate --verbosity 0 >"$1" 2>&1; echo $? >"$2.new"; mv "$2.new" "$2"'
        )
        self.process = subprocess.Popen(
            ["sh", "-c", command, sys.executable, self.log, self.end],
            env=environment, cwd=ROOT, start_new_session=True,
        )  # fmt: skip

    def ready(self) -> str:
        """Its name, once it is migrated; the migration's own words when that failed."""
        until = time.monotonic() + LONGEST_WAIT
        while not self.end.exists():
            assert time.monotonic() < until, f"not migrated after {LONGEST_WAIT} s"
            time.sleep(0.1)
        assert self.end.read_text().strip() == "0", self.log.read_text()
        return NAME

    def stop(self) -> None:
        """End the process, should it still run, and remove the database."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.kept and self.end.exists() and self.end.read_text().strip() == "0":
            with open_cursor(os.environ["DATABASE_URL"]) as cursor:
                cursor.execute(
                    sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                        sql.Identifier(NAME), sql.Literal(" ".join(sorted(fingerprints())))
                    )
                )
        else:
            self.remove()

    def _applied(self) -> set[str]:
        """The migrations that an earlier run left applied in the database."""
        with open_cursor(os.environ["DATABASE_URL"]) as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [NAME],
            )
            row = cursor.fetchone()
        return set(str(row[0]).split()) if row and row[0] else set()

    def remove(self) -> None:
        with open_cursor(os.environ["DATABASE_URL"]) as cursor:
            cursor.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
            )
