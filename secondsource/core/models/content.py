"""What people add to any object: files, words, views, watches."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import Record, change_history

#: How a comment keeps a mention.
MENTION = re.compile(r"@\[(\d+)\]")


class AboutSomething(models.Model):
    """Stands on another object, named by model label and id (no content types needed)."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()

    class Meta:
        abstract = True


def attachment_path(attachment: Attachment, filename: str) -> str:
    """By hash, so that a name never decides where bytes lie."""
    return f"attachments/{attachment.sha256[:2]}/{attachment.sha256}"


class Attachment(Record, AboutSomething):
    """A file with its hash; never served inline, never changed."""

    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return self.name


class Comment(Record, AboutSomething):
    """One contribution to an object's discussion.

    People whom it mentions stand in ``text`` as ``@[id]``, see ``core.discussion``.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    history = change_history()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"])]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def said(self) -> str:
        """The text with the present names of those whom it mentions."""
        if not self.mentions:
            return self.text
        names = self.mentioned if hasattr(self, "mentioned") else self._names()
        return MENTION.sub(lambda found: f"@{(names or {}).get(found[1], 'somebody')}", self.text)

    def _names(self) -> dict[str, str]:
        people = get_user_model().objects.filter(pk__in=self.mentions)
        return {str(pk): name for pk, name in people.values_list("pk", "name")}


class SavedView(models.Model):
    """A list page's query that somebody named; a shared one is everybody's."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Watch(AboutSomething):
    """A person wants to hear of an object's changes.

    ``muted``: the person does not want to, although they would be told without asking.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    muted = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject_type", "subject_id"], name="watch_once"
            )
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="watch_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
