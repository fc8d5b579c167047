"""Mails of notifications: at once, or daily of what is unread, in the reader's own morning.

A job looks every hour for readers with unread rows and no mail on their day. After an outage the
mail is sent later, and nobody gets two: ``core.mails`` writes each mail once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from secondsource.accounts.models import User
from secondsource.core import clock, mails, outbox
from secondsource.core.models import Mail, Notification, NotificationChoice
from secondsource.core.notifications import AT_ONCE, DEFAULT_WAYS, Way
from secondsource.workspace.notifications import sentences
from secondsource.workspace.notifications.subjects import visible_to

TOPIC = "digest"
#: Mail goes out after this hour of the reader's day [D].
HOUR = 7
#: More rows than these are only counted in a mail.
MOST = 50


def post_due() -> int:
    """Send a mail to everybody whose hour has come; return how many."""
    found = 0
    zones = User.objects.order_by().values_list("time_zone", flat=True).distinct()
    for zone in zones:
        now = _local(zone)
        if now.hour < HOUR:
            continue
        for pk in _waiting(zone, now.date()):
            outbox.post(TOPIC, {"reader": pk}, key=f"{pk} {now.date()}")
            found += 1
    return found


def _local(zone: str) -> dt.datetime:
    """The present time in a time zone, by default the company's."""
    try:
        return clock.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return clock.now().astimezone(settings.COMPANY_TIME_ZONE)


def _waiting(zone: str, day: dt.date) -> QuerySet[User, int]:
    own: Any = Notification.objects.filter(reader=OuterRef("pk"))
    people = User.objects.filter(Exists(by_mail(own)), is_active=True, time_zone=zone)
    written = Mail.objects.filter(reader=OuterRef("pk"), key=_key(day))
    return people.exclude(Exists(written)).values_list("pk", flat=True)


def _key(day: dt.date) -> str:
    """What makes a daily mail the one of its day."""
    return f"digest {day}"


def by_mail(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """Unread rows of kinds that their readers want by mail and that no mail had yet."""
    chosen = NotificationChoice.objects.filter(user=OuterRef("reader"), kind=OuterRef("kind"))
    usual = [kind for kind, way in DEFAULT_WAYS.items() if way == Way.MAIL]
    wanted = Exists(chosen.filter(way=Way.MAIL)) | Q(kind__in=usual) & ~Exists(chosen)
    return rows.filter(wanted, read_at=None, mailed_at=None)


@outbox.handles(TOPIC)
def write(payload: dict[str, Any]) -> None:
    """Write one person's mail of the day with what is unread; again the same day it does nothing.

    The row of the mail is the only one of its reader and day, so two workers write one mail.
    """
    reader = User.objects.filter(pk=payload["reader"], is_active=True).first()
    if reader is None:
        return
    waiting = by_mail(visible_to(reader)).order_by("-at", "-id")
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        return
    rows = sentences.fill(list(waiting[:MOST]))
    text = render_to_string(
        "workspace/notifications/mail.txt",
        {"reader": reader, "rows": rows, "more": len(ids) - len(rows), "site": settings.SITE_URL},
    )
    written = mails.write(
        reader_id=reader.pk, key=_key(_local(reader.time_zone).date()), text=text,
        subject=f"{len(ids):,} {'notification' if len(ids) == 1 else 'notifications'}",
    )  # fmt: skip
    if written:
        Notification.objects.filter(pk__in=ids).update(mailed_at=clock.now())


@outbox.handles(AT_ONCE)
def write_at_once(payload: dict[str, Any]) -> None:
    """Write a mail for each of these notifications that is still unread and was not mailed."""
    wanted = Notification.objects.filter(pk__in=payload["notifications"])
    for reader in User.objects.filter(pk__in=wanted.values("reader"), is_active=True):
        rows = visible_to(reader).filter(pk__in=payload["notifications"])
        for row in sentences.fill(list(rows.filter(read_at=None, mailed_at=None))):
            _write_one(reader, row)


def _write_one(reader: User, row: Notification) -> None:
    text = render_to_string(
        "workspace/notifications/mail_now.txt",
        {"reader": reader, "row": row, "site": settings.SITE_URL},
    )
    # Later news of the same thing has another time, and is another mail.
    key = f"now {row.pk} {row.at.isoformat()}"
    if mails.write(reader_id=reader.pk, key=key, subject=row.title, text=text):
        Notification.objects.filter(pk=row.pk).update(mailed_at=clock.now())
