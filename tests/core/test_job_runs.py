"""Long work: once, with progress, stop, result and problem."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from parts.models import Category
from secondsource.celery import app
from secondsource.core import clock, jobs, outbox
from secondsource.core.errors import PermissionRefused, Reason, RuleRefused, ValuesRefused
from secondsource.core.models import Job, Outbox
from tests import factories

pytestmark = pytest.mark.django_db
followed: list[str] = []


@jobs.runs("test.add")
def add(progress: jobs.Progress) -> dict[str, Any]:
    Category.objects.create(path=progress.payload["path"], name="made by a job")
    progress.report(1, 2)
    if progress.payload.get("die"):
        raise KeyboardInterrupt
    if progress.payload.get("refuse"):
        raise RuleRefused([Reason("no", "It will not do.")])
    if progress.payload.get("values"):
        raise ValuesRefused.one("/path", "bad", "No.")
    if progress.payload.get("crash"):
        raise ZeroDivisionError("secret detail")
    progress.report(2, 2)
    return {"made": 1}


@jobs.when_not_done("test.add")
def follow(job: Job) -> None:
    followed.append(job.state)


def start(**payload: Any) -> Job:
    followed.clear()
    return jobs.start("test.add", actor=factories.actor(), payload={"path": "made", **payload})


def test_it_runs_and_keeps_the_result() -> None:
    job = start()
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"made": 1}, 2, 2)
    assert Category.objects.filter(path="made").count() == 1
    assert followed == []


def test_it_is_queued_by_the_outbox() -> None:
    job = start()
    row = Outbox.objects.get(topic="job")
    assert (row.key, row.payload) == (str(job.pk), {"job": str(job.pk)})


def test_a_second_delivery_does_nothing() -> None:
    job = start()
    jobs.run(str(job.pk))
    jobs.run(str(job.pk))
    assert Category.objects.filter(path="made").count() == 1


def test_a_refusal_is_kept_with_its_reasons_and_nothing_is_written() -> None:
    job = start(refuse=True)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.problem == {
        "title": "Refused", "reasons": [{"code": "no", "detail": "It will not do.", "fix": ""}],
    }  # fmt: skip
    assert not Category.objects.filter(path="made").exists()
    assert followed == ["failed"]


def test_refused_values_are_kept_with_their_pointers() -> None:
    job = start(values=True)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.problem == {
        "title": "Refused", "errors": [{"pointer": "/path", "code": "bad", "detail": "No."}],
    }  # fmt: skip


def test_a_crash_tells_its_kind_but_no_detail() -> None:
    job = start(crash=True)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.problem == {"title": "Failed", "detail": "ZeroDivisionError"}
    assert not Category.objects.filter(path="made").exists()


def test_a_queued_job_is_stopped_at_once() -> None:
    job = start()
    owner = factories.Actor(user=job.owner)
    jobs.cancel(job, actor=owner)
    assert job.state == "cancelled"
    jobs.run(str(job.pk))
    assert not Category.objects.filter(path="made").exists()
    assert followed == ["cancelled"]


def test_a_running_job_stops_at_its_next_report() -> None:
    job = start()
    Job.objects.filter(pk=job.pk).update(state="running")
    job.refresh_from_db()
    jobs.cancel(job, actor=factories.Actor(user=job.owner))
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not Category.objects.filter(path="made").exists()


def test_somebody_else_may_not_stop_it() -> None:
    job = start()
    with pytest.raises(PermissionRefused):
        jobs.cancel(job, actor=factories.actor())
    job.refresh_from_db()
    assert job.state == "queued"


def test_an_administrator_may_stop_it() -> None:
    job = start()
    jobs.cancel(job, actor=factories.actor("admin"))
    assert job.state == "cancelled"


def test_a_job_that_is_over_is_not_stopped() -> None:
    job = start()
    jobs.run(str(job.pk))
    job.refresh_from_db()
    with pytest.raises(RuleRefused) as refused:
        jobs.cancel(job, actor=factories.Actor(user=job.owner))
    assert [reason.code for reason in refused.value.reasons] == ["job_over"]


def test_progress_of_a_running_job_has_the_time_left() -> None:
    job = start()
    Job.objects.filter(pk=job.pk).update(state="running", started_at="2026-01-01T00:00:00Z")
    job.refresh_from_db()
    jobs.Progress(job).report(1, 4)
    with factories.clock.at(job.started_at + factories.dt.timedelta(seconds=10)):
        assert jobs.progress_of(job) == {"done": 1, "total": 4, "eta_s": 30}


def test_an_unknown_kind_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="no runner"):
        jobs.start("test.unheard-of", actor=factories.actor(), payload={})


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_what_waits(running_worker: Any) -> None:
    from tests.workers import wait_until

    outbox.post("company_figures", {}, key="company")
    wait_until(lambda: not Outbox.objects.filter(done_at=None).exists())
    from secondsource.workspace.models import CompanyFigures

    wait_until(CompanyFigures.objects.exists)
    assert CompanyFigures.objects.get().parts == 0


def left(state: str, minutes: int) -> Job:
    """A job that was taken up, or only queued, some minutes ago; its message is gone."""
    job, then = start(), clock.now() - dt.timedelta(minutes=minutes)
    started = then if state == "running" else None
    Job.objects.filter(pk=job.pk).update(
        state=state, started_at=started, created_at=then, queued_at=then
    )
    Outbox.objects.all().delete()
    return job


@pytest.mark.parametrize(("state", "minutes"), [("running", 1), ("queued", 1)])
def test_a_job_without_a_worker_is_queued_again(state: str, minutes: int) -> None:
    job = left(state, minutes)
    assert jobs.resume() == 1
    assert (Job.objects.get().state, Outbox.objects.get().key) == ("queued", str(job.pk))
    assert jobs.resume() == 0
    jobs.run(str(job.pk))
    assert (Job.objects.get().state, Category.objects.filter(path="made").count()) == ("done", 1)


@pytest.mark.parametrize(
    ("state", "minutes"), [("running", 0), ("queued", 0), ("done", 99), ("failed", 99)]
)
def test_what_is_young_or_over_is_left_alone(state: str, minutes: int) -> None:
    left(state, minutes)
    assert (jobs.resume(), Job.objects.get().state) == (0, state)


@pytest.mark.django_db(transaction=True)
def test_a_job_at_work_is_left_alone() -> None:
    job = left("running", 99)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM core_job WHERE id = %s FOR UPDATE", [job.pk])
    assert (jobs.resume(), Job.objects.get().state) == (0, "running")
    with other.cursor() as cursor:  # a server lets go of a closed connection only after a while
        cursor.execute("ROLLBACK")
    other.close()
    assert jobs.resume() == 1


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = start(die=True)
    for _ in range(jobs.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):  # nothing catches it, as nothing catches a kill
            jobs.run(str(job.pk))
    cache.clear()  # a lost cache forgets nothing of it
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.problem["reasons"][0]["code"]) == ("failed", "worker_lost")
    assert (followed, Category.objects.filter(path="made").count()) == (["failed"], 0)


@jobs.runs("test.elsewhere", queue="test-elsewhere")
def elsewhere(progress: jobs.Progress) -> dict[str, Any]:
    return {}


def test_a_job_waits_in_the_queue_of_its_kind() -> None:
    job = jobs.start("test.elsewhere", actor=factories.JOB, payload={})
    outbox.work_off()
    with app.connection_for_read() as connection, connection.SimpleQueue("test-elsewhere") as queue:
        message = queue.get(timeout=5)
        message.ack()
    assert message.payload[0] == [str(job.pk)]
