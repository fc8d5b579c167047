"""Two messages, two workers, two imports at the same time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from parts.models import Category
from secondsource.core import clock, jobs
from secondsource.core.models import Job, Outbox
from secondsource.exchange import services
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.models import Import
from secondsource.exchange.services.steps import one_at_a_time
from suppliers.services.sourcing import TURN
from tests import factories
from tests.application_role import owner
from tests.exchange.bulk.files import send

pytestmark = pytest.mark.django_db(transaction=True)
STATE = {"gate": threading.Event(), "go": threading.Event(), "refusals": 0}


@jobs.runs("test.slow")
def slow(progress: jobs.Progress) -> dict[str, Any]:
    Category.objects.create(path="slow", name="made by a slow job")
    STATE["gate"].set()
    STATE["go"].wait(30)
    return {}


@jobs.runs("test.locks")
def locks(progress: jobs.Progress) -> dict[str, Any]:
    """Ask for rows that somebody holds, without waiting, until ``refusals`` is used up."""
    Category.objects.create(path="locks", name="made by a job")
    if STATE["refusals"]:
        STATE["refusals"] -= 1
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = '40P01'; END $$")
    return {}


def aside(work: Callable[[], object]) -> threading.Thread:
    """Start ``work`` in a thread with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_second_message_of_a_running_job_returns_at_once() -> None:
    STATE["gate"].clear()
    STATE["go"].clear()
    job = jobs.start("test.slow", actor=factories.JOB, payload={})
    first = aside(lambda: jobs.run(str(job.pk)))
    STATE["gate"].wait(30)
    with connection.cursor() as cursor:  # would be a time-out if the second one waited
        cursor.execute("SET lock_timeout = 1")
        jobs.run(str(job.pk))
        cursor.execute("RESET lock_timeout")
    job.refresh_from_db()
    assert (job.state, job.tries) == ("running", 1)
    STATE["go"].set()
    first.join()
    job.refresh_from_db()
    assert (job.state, Category.objects.filter(path="slow").count()) == ("done", 1)


def test_an_older_try_leaves_the_work_to_the_newer_one() -> None:
    job = jobs.start("test.locks", actor=factories.JOB, payload={})
    older = jobs._claim(str(job.pk))
    newer = jobs._claim(str(job.pk))
    jobs._work(older)
    assert Category.objects.count() == 0
    jobs._work(newer)
    job.refresh_from_db()
    assert (job.state, job.tries, Category.objects.count()) == ("done", 2, 1)


def test_work_that_meets_a_deadlock_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BACK_OFF", (0.0, 0.0))
    STATE["refusals"] = 2
    job = jobs.start("test.locks", actor=factories.JOB, payload={})
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, Category.objects.count()) == ("done", 1)


def test_work_that_meets_deadlocks_for_ever_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BACK_OFF", (0.0, 0.0))
    STATE["refusals"] = 3
    job = jobs.start("test.locks", actor=factories.JOB, payload={})
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.problem["reasons"][0]["code"]) == ("failed", "busy")
    assert (STATE["refusals"], Category.objects.count()) == (0, 0)


def test_a_lost_database_leaves_the_job_to_its_next_message() -> None:
    STATE["gate"].clear()
    STATE["go"].clear()
    job = jobs.start("test.slow", actor=factories.JOB, payload={})
    raised: list[Exception] = []

    def work() -> None:
        with pytest.raises(OperationalError) as error:
            jobs.run(str(job.pk))
        raised.append(error.value)

    first = aside(work)
    STATE["gate"].wait(30)
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state = 'idle in transaction'"
        )
    STATE["go"].set()
    first.join()
    assert len(raised) == 1
    Job.objects.update(started_at=clock.now() - dt.timedelta(seconds=11))
    assert jobs.resume() == 1
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.tries, Category.objects.count()) == ("done", 2, 1)


FILES = {
    "stock": "IPN,Stock\nA-1,12\n",
    "parts": "IPN,Description\nA-1,Another text\n",
}


def confirmed(kind: str) -> Import:
    engineer = factories.actor("engineer")
    factories.part(ipn="A-1", stock_qty=7)
    imported = send(FILES[kind], kind, engineer)
    services.confirm(imported=imported, actor=engineer)
    return Import.objects.get(pk=imported.pk)


@pytest.mark.parametrize("kind", FILES)
def test_the_second_import_of_a_kind_waits(kind: str) -> None:
    imported, ready, go = confirmed(kind), threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            one_at_a_time(KINDS[kind])
            ready.set()
            go.wait(30)

    holder = aside(other)
    ready.wait(30)
    with connection.cursor() as cursor:  # the limit of requests, shorter so that nobody waits
        cursor.execute("SET lock_timeout = 50")
    threading.Timer(0.5, go.set).start()
    jobs.run(str(imported.job_id))
    holder.join()
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    imported.refresh_from_db()
    assert (imported.state, imported.job.state, imported.job.tries) == ("done", "done", 1)


def test_a_waiting_job_gets_another_message_at_growing_intervals() -> None:
    job = jobs.start("test.locks", actor=factories.JOB, payload={})
    posted = []
    for second in range(0, 600, 15):
        Outbox.objects.all().delete()
        with clock.at(job.created_at + dt.timedelta(seconds=second)):
            if jobs.resume():
                posted.append(second)
    assert posted == [30, 60, 120, 240, 480]


def test_a_message_that_was_acknowledged_comes_again_within_a_minute() -> None:
    job = jobs.start("test.locks", actor=factories.JOB, payload={})
    Outbox.objects.all().delete()
    with clock.at(job.created_at + dt.timedelta(seconds=45)):
        assert jobs.resume() == 1
    assert Outbox.objects.get(topic="job").key == str(job.pk)


PAIRS = [(one, other) for one in ("stock", "bom") for other in KINDS]


@pytest.mark.parametrize(("held", "kind"), PAIRS)
def test_imports_of_every_pair_of_kinds_wait_for_each_other(held: str, kind: str) -> None:
    """The turn of one kind is not free for another one."""
    with transaction.atomic():
        jobs.take_turns(TURN) if held == "bom" else one_at_a_time(KINDS[held])
        refused: list[str] = []

        def other() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = 20")
                try:
                    one_at_a_time(KINDS[kind])
                except OperationalError as error:
                    refused.append(error.__cause__.pgcode)
                    transaction.set_rollback(True)

        aside(other).join()
    assert refused == ["55P03"]
