"""What the application's role gives for number, time and person of audit rows does not count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from secondsource.core import audit, audit_seals, clock, database_roles, traces
from secondsource.core.actors import Actor
from secondsource.core.models import AuditSeal, Event
from suppliers.models import Approval, Source
from tests import factories
from tests.core.test_sealing import seal_everything

pytestmark = pytest.mark.django_db
COLUMNS = "job, origin, action, subject_type, data"
VALUES = "'tests', 'job', 'test.raw', 'core.event', '{}'"


@pytest.fixture(autouse=True)
def rights(as_owner: None) -> None:
    database_roles.grant("secondsource_app")


def run(statement: str, *, role: str = "secondsource_app") -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        cursor.execute("RESET ROLE")
        return rows


@pytest.mark.parametrize("table", ["core_event", "parts_historicalpart", "suppliers_receipt"])
def test_the_application_gives_no_number(table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        run(f"INSERT INTO {table} (sealed_tx) VALUES (9000000000000000000)")


@pytest.mark.parametrize("given", [1, 9_000_000_000_000_000_000])
def test_a_number_that_the_owner_gives_does_not_count(given: int) -> None:
    (row,) = run(
        f"INSERT INTO core_event ({COLUMNS}, sealed_tx) VALUES ({VALUES}, {given})"
        " RETURNING sealed_tx, pg_current_xact_id()::text::bigint",
        role="",
    )
    assert row[0] == row[1]


def test_the_application_writes_no_event_of_the_past() -> None:
    run(f"INSERT INTO core_event ({COLUMNS}, at) VALUES ({VALUES}, now() - interval '300 days')")
    assert abs(Event.objects.get().at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_no_setting_of_its_own_gives_the_application_the_past() -> None:
    with clock.at(dt.date(2020, 1, 1)), transaction.atomic():
        part = factories.part()
        connection.cursor().execute("SET LOCAL ROLE secondsource_app")
        audit.record("test.past", part, factories.JOB)
        connection.cursor().execute("RESET ROLE")
    assert Event.objects.get(action="test.past").at.year > 2020


def test_the_owner_writes_of_the_past() -> None:
    with clock.at(dt.date(2020, 1, 1)):
        audit.record("test.past", factories.person(), factories.JOB)
    assert Event.objects.get(action="test.past").at.year == 2020


def test_an_event_names_a_person_who_exists() -> None:
    with pytest.raises(DatabaseError, match="there is no person 987654"):
        run(f"INSERT INTO core_event ({COLUMNS}, actor_id) VALUES ({VALUES}, 987654)", role="")


def test_an_event_by_hand_is_put_down_to_the_role() -> None:
    someone = factories.person()
    run(f"INSERT INTO core_event ({COLUMNS}, actor_id) VALUES ({VALUES}, {someone.pk})")
    found = Event.objects.get(action="test.raw")
    assert (found.actor_id, found.job, found.origin) == (None, "SQL by secondsource_app", "sql")


def test_an_event_is_of_the_person_who_makes_the_change() -> None:
    mine, other = factories.actor(), factories.person()
    with transaction.atomic():
        part = factories.part()
        traces.attribute(mine)
        run(f"INSERT INTO core_event ({COLUMNS}, actor_id) VALUES ({VALUES}, {other.pk})")
        audit.record("test.other", part, Actor(user=other))
    events = Event.objects.filter(action__in=["test.raw", "test.other"]).order_by("pk")
    assert [event.actor_id for event in events] == [mine.user_id, other.pk]


def approve(source: Source, person: int) -> None:
    run(
        "INSERT INTO suppliers_approval (source_id, kind, evidence_ref, valid_from, actor_id, job,"
        f" created_at) VALUES ({source.pk}, 'case', 'forged', '2026-01-01', {person}, '',"
        " '2020-01-01')"
    )


def test_the_application_approves_for_nobody_else() -> None:
    source, other = factories.alternate(factories.part()), factories.person()
    with transaction.atomic():
        traces.attribute(factories.actor())
        with pytest.raises(DatabaseError, match="writes for another one"):
            approve(source, other.pk)
    assert not Approval.objects.filter(source=source).exists()


def test_the_application_approves_at_no_other_time() -> None:
    source, mine = factories.alternate(factories.part()), factories.actor()
    with transaction.atomic():
        traces.attribute(mine)
        approve(source, mine.user_id or 0)
    age = dt.datetime.now(dt.UTC) - Approval.objects.get(source=source).created_at
    assert age < dt.timedelta(minutes=1)


def test_an_event_names_a_person_or_a_job() -> None:
    with pytest.raises(DatabaseError, match="neither a person nor a job"), transaction.atomic():
        audit.record("test.nobody", factories.person(), Actor())
    assert not Event.objects.filter(action="test.nobody").exists()


SEAL = 'INSERT INTO core_auditseal ("table", from_tx, until_tx, rows, digest, chain)'


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "values",
    [
        "SELECT 'core_event', max(until_tx), 9000000000000000000, 0, '', '' FROM core_auditseal",
        "SELECT 'core_event', max(until_tx) + 1, max(until_tx) + 2, 0, '', '' FROM core_auditseal",
        "SELECT 'core_event', 0, 1, 0, '', ''",
    ],
)
def test_no_seal_ends_the_sealing(values: str) -> None:
    factories.part()
    seal_everything()
    before = AuditSeal.objects.count()
    with pytest.raises(DatabaseError, match="a seal begins at the end of the last one"):
        run(f"{SEAL} {values}")
    assert AuditSeal.objects.count() == before
    factories.part()
    seal_everything()
    assert audit_seals.verify() == []


@pytest.fixture
def another_table(as_owner: None) -> Iterator[str]:
    """A table that a later migration makes append-only."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_later (id bigint PRIMARY KEY)")
        cursor.execute(database_roles.append_only("test_later").sql)
    return "test_later"


def test_a_table_made_later_is_numbered_after_migrating(another_table: str) -> None:
    from secondsource.core import audit_numbers

    assert another_table not in database_roles.guarded_tables()
    audit_numbers.keep_rising()
    assert another_table in database_roles.guarded_tables()
