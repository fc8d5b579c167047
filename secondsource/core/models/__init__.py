"""Models used by all apps: records, audit, policies, outbox, jobs, files, comments."""

from secondsource.core.models.audit import AuditSeal, Event, RowChange, SealedColumns
from secondsource.core.models.base import Counter, HistoryEntry, Record, change_history, words_known
from secondsource.core.models.content import Attachment, Comment, SavedView, Watch
from secondsource.core.models.jobs import Heartbeat, IdempotencyKey, Job, Outbox
from secondsource.core.models.notifications import (
    Mail,
    Notification,
    NotificationChoice,
    NotificationKind,
)
from secondsource.core.models.policy import PolicyVersion

__all__ = [
    "Attachment",
    "AuditSeal",
    "Comment",
    "Counter",
    "Event",
    "Heartbeat",
    "HistoryEntry",
    "IdempotencyKey",
    "Job",
    "Mail",
    "Notification",
    "NotificationChoice",
    "NotificationKind",
    "Outbox",
    "PolicyVersion",
    "Record",
    "RowChange",
    "SavedView",
    "SealedColumns",
    "Watch",
    "change_history",
    "words_known",
]
