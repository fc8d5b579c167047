"""What people say about an object."""

from __future__ import annotations

from django.db import models, transaction

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Comment

MAX_LENGTH = 10_000


@transaction.atomic
def say(*, subject: models.Model, text: str, actor: Actor) -> Comment:
    """Add to an object's discussion. Raises ``ValuesRefused`` for an empty or endless text."""
    if actor.user is None:
        raise PermissionRefused("Only a person takes part in a discussion.")
    text = text.strip().replace("\x00", "")
    if not text:
        raise ValuesRefused.one("/text", "required", "Write something.")
    if len(text) > MAX_LENGTH:
        raise ValuesRefused.one("/text", "too_long", "At most 10,000 characters.")
    comment = Comment(
        subject_type=audit.label(subject), subject_id=subject.pk, author=actor.user, text=text
    )
    return audit.save_as(comment, actor)


def of(subject: models.Model) -> models.QuerySet[Comment]:
    """An object's discussion, oldest first."""
    return (
        Comment.objects.filter(subject_type=audit.label(subject), subject_id=subject.pk)
        .select_related("author")
        .order_by("id")
    )
