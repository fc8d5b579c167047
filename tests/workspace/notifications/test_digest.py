"""The daily mail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from secondsource.accounts.models import User
from secondsource.core import clock, notifications, outbox
from secondsource.core.models import Notification
from secondsource.core.notifications import News
from secondsource.workspace.notifications import digest
from tests import factories

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2027, 3, 3, 9, 0, tzinfo=dt.UTC)


def tell(reader: User, key: str = "k", kind: str = "mention") -> None:
    news = News(reader_id=reader.pk, kind=kind, key=key, title=f"Title {key}", text="A → B")
    notifications.notify([news])


def send_at(moment: dt.datetime) -> int:
    """Mails sent when the hour's question is asked at this moment."""
    before = len(mail.outbox)
    with clock.at(moment):
        digest.post_due()
        outbox.work_off()
    return len(mail.outbox) - before


def test_it_lists_what_is_unread_with_links() -> None:
    reader = factories.person("engineer")
    with clock.at(NINE):
        tell(reader)
    assert send_at(NINE) == 1
    (sent,) = mail.outbox
    pk = Notification.objects.get().pk
    assert (sent.to, sent.subject) == ([reader.email], "[SecondSource] 1 notification")
    assert "Title k\n  A → B" in sent.body
    assert f"http://localhost:8000/notifications/{pk}/" in sent.body


def test_once_a_day_and_nothing_twice() -> None:
    reader = factories.person("engineer")
    with clock.at(NINE):
        tell(reader)
    assert (send_at(NINE), send_at(NINE + dt.timedelta(hours=1))) == (1, 0)
    with clock.at(NINE + dt.timedelta(hours=2)):
        tell(reader, "later")
    assert send_at(NINE + dt.timedelta(hours=3)) == 0
    assert send_at(NINE + dt.timedelta(days=1)) == 1
    assert "Title k" not in mail.outbox[-1].body


def test_it_waits_for_the_morning_of_the_reader() -> None:
    reader = factories.person("engineer", time_zone="America/Los_Angeles")
    with clock.at(NINE):
        tell(reader)
    assert send_at(NINE) == 0
    assert send_at(NINE.replace(hour=15)) == 1


def test_an_unknown_time_zone_is_the_company_s() -> None:
    with clock.at(NINE):
        tell(factories.person("engineer", time_zone="Mars/Base"))
    assert send_at(NINE) == 1


def test_what_is_read_or_wanted_by_bell_alone_is_not_mailed() -> None:
    reader = factories.person("engineer")
    notifications.choose(user=reader, ways={"job": "bell", "watched": "mail", "mention": "bell"})
    with clock.at(NINE):
        tell(reader, kind="mention")
        tell(reader, "j", kind="job")
        tell(reader, "r", kind="due")
        notifications.read(Notification.objects.filter(key="r"))
    assert send_at(NINE) == 0
    with clock.at(NINE):
        tell(reader, "w", kind="watched")
    assert send_at(NINE) == 1


def test_who_left_gets_no_mail() -> None:
    with clock.at(NINE):
        tell(factories.person("engineer", is_active=False))
    assert send_at(NINE) == 0
