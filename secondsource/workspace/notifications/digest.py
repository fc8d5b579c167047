"""The daily mail of unread notifications, in the reader's own morning.

A job looks every hour for readers with unread rows and no mail on their day. After an outage the
mail is sent later, and nobody gets two.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from secondsource.accounts.models import User
from secondsource.core import clock, outbox
from secondsource.core.models import Notification, NotificationChoice
from secondsource.core.notifications import DEFAULT_WAYS, Way
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
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for pk in _waiting(zone, midnight):
            outbox.post(TOPIC, {"reader": pk}, key=f"{pk} {now.date()}")
            found += 1
    return found


def _local(zone: str) -> dt.datetime:
    """The present time in a time zone, by default the company's."""
    try:
        return clock.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return clock.now().astimezone(settings.COMPANY_TIME_ZONE)


def _waiting(zone: str, midnight: dt.datetime) -> QuerySet[User, int]:
    own: Any = Notification.objects.filter(reader=OuterRef("pk"))
    people = User.objects.filter(Exists(by_mail(own)), is_active=True, time_zone=zone)
    return people.exclude(Exists(own.filter(mailed_at__gte=midnight))).values_list("pk", flat=True)


def by_mail(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """Unread rows of kinds that their readers want by mail and that no mail had yet."""
    chosen = NotificationChoice.objects.filter(user=OuterRef("reader"), kind=OuterRef("kind"))
    usual = [kind for kind, way in DEFAULT_WAYS.items() if way == Way.MAIL]
    wanted = Exists(chosen.filter(way=Way.MAIL)) | Q(kind__in=usual) & ~Exists(chosen)
    return rows.filter(wanted, read_at=None, mailed_at=None)


@outbox.handles(TOPIC)
def send(payload: dict[str, Any]) -> None:
    """Mail one person what is unread and mark it as mailed; again the same day it does nothing."""
    reader = User.objects.filter(pk=payload["reader"], is_active=True).first()
    if reader is None:
        return
    midnight = _local(reader.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Notification.objects.filter(reader=reader)
    waiting = by_mail(visible_to(reader)).order_by("-at", "-id")
    ids = list(waiting.values_list("pk", flat=True))
    if not ids or mine.filter(mailed_at__gte=midnight).exists():
        return
    rows = sentences.fill(list(waiting[:MOST]))
    subject = f"{len(ids):,} {'notification' if len(ids) == 1 else 'notifications'}"
    text = render_to_string(
        "workspace/notifications/mail.txt",
        {"reader": reader, "rows": rows, "more": len(ids) - len(rows), "site": settings.SITE_URL},
    )
    # Marked first: a mail that fails takes the mark back with it, a second worker sends none.
    mine.filter(pk__in=ids).update(mailed_at=clock.now())
    prefix = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX
    send_mail(f"{prefix}{subject}", text, settings.DEFAULT_FROM_EMAIL, [reader.email])
