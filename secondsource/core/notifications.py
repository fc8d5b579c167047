"""Notifications: a row for each subject and reader.

:func:`notify` is idempotent for the same news. Handlers of the outbox call it, so that changes do
not wait for notifications and none is lost.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Concat

from secondsource.core import audit, clock, outbox, queries
from secondsource.core.models import Mail, Notification, NotificationChoice, NotificationKind

Kind, Way = NotificationKind, NotificationChoice.Way
#: Kinds that request work of the reader are mailed by default.
DEFAULT_WAYS: dict[str, str] = {
    Kind.SIGNATURE: Way.MAIL,
    Kind.BLOCKED: Way.MAIL,
    Kind.DUE: Way.MAIL,
    Kind.HOLD_POINT: Way.MAIL,
    Kind.MENTION: Way.MAIL,
    Kind.HANDED: Way.MAIL,
    Kind.TAKEOVER: Way.MAIL,
    Kind.VERSION: Way.MAIL,
    Kind.POOL: Way.MAIL,
    Kind.SAVING: Way.MAIL,
    Kind.SOURCING: Way.MAIL,
    Kind.WATCHED: Way.BELL,
    Kind.JOB: Way.BELL,
    Kind.FOLLOW_UP: Way.MAIL,
}
#: Topic of notifications that their readers want by mail at once; payload: their ids.
AT_ONCE = "mail_at_once"
#: Older rows are removed.
KEPT = dt.timedelta(days=90)


@dataclass(frozen=True)
class News:
    """News for a person.

    With ``number`` later news of the same ``key`` makes the row unread again; without it only after
    it was settled. ``known``: the reader did it, so the row counts as read.
    """

    reader_id: int
    kind: str
    key: str
    title: str
    text: str = ""
    url: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    actor_id: int | None = None
    number: int = 0
    times: int = 1
    known: bool = False


_TELL = """
INSERT INTO core_notification AS n (reader_id, kind, key, title, text, url, subject_type,
    subject_id, actor_id, number, times, at, read_at)
SELECT t.reader_id, t.kind, t.key, left(t.title, 300), left(t.text, 500), t.url, t.subject_type,
    t.subject_id, t.actor_id, t.number, t.times, %(now)s,
    CASE WHEN t.known THEN %(now)s::timestamptz END
FROM jsonb_to_recordset(%(news)s::jsonb) AS t(reader_id bigint, kind text, key text, title text,
    text text, url text, subject_type text, subject_id bigint, actor_id bigint, number bigint,
    times int, known boolean)
LEFT JOIN core_notificationchoice c ON c.user_id = t.reader_id AND c.kind = t.kind
WHERE coalesce(c.way, '') <> 'none'
ORDER BY t.reader_id, t.key
ON CONFLICT (reader_id, key) DO UPDATE SET
    title = excluded.title, text = excluded.text, url = excluded.url,
    actor_id = excluded.actor_id, number = excluded.number, at = excluded.at,
    times = CASE WHEN n.read_at IS NULL THEN n.times ELSE 0 END + excluded.times,
    read_at = excluded.read_at, settled_at = NULL, mailed_at = NULL
WHERE excluded.number > n.number
   OR excluded.number = 0 AND (n.settled_at IS NOT NULL OR n.title <> excluded.title)
RETURNING n.id, n.read_at IS NULL AND EXISTS (
    SELECT FROM core_notificationchoice c
     WHERE c.user_id = n.reader_id AND c.kind = n.kind AND c.way = 'now')
"""


def notify(news: Iterable[News]) -> int:
    """Write new notifications. Returns the number of written rows."""
    rows = [asdict(one) for one in news]
    if not rows:
        return 0
    written = queries.rows(_TELL, {"news": json.dumps(rows), "now": clock.now()})
    if by_mail := [pk for pk, at_once in written if at_once]:
        outbox.post(AT_ONCE, {"notifications": by_mail})
    return len(written)


def settle(subject: models.Model, *, kinds: Collection[str], still: Collection[News] = ()) -> int:
    """Settle the notifications of ``subject`` except those that are ``still`` to do."""
    assert subject.pk is not None
    return settle_all(audit.label(subject), [subject.pk], kinds=kinds, still=still)


def settle_all(
    subject_type: str, ids: Collection[int], *, kinds: Collection[str], still: Collection[News]
) -> int:
    """Settle the notifications of several subjects except those that are ``still`` to do."""
    mark = Concat(F("reader_id"), Value(" "), F("key"), output_field=models.TextField())
    standing = [f"{one.reader_id} {one.key}" for one in still]
    now = clock.now()
    return (
        Notification.objects.filter(
            subject_type=subject_type, subject_id__in=ids, kind__in=kinds, settled_at=None,
        )
        .alias(mark=mark)
        .exclude(mark__in=standing)
        .update(settled_at=now, read_at=Coalesce("read_at", now))
    )  # fmt: skip


def read(rows: models.QuerySet[Notification]) -> int:
    """Mark these rows as read."""
    return rows.filter(read_at=None).update(read_at=clock.now())


def ways_of(user: Any) -> dict[str, str]:
    """Kind → way of a person."""
    chosen = NotificationChoice.objects.filter(user=user).values_list("kind", "way")
    return {**DEFAULT_WAYS, **dict(chosen)}


def choose(*, user: Any, ways: dict[str, str]) -> None:
    """Store the ways by which a person gets each kind."""
    NotificationChoice.objects.bulk_create(
        [NotificationChoice(user=user, kind=kind, way=way) for kind, way in ways.items()],
        update_conflicts=True, unique_fields=["user", "kind"], update_fields=["way"],
    )  # fmt: skip


def forget_old() -> int:
    """Remove rows older than ``KEPT``."""
    limit = clock.now() - KEPT
    removed, _ = Notification.objects.filter(Q(at__lt=limit)).delete()
    mails, _ = Mail.objects.filter(written_at__lt=limit).delete()
    return removed + mails
