"""Notifications of people to whom work was handed over."""

from __future__ import annotations

from secondsource.core import notifications
from secondsource.core.models import Event, NotificationKind
from secondsource.core.notifications import News
from secondsource.workspace.notifications.subjects import CASE, find


def follow_event(event: Event) -> None:
    """Notify the receiver, with what and why; one row for each case and event."""
    subject = find(CASE, [event.subject_id or 0]).get(event.subject_id or 0)
    if subject is None:
        return
    what = "; ".join(event.data["what"])
    notifications.notify(
        [
            News(
                reader_id=event.data["receiver"]["after"], kind=NotificationKind.HANDED,
                key=f"handed {event.pk}", title=f"Handed over to you in {subject.key}: {what}",
                text=f"{subject.about} · {event.note}", url=subject.url, subject_type=CASE,
                subject_id=event.subject_id, actor_id=event.actor_id,
            )
        ]
    )  # fmt: skip
