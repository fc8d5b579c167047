"""Effects after the commit: never lost, done once, tried again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import kombu.pools
import pytest
from django.db import transaction

from secondsource.celery import app
from secondsource.core import audit, clock, outbox
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.models import Event, Outbox
from tests import factories
from tests.threads import held_open, in_thread

seen: list[dict[str, Any]] = []
broken = {"now": False}


@outbox.handles("test.note")
def note(payload: dict[str, Any]) -> None:
    if broken["now"]:
        raise RuntimeError("not today")
    seen.append(payload)


outbox.subscribe("test.note", ["test.happened"], key="happened")


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
    row = Outbox.objects.get()
    assert (row.state, row.done_at is not None) == ("done", True)


@pytest.mark.django_db
def test_waiting_rows_with_one_key_are_one() -> None:
    for number in range(3):
        outbox.post("test.note", {"n": number}, key="same")
    assert outbox.work_off() == 1
    assert seen == [{"n": 0}]


@pytest.mark.django_db
def test_rows_of_other_keys_topics_and_times_are_not_taken_along() -> None:
    outbox.post("test.note", {"n": 1}, key="same")
    outbox.post("test.note", {"n": 2}, key="other")
    outbox.post("test.note", {"n": 3}, key="same", after=dt.timedelta(hours=1))
    outbox.post("test.note", {"n": 4})
    assert outbox.work_off() == 3
    assert seen == [{"n": 1}, {"n": 2}, {"n": 4}]
    assert Outbox.objects.get(state="waiting").payload == {"n": 3}


@pytest.mark.django_db(transaction=True)
def test_a_post_is_done_after_its_commit_though_a_worker_did_its_key_before() -> None:
    outbox.post("test.note", {"n": 1}, key="same")
    with transaction.atomic():
        outbox.post("test.note", {"n": 2}, key="same")
        in_thread(outbox.work_off)
        assert seen == [{"n": 1}]
    assert outbox.work_off() == 1
    assert seen == [{"n": 1}, {"n": 2}]


@pytest.mark.django_db(transaction=True)
def test_a_post_during_the_effect_of_its_key_is_done_as_well(monkeypatch: Any) -> None:
    def meanwhile(payload: dict[str, Any]) -> None:
        if payload["n"] == 1:
            in_thread(lambda: outbox.post("test.note", {"n": 2}, key="same"))

    monkeypatch.setitem(outbox._handlers, "test.note", [meanwhile, seen.append])
    outbox.post("test.note", {"n": 1}, key="same")
    assert outbox.work_off() == 2
    assert seen == [{"n": 1}, {"n": 2}]


@pytest.mark.django_db(transaction=True)
def test_a_post_does_not_wait_for_an_uncommitted_one_of_its_key() -> None:
    with held_open(lambda: outbox.post("test.note", {"n": 1}, key="same")):
        with transaction.atomic():
            outbox.post("test.note", {"n": 2}, key="same")
        assert outbox.work_off() == 1
        assert seen == [{"n": 2}]
    assert outbox.work_off() == 1
    assert Outbox.objects.filter(state="done").count() == 2


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


def try_until_given_up() -> None:
    with clock.at(clock.now() + dt.timedelta(days=1)):
        outbox.work_off()
    for day in range(2, 9):
        with clock.at(clock.now() + dt.timedelta(days=day)):
            outbox.work_off()


@pytest.mark.django_db
def test_a_topic_that_nothing_handles_is_not_done() -> None:
    outbox.post("test.nobody", {})
    assert outbox.work_off() == 0
    row = Outbox.objects.get()
    assert (row.state, row.done_at) == ("waiting", None)
    assert row.error == "LookupError: nothing handles 'test.nobody'"
    try_until_given_up()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", 7)


@pytest.mark.django_db
def test_an_effect_that_keeps_failing_ends_as_failed() -> None:
    broken["now"] = True
    outbox.post("test.note", {"n": 1})
    try_until_given_up()
    row = Outbox.objects.get(topic="test.note")
    assert (row.state, row.attempts, row.error) == ("failed", 7, "RuntimeError: not today")
    broken["now"] = False
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert outbox.work_off() == 0
    assert seen == []


@pytest.mark.django_db
def test_an_effect_during_which_workers_die_ends_as_failed() -> None:
    outbox.post("test.note", {"n": 1})
    Outbox.objects.update(attempts=outbox.MOST_TRIES)
    assert outbox.work_off(limit=1) == 0
    row = Outbox.objects.get(topic="test.note")
    assert (row.state, row.error) == ("failed", "The worker died in every try.")


@pytest.mark.django_db
def test_a_later_success_of_the_key_makes_up_for_failed_rows() -> None:
    outbox.post("test.note", {"n": 1}, key="same")
    outbox.post("test.note", {"n": 2}, key="other")
    Outbox.objects.update(state="failed", error="RuntimeError: not today")
    outbox.post("test.note", {"n": 3}, key="same")
    assert outbox.work_off() == 1
    assert Outbox.objects.filter(state="failed").get().key == "other"


@pytest.mark.django_db
def test_an_administrator_lets_a_failed_row_be_tried_again() -> None:
    outbox.post("test.note", {"n": 1})
    Outbox.objects.update(state="failed", attempts=7, error="RuntimeError: not today")
    row, admin = Outbox.objects.get(), factories.actor("admin")
    outbox.retry(pk=row.pk, actor=admin)
    assert outbox.work_off() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, seen) == ("done", 1, [{"n": 1}])
    event = Event.objects.get(action="core.outbox.retried")
    assert (event.actor_id, event.note) == (admin.user_id, "RuntimeError: not today")


@pytest.mark.django_db
def test_only_administrators_try_again() -> None:
    outbox.post("test.note", {"n": 1})
    Outbox.objects.update(state="failed")
    with pytest.raises(PermissionRefused):
        outbox.retry(pk=Outbox.objects.get().pk, actor=factories.actor("quality"))
    assert Outbox.objects.get().state == "failed"


@pytest.mark.django_db
def test_what_waits_is_not_tried_again() -> None:
    outbox.post("test.note", {"n": 1})
    with pytest.raises(RuleRefused, match="This is waiting"):
        outbox.retry(pk=Outbox.objects.get().pk, actor=factories.actor("admin"))


@pytest.mark.django_db
def test_an_event_is_delivered_to_whoever_subscribed_to_its_action() -> None:
    event = audit.record("test.happened", factories.person(), factories.JOB)
    row = Outbox.objects.get()
    assert (row.topic, row.key, row.payload) == ("test.note", "happened", {"event": event.pk})
    assert outbox.work_off() == 1
    assert seen == [{"event": event.pk}]


@pytest.mark.django_db
def test_an_event_that_nobody_subscribed_to_is_not_posted() -> None:
    audit.record("test.nobody_cares", factories.person(), factories.JOB)
    assert not Outbox.objects.exists()


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
