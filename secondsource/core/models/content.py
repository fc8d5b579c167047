"""Content that people add to objects: files, comments, views, watches."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import Record, change_history

#: The stored form of a mention in a comment.
MENTION = re.compile(r"@\[(\d+)\]")


class AboutSomething(models.Model):
    """Base of rows about another object, referred to by model label and id."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()

    class Meta:
        abstract = True


def attachment_path(attachment: Attachment, filename: str) -> str:
    """The path of a file, by its hash."""
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
    """A comment in the discussion of an object.

    Mentioned people are ``@[id]`` in ``text``, see ``core.discussion``.
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
        """The text with the present names of mentioned people."""
        if not self.mentions:
            return self.text
        names = self.mentioned if hasattr(self, "mentioned") else self._names()
        return MENTION.sub(lambda found: f"@{(names or {}).get(found[1], 'somebody')}", self.text)

    def _names(self) -> dict[str, str]:
        people = get_user_model().objects.filter(pk__in=self.mentions)
        return {str(pk): name for pk, name in people.values_list("pk", "name")}


class SavedView(models.Model):
    """A named query of a list page; shared ones are for everybody."""

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
    """A person watches an object's changes.

    ``muted``: the person is not notified although they would be without watching.
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
