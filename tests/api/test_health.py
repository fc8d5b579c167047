"""Health endpoints."""

import datetime as dt
import time

import pytest
from django.db import transaction
from django.test import Client

from secondsource.core import clock, jobs
from secondsource.core.cache import ShortClient
from secondsource.core.models import Heartbeat, Job
from secondsource.exchange import services
from suppliers.services.sourcing import TURN
from tests import factories
from tests.exchange.bulk.files import send
from tests.threads import in_thread
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


def test_ready_while_broker_and_cache_are_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.beat("worker")
    monkeypatch.setattr(ShortClient, "away_until", time.monotonic() + 60)
    assert Client().get("/health/ready/").status_code == 200


@pytest.mark.long
def test_a_busy_worker_still_beats(running_worker: object) -> None:
    """This worker has one process; a job that waits for its turn keeps it from every other task."""
    factories.part(ipn="A-1", stock_qty=7)
    engineer = factories.actor("engineer")
    imported = send("IPN,Stock\nA-1,12\n", "stock", engineer)
    with transaction.atomic():
        jobs.take_turns(TURN)
        in_thread(lambda: services.confirm(imported=imported, actor=engineer))
        wait_until(lambda: Job.objects.get().state == "running")
        then = clock.now()
        wait_until(lambda: Heartbeat.objects.get().at > then)
    wait_until(lambda: Job.objects.get().state == "done")


def test_writing_to_health_is_refused() -> None:
    assert Client().post("/health/live/").status_code == 405
