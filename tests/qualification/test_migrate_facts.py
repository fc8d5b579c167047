"""A database of before facts were rows of their own becomes one that says the same."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from psycopg2 import sql

from secondsource.embedded.postgres import open_cursor
from tests.template_database import ROOT

pytestmark = pytest.mark.long

NAME = "test_secondsource_before_facts"
#: Without the signal that follows: what it sets up belongs to the newest tables.
BEFORE = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
targets = [node for node in executor.loader.graph.leaf_nodes()
           if node[0] in ("accounts", "account", "auth", "contenttypes", "core", "sessions")]
executor.migrate(
    [*targets, ("suppliers", "0008_words_known"), ("qualification", "0005_words_known")]
)
"""
_FILL = {"text": "", "varchar": "", "bool": False, "date": dt.date(2026, 1, 5), "jsonb": "{}"}
_NEEDED = """
SELECT column_name, udt_name FROM information_schema.columns
 WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
   AND is_generated = 'NEVER'
"""


def insert(cursor: Any, table: str, **values: Any) -> int:
    """A row with these values, and something plain in every other column that needs one."""
    cursor.execute(_NEEDED, (table,))
    plain = {
        name: "{}" if kind.startswith("_") else _FILL.get(kind, 1)
        for name, kind in cursor.fetchall()
    }
    row = plain | values
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    )
    return int(cursor.fetchone()[0])


@pytest.fixture
def address(django_db_setup: None) -> Iterator[str]:
    """An empty database beside the one of the tests."""
    given = os.environ["DATABASE_URL"]
    name = sql.Identifier(NAME)
    with open_cursor(given) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
    yield urlsplit(given)._replace(path=f"/{NAME}").geturl()
    with open_cursor(given) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def run(address: str, *arguments: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "secondsource.settings"
    }  # fmt: skip
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def source(cursor: Any, name: str, approvals: list[dict[str, Any]], **values: Any) -> int:
    """A part's source with its approvals; the last one that did not end is the source's."""
    category = insert(cursor, "parts_category", path=name, name=name, risk_class="low")
    part = insert(
        cursor, "parts_part", ipn=name.upper(), category_id=category, lifecycle="mature",
        unit="pcs", criticality="a",
    )  # fmt: skip
    manufacturer = insert(
        cursor, "suppliers_supplier", code=name.upper(), name=name, standing="approved"
    )
    number = insert(
        cursor, "suppliers_manufacturerpart", manufacturer_id=manufacturer, mpn=name,
        mpn_normal=name,
        lifecycle="mature",
    )  # fmt: skip
    status = values.pop("status")
    pk = insert(
        cursor, "suppliers_source", part_id=part, manufacturer_part_id=number, role="alternate",
        independence="independent", status="candidate", **values,
    )  # fmt: skip
    for approval in approvals:
        given = insert(
            cursor, "suppliers_approval", source_id=pk, valid_from=dt.date(2026, 1, 5), **approval
        )
        if approval.get("ended_at") is None:
            cursor.execute(
                "UPDATE suppliers_source SET approval_id = %s WHERE id = %s", (given, pk)
            )
    cursor.execute("UPDATE suppliers_source SET status = %s WHERE id = %s", (status, pk))
    return pk


def case(cursor: Any, number: int, source_id: int, person: int, **values: Any) -> int:
    cursor.execute("SELECT part_id FROM suppliers_source WHERE id = %s", (source_id,))
    return insert(
        cursor, "qualification_case", number=number, source_id=source_id,
        part_id=cursor.fetchone()[0], lead_id=person, kind="second_source", risk_class="low",
        **values,
    )  # fmt: skip


def fill(cursor: Any) -> None:
    ended = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    person = insert(
        cursor,
        "accounts_user",
        email="a@test.example",
        name="A",
        roles="{engineer}",
        password="x",
        theme="auto",
    )
    source(cursor, "legacy", [{"kind": "legacy", "evidence_ref": "in use"}], status="approved")
    source(cursor, "candidate", [], status="candidate", share_cap=0)
    interim = source(
        cursor, "interim", status="interim", quantity_cap=60,
        approvals=[{"kind": "interim", "evidence_ref": "SSQ-0001",
                    "valid_to": dt.date(2099, 1, 1)}],
    )  # fmt: skip
    case(
        cursor, 1, interim, person, state="approval", interim_quantity=100,
        interim_until=dt.date(2099, 1, 1), transition_share="0.4", rollback_hours=48,
    )  # fmt: skip
    back = source(
        cursor, "rolled", status="requalify", share_cap=0,
        approvals=[
            {"kind": "legacy", "evidence_ref": "in use", "ended_at": ended},
            {"kind": "case", "evidence_ref": "SSQ-0002", "ended_at": ended},
        ],
    )  # fmt: skip
    rolled = case(
        cursor, 2, back, person, state="rolled_back", transition_share="0.5",
        transition_started=dt.date(2026, 1, 5), pilot_quantity=500,
    )  # fmt: skip
    insert(cursor, "qualification_holdpoint", case_id=rolled, due=dt.date(2026, 2, 5))


def test_old_rows_become_facts_that_say_the_same(address: str) -> None:
    run(address, "-c", BEFORE)
    with open_cursor(address) as cursor:
        fill(cursor)
        cursor.execute("SELECT id, status FROM suppliers_source ORDER BY id")
        before = cursor.fetchall()
    run(address, "-m", "django", "migrate", "--verbosity", "0")
    work = "from secondsource.core import outbox; outbox.work_off()"
    run(address, "-m", "django", "shell", "-c", work)
    with open_cursor(address) as cursor:
        cursor.execute("SELECT id, status FROM suppliers_source ORDER BY id")
        assert cursor.fetchall() == before
        cursor.execute("SELECT cause FROM suppliers_revocation ORDER BY approval_id")
        assert cursor.fetchall() == [("superseded",), ("rolled_back",)]
        cursor.execute("SELECT kind, quantity FROM suppliers_approval WHERE quantity IS NOT NULL")
        assert cursor.fetchall() == [("interim", 100)]
        cursor.execute(
            "SELECT t.outcome, t.started_on IS NULL, s.share::text, count(h.id)"
            " FROM qualification_transition t"
            " JOIN qualification_rampstep s ON s.transition_id = t.id"
            " LEFT JOIN qualification_holdpoint h ON h.transition_id = t.id"
            " GROUP BY t.id, s.share ORDER BY t.id"
        )
        assert cursor.fetchall() == [("", True, "0.4000", 0), ("rolled_back", False, "0.5000", 1)]
        cursor.execute("SELECT count(*) FROM qualification_interim")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT quantity FROM qualification_pilot")
        assert cursor.fetchall() == [(500,)]
