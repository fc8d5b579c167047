"""Large files: read by job, stopped, failed, killed in the middle; nothing is half-written."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parts.models import Part
from parts.signals import parts_changed
from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.models import Import, ImportedRow
from tests import factories
from tests.application_role import owner
from tests.exchange.bulk.files import problems, send, take
from tests.exchange.imports import do
from tests.workers import wait_until

FILE = "Part number,Stock\nA-1,5\nA-2,6\n"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is one that a job reads."""
    monkeypatch.setattr(Kind, "at_once_bytes", 10)


def parts() -> list[Part]:
    return [factories.part(ipn=f"A-{n}", stock_qty=1) for n in (1, 2)]


def stock() -> list[Any]:
    return list(Part.objects.order_by("ipn").values_list("stock_qty", flat=True))


def test_a_large_file_is_read_by_job(engineer: Actor, large: None) -> None:
    parts()
    imported = send(FILE, "stock", engineer)
    assert (imported.state, imported.totals) == ("uploaded", {})
    assert services.is_being_read(imported)
    with pytest.raises(RuleRefused) as refusal:
        services.discard(imported=imported, actor=engineer)
    assert [r.code for r in refusal.value.reasons] == ["being_read"]
    read = do(imported)
    assert (read.state, read.totals["would"]["updated"]) == ("previewed", 2)
    assert (read.job.done, read.job.total) == (100, 100)


def test_reading_that_was_stopped_can_begin_again(engineer: Actor, large: None) -> None:
    imported = send(FILE, "stock", engineer)
    jobs.cancel(imported.job, actor=engineer)
    imported.refresh_from_db()
    assert (imported.state, imported.problem["code"]) == ("uploaded", "not_read")
    services.choose_header(imported=imported, sheet=0, row=0, actor=engineer)
    imported.refresh_from_db()
    assert do(imported).totals["rows"] == 2


def test_upload_and_import_in_one_go(engineer: Actor, large: None) -> None:
    parts()
    imported = send(FILE, "stock", engineer, then_confirm=False)
    read = do(imported)
    assert read.state == "running"
    assert do(read).state == "done"
    assert stock() == [5, 6]
    bad = do(send(FILE + "A-9,1\n", "stock", engineer, then_confirm=False))
    assert (bad.state, problems(bad)) == ("previewed", [(4, "ipn", "unknown_part")])


def test_data_that_changed_since_the_preview(engineer: Actor) -> None:
    first, _ = parts()
    imported = send(FILE, "stock", engineer)
    services.confirm(imported=imported, actor=engineer)
    Part.objects.filter(pk=first.pk).update(ipn="B-1")
    failed = do(imported)
    assert (failed.state, problems(failed)) == ("failed", [(2, "ipn", "unknown_part")])
    assert failed.problem["reasons"][0]["code"] == "rows_refused"
    assert services.rejected_rows(failed, after=0, limit=9)[0]["cells"] == ["A-1", "5"]
    assert stock() == [1, 1]
    services.confirm(imported=failed, actor=engineer, partial=True)
    assert do(failed).result["updated"] == 1
    assert stock() == [6, 1]


def test_a_person_who_lost_the_right_meanwhile(engineer: Actor) -> None:
    parts()
    imported = send(FILE, "stock", engineer)
    services.confirm(imported=imported, actor=engineer)
    assert engineer.user is not None
    engineer.user.roles = ["viewer"]
    engineer.user.save()
    failed = do(imported)
    assert failed.problem["reasons"][0]["code"] == "not_permitted"
    assert stock() == [1, 1]


def test_stopped_while_it_writes(engineer: Actor) -> None:
    parts()
    imported = send(FILE, "stock", engineer)
    services.confirm(imported=imported, actor=engineer)
    imported.refresh_from_db()

    def stop(sender: Any, **_: Any) -> None:
        jobs.cancel(imported.job, actor=engineer)

    parts_changed.connect(stop)
    try:
        stopped = do(imported)
    finally:
        parts_changed.disconnect(stop)
    assert (stopped.state, stopped.job.state) == ("previewed", "cancelled")
    assert (stock(), ImportedRow.objects.count()) == ([1, 1], 0)


def test_a_large_undo_is_a_job_and_keeps_its_reasons(
    engineer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secondsource.exchange.services import removal

    monkeypatch.setattr(removal, "AT_ONCE_ROWS", 1)
    first, _ = parts()
    done = take(FILE, "stock", engineer)
    running = services.undo(imported=done, actor=engineer)
    assert running.state == "running"
    client.force_login(engineer.user)
    shown = client.get(running.get_absolute_url()).content.decode()
    assert ("is being taken back" in shown, "Import running" in shown) == (True, False)
    Part.objects.filter(pk=first.pk).update(version=9)
    kept = do(running)
    assert (kept.state, kept.problem["reasons"][0]["code"]) == ("done", "changed")
    Part.objects.filter(pk=first.pk).update(version=2)
    assert do(services.undo(imported=kept, actor=engineer)).state == "undone"
    assert stock() == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing(
    running_worker: subprocess.Popen[bytes],
) -> None:
    engineer = factories.actor("engineer")
    parts()
    imported = send(FILE, "stock", engineer)
    with owner(), connection.cursor() as cursor:  # writing waits here, long enough to be killed
        cursor.execute(
            "CREATE FUNCTION wait_long() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(15); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER wait_long BEFORE INSERT ON exchange_importedrow"
            " FOR EACH STATEMENT EXECUTE FUNCTION wait_long()"
        )
    try:
        services.confirm(imported=imported, actor=engineer)
        wait_until(_is_writing)
        os.kill(running_worker.pid, signal.SIGKILL)
        running_worker.wait()
        wait_until(lambda: not _is_writing())
    finally:
        with owner(), connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION wait_long CASCADE")
    assert (stock(), ImportedRow.objects.count()) == ([1, 1], 0)
    imported.refresh_from_db()
    assert imported.state == "running"
    assert do(imported).state == "done"  # what the queue does once it delivers the task again
    assert stock() == [5, 6]
    assert Import.objects.get().result["updated"] == 2


def _is_writing() -> bool:
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO"
            " exchange_importedrow%%' AND state = 'active' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
