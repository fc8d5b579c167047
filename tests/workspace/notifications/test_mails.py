"""Mails: at once by preference, one of its kind and day, tried again when they cannot be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from secondsource.accounts.models import User
from secondsource.core import clock, mails, notifications, outbox
from secondsource.core.models import Mail, Notification, Outbox
from secondsource.core.notifications import News
from secondsource.workspace.notifications import cases, digest
from tests import factories
from tests.factories import Team
from tests.threads import at_once

NINE = dt.datetime(2027, 3, 3, 9, 0, tzinfo=dt.UTC)


def tell(reader: User, key: str = "k", title: str = "", kind: str = "due") -> None:
    news = News(reader_id=reader.pk, kind=kind, key=key, title=title or f"Title {key}")
    notifications.notify([news])


def reader_at_once(**fields: Any) -> User:
    reader = factories.person("engineer", **fields)
    notifications.choose(user=reader, ways={"due": "now"})
    return reader


@pytest.mark.django_db
def test_who_wants_a_kind_at_once_gets_one_mail_for_each_news() -> None:
    reader = reader_at_once()
    tell(reader)
    tell(reader)  # nothing new
    outbox.work_off()
    assert [sent.subject for sent in mail.outbox] == ["[SecondSource] Title k"]
    assert f"/notifications/{Notification.objects.get().pk}/" in mail.outbox[0].body
    tell(reader, title="Overdue")
    outbox.work_off()
    assert [sent.subject for sent in mail.outbox[1:]] == ["[SecondSource] Overdue"]


@pytest.mark.django_db
def test_what_was_mailed_at_once_is_not_in_the_daily_mail_which_still_comes() -> None:
    reader = reader_at_once()
    with clock.at(NINE):
        tell(reader)
        tell(reader, "m", kind="mention")
        outbox.work_off()
        digest.post_due()
        outbox.work_off()
    assert [sent.subject for sent in mail.outbox] == [
        "[SecondSource] Title k", "[SecondSource] 1 notification",
    ]  # fmt: skip
    assert "Title k" not in mail.outbox[1].body


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["read", "left"])
def test_what_is_read_or_of_who_left_is_not_mailed(why: str) -> None:
    reader = reader_at_once()
    tell(reader)
    if why == "read":
        notifications.read(Notification.objects.all())
    else:
        User.objects.filter(pk=reader.pk).update(is_active=False)
    outbox.work_off()
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_mail_that_cannot_be_sent_waits_longer_each_time_and_is_sent_once(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.workspace.notifications.test_mails.Unreachable"
    reader = reader_at_once()
    with clock.at(NINE):
        tell(reader)
        outbox.work_off()
        row = Outbox.objects.get(topic="mail")
        assert (row.state, row.attempts, row.due_at) == (
            "waiting", 1, NINE + outbox.RETRY_AFTER[0],
        )  # fmt: skip
        assert "ConnectionRefusedError" in row.error
        assert Mail.objects.get().sent_at is None
    with clock.at(NINE + dt.timedelta(seconds=6)):
        outbox.work_off()
    row.refresh_from_db()
    assert row.due_at == NINE + dt.timedelta(seconds=6) + outbox.RETRY_AFTER[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(NINE + dt.timedelta(minutes=5)):
        outbox.work_off()
        outbox.work_off()
    assert len(mail.outbox) == 1
    assert Mail.objects.get().sent_at is not None


class Unreachable:
    """A mail server that refuses connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")


@pytest.mark.django_db
def test_an_administrator_sees_it_and_lets_it_be_tried_again(
    settings: Any, browse: Callable[[Any], Any]
) -> None:
    settings.EMAIL_BACKEND = "tests.workspace.notifications.test_mails.Unreachable"
    tell(reader_at_once())
    moment = clock.now()
    for _ in range(outbox.MOST_TRIES + 1):
        moment += dt.timedelta(hours=7)
        with clock.at(moment):
            outbox.work_off()
    row = Outbox.objects.get(topic="mail")
    assert row.state == "failed"
    page = browse(factories.person("admin")).get("/jobs/follow-ups/?state=failed").content.decode()
    assert "no mail server" in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.retry(pk=row.pk, actor=factories.actor("admin"))
    outbox.work_off()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_mail_sent_again_after_a_crash_has_the_same_message_id() -> None:
    reader = reader_at_once()
    tell(reader)
    outbox.work_off()
    row = Mail.objects.get()
    Mail.objects.update(sent_at=None)  # the worker died before its commit
    mails.send({"mail": row.pk})
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second == f"<mail-{row.pk}@localhost>"


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_one_daily_mail(transactional_db: None) -> None:
    reader = factories.person("engineer")
    with clock.at(NINE):
        tell(reader, kind="mention")

    def beat() -> None:
        with clock.at(NINE):
            digest.post_due()
            outbox.work_off()

    assert at_once(beat, beat, beat) == ["done"] * 3
    with clock.at(NINE):
        outbox.work_off()
    assert Mail.objects.filter(reader=reader).count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_remind_once_and_mail_once(transactional_db: None) -> None:
    team = Team()
    team.fire("submit")
    lead = team.people["engineering"]
    notifications.choose(user=lead, ways={"due": "now"})
    team.plan(due_date=clock.business_day() - dt.timedelta(days=1))
    outbox.work_off(limit=10_000)
    Notification.objects.all().delete()
    Mail.objects.all().delete()
    mail.outbox.clear()

    def beat() -> None:
        cases.follow_days()
        outbox.work_off()

    assert at_once(beat, beat) == ["done"] * 2
    outbox.work_off()
    assert Notification.objects.filter(reader=lead, kind="due").count() == 1
    assert [sent.subject for sent in mail.outbox if lead.email in sent.to] == [
        f"[SecondSource] {Notification.objects.get(reader=lead, kind='due').title}"
    ]


@pytest.mark.django_db
def test_the_lead_is_reminded_of_the_planned_day_of_a_gate_and_told_when_it_is_over() -> None:
    team = Team()
    team.fire("submit")
    lead = team.people["engineering"]
    planned = team.case.planned_gates.get(gate="business_case")
    for days, title in ((-2, "Due "), (1, "Overdue since ")):
        with clock.at(planned.due + dt.timedelta(days=days)):
            cases.follow_days()
            row = Notification.objects.get(key=f"gate-{team.case.number}-business_case")
            assert row.reader == lead
            assert row.title.startswith(title)
            assert row.title.endswith(f"pass Business case of {team.case.key}")
    team.pass_gate()
    outbox.work_off(limit=10_000)
    row.refresh_from_db()
    assert row.settled_at is not None
