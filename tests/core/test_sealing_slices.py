"""However much one transaction wrote, sealing goes on, and a row that differs is named."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.db import connection

from secondsource.core import audit, audit_numbers, audit_seals
from secondsource.core.models import AuditSeal, Event
from suppliers.models import Receipt, Source
from tests import factories
from tests.core.test_sealing import tamper
from tests.workers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_owner")]


def events(count: int) -> None:
    """So many events of one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_event (job, origin, action, subject_type, data)"
            " SELECT 'tests', 'job', 'test.many', 'core.event', '{}' FROM generate_series(1, %s)",
            (count,),
        )


def wait_until_final(table: str) -> None:
    """A running transaction of another test process keeps younger rows from being sealed."""

    def final() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(sealed_tx) FROM {table}")
            return bool(audit_numbers.oldest_running() > cursor.fetchone()[0])

    wait_until(final)


def seal(table: str = "core_event", model: type = Event, most: int = 3) -> None:
    wait_until_final(table)
    audit_seals.seal_all(most=most)
    rows = AuditSeal.objects.filter(table=table).values_list("rows", flat=True)
    assert sum(rows) == model.objects.count()


def seals() -> list[AuditSeal]:
    return list(AuditSeal.objects.filter(table="core_event").order_by("from_tx", "from_id"))


def test_a_transaction_with_many_rows_gets_several_seals() -> None:
    events(8)
    seal()
    assert [one.rows for one in seals() if one.rows] == [3, 3, 2]
    assert all(
        (one.until_tx, one.until_id) == (two.from_tx, two.from_id) for one, two in pairwise(seals())
    )
    assert audit_seals.verify() == []


def test_small_transactions_share_a_seal() -> None:
    for _ in range(7):
        events(1)
    seal()
    assert [one.rows for one in seals() if one.rows] == [3, 3, 1]
    assert audit_seals.verify() == []


def test_large_and_small_transactions_alternate() -> None:
    for count in (1, 7, 2, 2, 4, 1, 3):
        events(count)
    seal()
    for count in (5, 1):
        events(count)
    seal()
    assert max(one.rows for one in seals()) == 3
    assert sum(one.rows for one in seals()) == 26
    assert audit_seals.verify() == []


def test_sealing_goes_on_where_it_was_stopped() -> None:
    events(8)
    wait_until_final("core_event")
    until = audit_numbers.oldest_running()
    one_by_one = audit_seals._seals("core_event", until, 3)
    assert sum(next(one_by_one) for _ in range(2)) == 3
    one_by_one.close()
    seal()
    assert [one.rows for one in seals() if one.rows] == [3, 3, 2]
    assert audit_seals.verify() == []


def rows_of(finding: audit_seals.SealFault) -> str:
    return finding.what.partition("; ")[2]


def test_verify_names_the_rows_that_differ_in_every_seal() -> None:
    events(8)
    seal()
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    tamper(
        f"UPDATE core_event SET note = 'other' WHERE id IN ({ids[1]}, {ids[7]});"
        f"DELETE FROM core_event WHERE id = {ids[2]};"
        "INSERT INTO core_event (job, origin, action, subject_type, data, id, sealed_tx)"
        " SELECT 'x', 'job', 'test.forged', 'core.event', '{}', 900000, sealed_tx"
        f" FROM core_event WHERE id = {ids[7]}"
    )
    assert [rows_of(finding) for finding in audit_seals.verify()] == [
        f"changed: {ids[1]}; removed: {ids[2]}",
        f"changed: {ids[7]}; added: 900000",
    ]


def test_a_bad_seal_keeps_nothing_from_being_sealed_and_proven() -> None:
    events(2)
    seal()
    tamper("UPDATE core_event SET note = 'other'")
    events(2)
    seal()
    assert len(audit_seals.verify()) == 1
    last = Event.objects.latest("pk").pk
    tamper(f"UPDATE core_event SET note = 'other' WHERE id = {last}")
    assert rows_of(audit_seals.verify()[1]) == f"changed: {last}"


def test_a_seal_of_before_is_proven_as_it_was_made() -> None:
    events(4)
    seal(most=100)
    table, key = "core_event", "id"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditseal DISABLE TRIGGER USER")
        before = ""
        for one in seals():
            start = audit_seals.SealPosition(one.from_tx, one.from_id)
            end = audit_seals.SealPosition(one.until_tx, one.until_id)
            covered = audit_seals.Range(table, key, start, end)
            rows, digest, _ = covered.digest(audit_seals.table_columns(table), first=True)
            before = audit_seals._chain(before, table, start, end, rows, digest)
            cursor.execute(
                "UPDATE core_auditseal SET row_marks = NULL, digest = %s, chain = %s WHERE id = %s",
                (digest, before, one.pk),
            )
        cursor.execute("ALTER TABLE core_auditseal ENABLE TRIGGER USER")
    findings = [finding for finding in audit_seals.verify() if finding.table == "core_event"]
    assert findings == []
    events(1)
    seal(most=100)
    tamper("UPDATE core_event SET note = 'other'")
    assert next(
        finding.what for finding in audit_seals.verify() if finding.table == "core_event"
    ) == ("rows changed: 4 now, 4 sealed")


def test_a_row_that_is_only_in_one_column_different_is_found_after_a_column_went() -> None:
    part = factories.part()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event ADD COLUMN later text NOT NULL DEFAULT 'x'")
    audit.record("test.one", part, factories.JOB)
    seal(most=100)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DROP COLUMN later")
    found = {rows_of(finding) for finding in audit_seals.verify()}
    assert found == {"the columns later are gone, so that no row can match"}


@pytest.mark.long
def test_two_million_rows_of_one_import_are_sealed(capsys: pytest.CaptureFixture[str]) -> None:
    source: Source = factories.approved(factories.part())
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO suppliers_receipt (source_id, po, received_date, received_qty,"
            " rejected_qty, lot, date_code, currency, purpose, reference, nth)"
            " SELECT %s, 'PO' || g, date '2026-01-01' + (g %% 300), 10, 0, 'L' || g, '', '',"
            " 'production', '', 1 FROM generate_series(1, 2000000) g",
            (source.pk,),
        )
        cursor.execute("SET statement_timeout = 15000")
    began = time.monotonic()
    seal("suppliers_receipt", Receipt, most=audit_seals.SLICE)
    sealed = time.monotonic()
    assert audit_seals.verify() == []
    with capsys.disabled():
        print(f"sealed in {sealed - began:.1f} s, proven in {time.monotonic() - sealed:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # for emptying the table
