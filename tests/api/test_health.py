"""Health endpoints."""

import datetime as dt

from django.test import Client

from secondsource.core import clock, jobs
from secondsource.core.models import Heartbeat
from tests.workers import wait_until


def test_live_needs_nothing() -> None:
    answer = Client().get("/health/live/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_with_a_beating_worker(db: None) -> None:
    jobs.beat("worker")
    assert Client().get("/health/ready/").status_code == 200


def test_ready_as_soon_as_a_worker_takes_tasks(running_worker: object) -> None:
    wait_until(lambda: Client().get("/health/ready/").status_code == 200)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker"]


def test_not_ready_without_a_worker(db: None) -> None:
    answer = Client().get("/health/ready/")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_not_ready_when_the_worker_fell_silent(db: None) -> None:
    Heartbeat.objects.create(name="worker", at=clock.now() - dt.timedelta(minutes=2))
    assert Client().get("/health/ready/").status_code == 503


def test_writing_to_health_is_refused() -> None:
    assert Client().post("/health/live/").status_code == 405
