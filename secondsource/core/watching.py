"""Who wants to hear of an object's changes."""

from __future__ import annotations

from typing import Any

from django.db import models

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused
from secondsource.core.models import Watch


def watch(*, subject: models.Model, actor: Actor) -> None:
    """Start to watch; twice is once."""
    Watch.objects.get_or_create(**_key(subject, actor))


def unwatch(*, subject: models.Model, actor: Actor) -> None:
    """Stop watching; it need not have begun."""
    Watch.objects.filter(**_key(subject, actor)).delete()


def watchers(subject: models.Model) -> models.QuerySet[Watch]:
    """Everybody's watches of the object."""
    return Watch.objects.filter(subject_type=audit.label(subject), subject_id=subject.pk)


def _key(subject: models.Model, actor: Actor) -> dict[str, Any]:
    if actor.user is None:
        raise PermissionRefused("Only a person watches something.")
    return {
        "user": actor.user,
        "subject_type": audit.label(subject),
        "subject_id": subject.pk,
    }
