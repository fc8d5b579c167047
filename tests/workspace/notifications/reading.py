"""What a person was told, as tests read it."""

from __future__ import annotations

from secondsource.accounts.models import User
from secondsource.core import outbox
from secondsource.core.models import Notification
from secondsource.workspace.notifications.subjects import visible_to


def told(user: User, *kinds: str) -> list[str]:
    """Titles of unread notifications after the outbox is worked off."""
    outbox.work_off(limit=10_000)
    rows = visible_to(user).filter(read_at=None)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return list(rows.order_by("id").values_list("title", flat=True))


def row(user: User, kind: str) -> Notification:
    """The one notification of a kind."""
    outbox.work_off(limit=10_000)
    return Notification.objects.get(reader=user, kind=kind)
