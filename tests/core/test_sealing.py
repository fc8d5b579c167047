"""Audit rows: only added, sealed in a chain, and proven."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from parts.models import Part
from secondsource.core import audit, audit_seals, database_roles, traces
from secondsource.core.models import AuditSeal, Event
from tests import factories
from tests.workers import wait_until

pytestmark = pytest.mark.usefixtures("as_owner")
GUARDED = {
    "core_event", "core_auditseal", "core_historicalattachment", "core_historicalcomment",
    "core_sealedcolumns", "core_rowchange", "suppliers_receipt", "suppliers_approval",
    "suppliers_revocation",
}  # fmt: skip


@pytest.mark.django_db
def test_history_events_seals_and_receipts_carry_the_guard() -> None:
    found = set(database_roles.append_only_tables())
    assert (GUARDED | set(database_roles.historical_tables())) - found == set()
    assert database_roles.guarded_tables() == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET note = 'other'",
        "DELETE FROM core_event",
        "UPDATE parts_historicalpart SET description = 'other'",
        "DELETE FROM parts_historicalpart",
    ],
)
def test_even_the_owner_cannot_change_or_remove_rows(statement: str) -> None:
    factories.part()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@transaction.atomic
def as_the_application(statement: str) -> None:
    cursor = connection.cursor()
    cursor.execute("SET LOCAL ROLE secondsource_app")
    cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET note = 'other'",
        "DELETE FROM parts_historicalpart",
        "UPDATE core_auditseal SET rows = 0",
        "DELETE FROM core_sealedcolumns",
        "TRUNCATE core_event",
        "ALTER TABLE core_event DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON core_event",
        "DROP TABLE core_event",
    ],
)
def test_the_applications_role_has_no_right_to(statement: str) -> None:
    factories.part()
    database_roles.grant("secondsource_app")
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        as_the_application(statement)


@pytest.mark.django_db
def test_the_applications_role_can_work() -> None:
    database_roles.grant("secondsource_app")
    where = factories.category("work")
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL ROLE secondsource_app")
        factories.part(category=where, description="added by the application")
    assert Part.objects.get().description == "added by the application"


def sealed_events() -> int:
    return sum(AuditSeal.objects.filter(table="core_event").values_list("rows", flat=True))


def seal_everything() -> None:
    """Seal until nothing is left: a transaction of another test process holds it up."""
    wait_until(lambda: audit_seals.seal_all() >= 0 and sealed_events() == Event.objects.count())


@pytest.mark.django_db(transaction=True)
def test_seals_cover_every_row_once_and_match() -> None:
    for _ in range(2):
        factories.part()
        seal_everything()
    assert audit_seals.verify() == []
    assert sealed_events() == Event.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_row_of_a_running_transaction_is_sealed_later() -> None:
    with transaction.atomic():
        factories.part()
        audit_seals.seal_all()
    assert sealed_events() == 0
    seal_everything()
    assert sealed_events() > 0


def tamper(statement: str) -> None:
    """What somebody with the owner's password could do behind the guard."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET note = 'something else' WHERE id = (SELECT min(id) FROM core_event)",
        "DELETE FROM core_event WHERE id = (SELECT min(id) FROM core_event)",
    ],
)
def test_a_changed_or_removed_row_is_found(statement: str) -> None:
    factories.part()
    seal_everything()
    tamper(statement)
    assert [finding.table for finding in audit_seals.verify()] == ["core_event"]
    with pytest.raises(CommandError, match="do not match"):
        call_command("verify_audit", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER append_only ON core_event",
        "DROP TRIGGER append_only_truncate ON core_event",
        "DROP TRIGGER number_row ON core_event",
        "ALTER TABLE core_event DISABLE TRIGGER append_only",
    ],
)
def test_a_guard_that_is_gone_or_off_is_found(statement: str) -> None:
    assert audit_seals.verify() == []
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert [(finding.table, finding.what) for finding in audit_seals.verify()] == [
        ("core_event", "the guard is missing or off")
    ]


@pytest.mark.django_db(transaction=True)
def test_rows_changed_behind_a_dropped_guard_are_found() -> None:
    factories.part()
    seal_everything()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER append_only ON core_event")
        cursor.execute("UPDATE core_event SET note = 'something else'")
    try:
        found = {finding.what.split(":")[0] for finding in audit_seals.verify()}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_event"
                " FOR EACH ROW EXECUTE FUNCTION core_refuse_change()"
            )
    assert found == {"the guard is missing or off", "rows changed"}


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_all_is_well() -> None:
    factories.part()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == f"{AuditSeal.objects.count()} seals match\n"


@pytest.mark.django_db
def test_saving_notes_person_reason_and_entrance() -> None:
    part, who = factories.part(), factories.actor(origin="api")
    audit.save_as(part, who, "because")
    entry = part.history.latest("history_id")
    assert (entry.history_user_id, entry.history_change_reason) == (who.user_id, "because")
    assert (entry.history_origin, entry.version) == ("api", 2)


@pytest.mark.django_db
def test_rows_made_and_removed_in_bulk_have_their_history() -> None:
    who = factories.actor(origin="job")
    where = factories.category("bulk")
    made = audit.bulk_create_as(
        Part, [Part(ipn=f"B-{n}", category=where) for n in range(3)], who, "many"
    )
    traces.attribute(who, "gone")
    Part.objects.filter(pk__in=[row.pk for row in made]).delete()
    entries = Part.history.filter(category_id=where.pk).order_by("history_id")
    kinds = entries.values_list("history_type", "history_change_reason", "history_origin")
    assert list(kinds) == [("+", "many", "job")] * 3 + [("-", "gone", "job")] * 3


@pytest.mark.django_db(transaction=True)
def test_a_column_that_a_later_version_adds_breaks_no_seal() -> None:
    factories.part()
    seal_everything()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event ADD COLUMN later text NOT NULL DEFAULT 'x'")
    try:
        assert audit_seals.verify() == []
        factories.part()
        seal_everything()
        assert audit_seals.verify() == []
        tamper("UPDATE core_event SET later = 'y' WHERE id = (SELECT max(id) FROM core_event)")
        assert [finding.table for finding in audit_seals.verify()] == ["core_event"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_event DROP COLUMN later")
