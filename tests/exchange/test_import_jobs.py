"""The job behind a confirmation: all or nothing, by a real worker, stopped, twice at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from parts.models import BomLine, Part, Product
from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Job
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers.models import Supplier
from tests import factories
from tests.application_role import owner
from tests.exchange.imports import BOM, do, row_counts, upload
from tests.workers import wait_until


def confirmed(actor: Actor, code: str = "PUMP", text: str = BOM) -> Import:
    imported = upload(text, actor, code)
    services.confirm(imported=imported, actor=actor)
    imported.refresh_from_db()
    return imported


def test_a_job_that_fails_midway_writes_nothing(engineer: Actor) -> None:
    imported = confirmed(engineer)
    before = row_counts()
    with owner(), connection.cursor() as cursor:  # the last table of all refuses
        cursor.execute(
            "ALTER TABLE parts_bomline ADD CONSTRAINT no_lines CHECK (position < 2) NOT VALID"
        )
    failed = do(imported)
    assert (failed.state, failed.problem["detail"]) == ("failed", "IntegrityError")
    assert row_counts() == before
    with owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE parts_bomline DROP CONSTRAINT no_lines")
    services.confirm(imported=failed, actor=engineer)
    again = do(failed)
    assert (again.state, again.problem, again.revision.number) == ("done", None, 1)


def test_the_job_writes_what_the_preview_showed(engineer: Actor) -> None:
    imported = confirmed(engineer)
    with imported.file.open("wb") as file:
        file.write(BOM.replace("R1,R2", "R8,R9").encode())
    cache.clear()  # the reading is in no server's memory
    done = do(imported)
    assert done.state == "done"
    lines = sorted(BomLine.objects.values_list("designators", flat=True))
    assert lines == [["C1"], ["R1", "R2"], ["U1"]]


def test_a_person_who_lost_the_right_meanwhile(engineer: Actor) -> None:
    imported = confirmed(engineer)
    assert engineer.user is not None
    engineer.user.roles = ["viewer"]
    engineer.user.save()
    failed = do(imported)
    assert failed.state == "failed"
    assert [reason["code"] for reason in failed.problem["reasons"]] == ["not_permitted"]
    assert (Part.objects.count(), Product.objects.count()) == (0, 0)


def test_stopped_while_it_waits(engineer: Actor) -> None:
    imported = confirmed(engineer)
    jobs.cancel(imported.job, actor=engineer)
    imported.refresh_from_db()
    assert (imported.state, imported.job.state) == ("previewed", "cancelled")
    jobs.run(str(imported.job_id))
    assert Part.objects.count() == 0
    services.confirm(imported=imported, actor=engineer)
    assert do(imported).state == "done"


def test_stopped_while_it_runs(engineer: Actor) -> None:
    imported = confirmed(engineer)
    seen = []

    def stop_at_three(sender: Any, part_ids: set[int], **_: Any) -> None:
        seen.append(len(part_ids))
        jobs.cancel(Job.objects.get(pk=imported.job_id), actor=engineer)

    from parts.signals import parts_changed

    before = row_counts()
    parts_changed.connect(stop_at_three)
    try:
        stopped = do(imported)
    finally:
        parts_changed.disconnect(stop_at_three)
    assert seen == [3]
    assert (stopped.state, stopped.job.state) == ("previewed", "cancelled")
    assert row_counts() == before


def test_a_stranger_does_not_stop_it(engineer: Actor) -> None:
    imported = confirmed(engineer)
    from secondsource.core.errors import PermissionRefused

    with pytest.raises(PermissionRefused):
        jobs.cancel(imported.job, actor=factories.actor("engineer"))
    assert Job.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_imports_it(running_worker: Any) -> None:
    engineer = factories.actor("engineer")
    imported = confirmed(engineer)
    wait_until(lambda: Import.objects.get().state == "done")
    imported.refresh_from_db()
    assert imported.job.state == "done"
    assert (imported.job.done, imported.job.total) == (100, 100)
    assert imported.job.result["revision"] == 1
    assert Part.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_start_one_job() -> None:
    engineer = factories.actor("engineer")
    imported = upload(BOM, engineer, "PUMP")
    outcomes: list[str] = []

    def confirm() -> None:
        try:
            services.confirm(imported=imported, actor=engineer)
            outcomes.append("started")
        except RuleRefused as refusal:
            outcomes.append(refusal.reasons[0].code)
        finally:
            connection.close()

    both = [threading.Thread(target=confirm) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(120)
    assert sorted(outcomes) == ["started", "wrong_state"]
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_part_once() -> None:
    engineer = factories.actor("engineer")
    pair = [confirmed(engineer, code) for code in ("PUMP", "FAN")]

    def work(job: str) -> None:
        try:
            jobs.run(job)
        finally:
            connection.close()

    both = [threading.Thread(target=work, args=(str(one.job_id),)) for one in pair]
    for one in both:
        one.start()
    for one in both:
        one.join(120)
    assert set(Import.objects.values_list("state", flat=True)) == {"done"}
    assert (Part.objects.count(), Supplier.objects.count()) == (3, 5)
