"""Effects after the commit: never lost, done once, tried again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import kombu.pools
import pytest
from django.db import transaction

from secondsource.celery import app
from secondsource.core import clock, outbox
from secondsource.core.models import Outbox

seen: list[dict[str, Any]] = []
broken = {"now": False}


@outbox.handles("test.note")
def note(payload: dict[str, Any]) -> None:
    if broken["now"]:
        raise RuntimeError("not today")
    seen.append(payload)


@pytest.fixture(autouse=True)
def fresh() -> None:
    seen.clear()
    broken["now"] = False


@pytest.mark.django_db
def test_a_row_is_done_once() -> None:
    outbox.post("test.note", {"n": 1})
    assert outbox.work_off() == 1
    assert outbox.work_off() == 0
    assert seen == [{"n": 1}]
    assert Outbox.objects.get().done_at is not None


@pytest.mark.django_db
def test_waiting_rows_with_one_key_are_one() -> None:
    for number in range(3):
        outbox.post("test.note", {"n": number}, key="same")
    assert outbox.work_off() == 1
    assert seen == [{"n": 0}]


@pytest.mark.django_db
def test_a_key_is_free_again_once_its_row_was_begun() -> None:
    outbox.post("test.note", {"n": 1}, key="same")
    Outbox.objects.update(begun_at=clock.now())
    outbox.post("test.note", {"n": 2}, key="same")
    assert Outbox.objects.count() == 2


@pytest.mark.django_db
def test_a_failing_effect_waits_and_is_tried_again() -> None:
    broken["now"] = True
    outbox.post("test.note", {"n": 1})
    assert outbox.work_off() == 0
    row = Outbox.objects.get()
    assert (row.attempts, row.done_at) == (1, None)
    assert row.error == "RuntimeError: not today"
    assert outbox.work_off() == 0
    broken["now"] = False
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        assert outbox.work_off() == 1
    row.refresh_from_db()
    assert (row.attempts, row.error, seen) == (2, "", [{"n": 1}])


@pytest.mark.django_db
def test_a_later_row_waits_for_its_time() -> None:
    outbox.post("test.note", {"n": 1}, after=dt.timedelta(hours=1))
    assert outbox.work_off() == 0
    with clock.at(clock.now() + dt.timedelta(hours=2)):
        assert outbox.work_off() == 1


@pytest.mark.django_db
def test_an_unknown_topic_is_done_without_effect() -> None:
    outbox.post("test.nobody", {})
    assert outbox.work_off() == 1


@transaction.atomic
def post_and_fail() -> None:
    outbox.post("test.note", {"n": 1})
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_posts_nothing() -> None:
    with pytest.raises(RuntimeError):
        post_and_fail()
    assert not Outbox.objects.exists()


def forget_connections(app: Any) -> None:
    kombu.pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_fails_no_request(settings: Any) -> None:
    forget_connections(app)
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        outbox.post("test.note", {"n": 1})
    finally:
        app.conf.broker_url = settings.CELERY_BROKER_URL
        forget_connections(app)
    assert Outbox.objects.get().done_at is None
    assert outbox.work_off() == 1
