"""Notifications of people who watch parts and cases.

The lead, the sponsor and the team of a case are notified without watching it, until they mute it.
Watchers of a part are also notified of its sources, its cases and its discussion.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from secondsource.core import notifications
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import News
from secondsource.workspace.notifications.subjects import CASE, PART, Subject, find

#: Told to a case's people as blocked.
_TOLD_OTHERWISE = ("qualification.case.hold",)

_WATCHERS = """
WITH event AS (
    SELECT id, actor_id, action, subject_type, subject_id FROM core_event
    WHERE id BETWEEN %(first)s AND %(last)s AND action = ANY(%(actions)s)
      AND NOT (action = 'suppliers.source.status' AND data -> 'from' = data -> 'to')
), about AS (
    SELECT id, actor_id, action, subject_type, subject_id FROM event
    WHERE subject_type IN ('parts.part', 'qualification.case')
    UNION ALL
    SELECT e.id, e.actor_id, e.action, 'parts.part', s.part_id
    FROM event e JOIN suppliers_source s ON s.id = e.subject_id
    WHERE e.subject_type = 'suppliers.source'
    UNION ALL
    SELECT e.id, e.actor_id, e.action, 'parts.part', c.part_id
    FROM event e JOIN qualification_case c ON c.id = e.subject_id
    WHERE e.subject_type = 'qualification.case'
    UNION ALL
    SELECT e.id, e.actor_id, e.action, k.subject_type, k.subject_id
    FROM event e JOIN core_comment k ON k.id = e.subject_id
    WHERE e.subject_type = 'core.comment'
), told AS (
    SELECT w.user_id, a.subject_type, a.subject_id, a.id, a.actor_id
    FROM about a JOIN core_watch w USING (subject_type, subject_id) WHERE NOT w.muted
    UNION
    SELECT m.user_id, a.subject_type, a.subject_id, a.id, a.actor_id
    FROM about a JOIN (
        SELECT id, lead_id AS user_id FROM qualification_case
        UNION SELECT id, sponsor_id FROM qualification_case
        UNION SELECT case_id, user_id FROM qualification_teammember
    ) m ON m.id = a.subject_id
    WHERE a.subject_type = 'qualification.case' AND a.action <> ALL(%(otherwise)s)
      AND NOT EXISTS (
        SELECT FROM core_watch w WHERE w.user_id = m.user_id AND w.muted
          AND w.subject_type = a.subject_type AND w.subject_id = a.subject_id)
)
SELECT t.user_id, t.subject_type, t.subject_id, max(t.id), count(*),
       (array_agg(t.actor_id ORDER BY t.id DESC))[1]
FROM told t JOIN accounts_user u ON u.id = t.user_id AND u.is_active
WHERE t.actor_id IS DISTINCT FROM t.user_id
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class _Told:
    """A reader, the subject, the last event, the number of events, and who caused the last."""

    reader_id: int
    subject_type: str
    subject_id: int
    event: int
    times: int
    actor_id: int | None


def follow_events(first: int, last: int, actions: list[str]) -> int:
    """Notify watchers of the events in this range of ids; later events join an unread row."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WATCHERS,
            {"first": first, "last": last, "actions": actions, "otherwise": list(_TOLD_OTHERWISE)},
        )
        told = [_Told(*row) for row in cursor.fetchall()]
    subjects = {
        kind: find(kind, {one.subject_id for one in told if one.subject_type == kind})
        for kind in (PART, CASE)
    }
    return notifications.notify(
        _news(one, subject)
        for one in told
        if (subject := subjects.get(one.subject_type, {}).get(one.subject_id))
    )


def _news(told: _Told, subject: Subject) -> News:
    """The rows to write; the sentence is made from the event when it is shown."""
    return News(
        reader_id=told.reader_id, kind=NotificationKind.WATCHED,
        key=f"watched {told.subject_type} {told.subject_id}",
        title=f"{subject.key} changed · {subject.about}", url=subject.url,
        subject_type=told.subject_type, subject_id=told.subject_id, actor_id=told.actor_id,
        number=told.event, times=told.times,
    )  # fmt: skip
