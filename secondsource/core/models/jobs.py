"""Outbox, jobs and keys of idempotent requests."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import words_known


@words_known
class Outbox(models.Model):
    """Work after the commit, written in the same transaction.

    ``topic`` identifies the handler (``core.outbox.handles``); waiting rows of a topic with the
    same ``key`` (not '') are the same work, done once. ``attempts`` counts begun tries; after the
    last one the row is ``failed`` with its ``error``.
    """

    untraced = "work that passes through"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True, default="")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=7, choices=State, default=State.WAITING, db_default=State.WAITING
    )
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=models.Q(state="waiting"), name="outbox_waiting"
            ),
            models.Index(
                fields=["topic", "key"], condition=~models.Q(state="done"), name="outbox_of_key"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", done_at=None)
                | models.Q(state="failed", done_at=None)
                | models.Q(state="done", done_at__isnull=False),
                name="outbox_done_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"

    @property
    def label(self) -> str:
        """The topic in words: ``Company figures``."""
        return self.topic.replace("_", " ").capitalize()


@words_known
class Job(models.Model):
    """Long work, shown on pages and in the API."""

    untraced = "work that passes through"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    payload = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    #: The time of its last message.
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class IdempotencyKey(models.Model):
    """The first response to a POST with this key, repeated for 24 hours."""

    untraced = "gone after a day"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """The last heartbeat of a background process."""

    untraced = "a mark of life"

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%FT%TZ}"
