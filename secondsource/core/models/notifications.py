"""Notifications, and the ways by which people get them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import words_known


class NotificationKind(models.TextChoices):
    """The kinds of notifications; people choose a way for each."""

    SIGNATURE = "signature", "Signature wanted"
    BLOCKED = "blocked", "Case blocked"
    DUE = "due", "Due soon or overdue"
    HOLD_POINT = "hold_point", "Hold point due"
    MENTION = "mention", "Mention in a discussion"
    HANDED = "handed", "Work handed over to you"
    TAKEOVER = "takeover", "Take-over waiting"
    VERSION = "version", "Policy or SOP waiting"
    POOL = "pool", "Bonus pool waiting"
    SAVING = "saving", "Savings or baseline waiting"
    SOURCING = "sourcing", "RFQ, split or award"
    WATCHED = "watched", "Change of a watched part or case"
    JOB = "job", "Job done or failed"
    FOLLOW_UP = "follow_up", "Follow-up task failed"


@words_known
class Notification(models.Model):
    """A notification of a person.

    ``key`` identifies its subject: later news of it replaces the text and makes the row unread
    again, so that there is one row for each subject and person. ``number`` is the order of such
    news (the id of an event). ``settled_at``: the requested work is done. Other people are stored
    by id.
    """

    untraced = "news that passes through"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NotificationKind)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    text = models.CharField(max_length=500, blank=True, default="", db_default="")
    url = models.CharField(max_length=300, blank=True, default="", db_default="")
    subject_type = models.CharField(max_length=60, blank=True, default="", db_default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    number = models.BigIntegerField(default=0, db_default=0)
    times = models.PositiveIntegerField(default=1, db_default=1)
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    #: Sentence and name for a page or mail, see ``workspace.notifications.sentences``.
    said: str
    who: str
    by: str | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "key"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["reader", "-at", "-id"], name="notification_list"),
            models.Index(
                fields=["reader"], condition=models.Q(read_at=None), name="notification_unread"
            ),
            models.Index(
                fields=["subject_type", "subject_id"],
                condition=models.Q(settled_at=None),
                name="notification_of_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@words_known
class NotificationChoice(models.Model):
    """The way by which a person gets a kind; without a row it is that of ``DEFAULT_WAYS``."""

    class Way(models.TextChoices):
        BELL = "bell", "Bell"
        NOW = "now", "Bell and mail at once"
        MAIL = "mail", "Bell and daily mail"
        NONE = "none", "Not at all"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NotificationKind)
    way = models.CharField(max_length=4, choices=Way)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"


class Mail(models.Model):
    """A mail to a person, written before it is sent; ``key`` makes it one of its kind and day.

    It is sent by the outbox. One that cannot be sent is tried again with growing waits.
    """

    untraced = "mail that passes through"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    written_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "key"], name="mail_once")]
        indexes = [models.Index(fields=["written_at"], name="mail_by_age")]

    def __str__(self) -> str:
        return self.subject
