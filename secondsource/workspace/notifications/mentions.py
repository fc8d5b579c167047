"""Notifications of people who are mentioned in a discussion."""

from __future__ import annotations

from secondsource.core import notifications
from secondsource.core.models import Comment, Event, NotificationKind
from secondsource.core.notifications import News
from secondsource.workspace.notifications.subjects import find


def follow_event(event_id: int) -> None:
    """Notify the people mentioned in the comment of this event."""
    event = Event.objects.filter(pk=event_id).first()
    comment = Comment.objects.filter(pk=event.subject_id or 0).first() if event else None
    subject = comment and find(comment.subject_type, [comment.subject_id]).get(comment.subject_id)
    if not comment or not subject:
        return
    notifications.notify(
        News(
            reader_id=pk, kind=NotificationKind.MENTION, key=f"mention {comment.pk}",
            title=f"You are mentioned in the discussion of {subject.key}", text=subject.about,
            url=f"{subject.url}#discussion", subject_type=comment.subject_type,
            subject_id=comment.subject_id, actor_id=comment.author_id,
        )
        for pk in comment.mentions
        if pk != comment.author_id
    )  # fmt: skip
