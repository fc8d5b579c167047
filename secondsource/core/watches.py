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
    Watch.objects.update_or_create(**_key(subject, actor), defaults={"muted": False})


def unwatch(*, subject: models.Model, actor: Actor, told_anyway: bool = False) -> None:
    """Stop watching; it need not have begun.

    Who would be told of the subject without watching (``told_anyway``) mutes it.
    """
    if told_anyway:
        Watch.objects.update_or_create(**_key(subject, actor), defaults={"muted": True})
    else:
        Watch.objects.filter(**_key(subject, actor)).delete()


def watchers(subject: models.Model) -> models.QuerySet[Watch]:
    """Everybody's watches of the object."""
    return Watch.objects.filter(
        subject_type=audit.label(subject), subject_id=subject.pk, muted=False
    )


def is_told(subject: models.Model, user: Any, *, told_anyway: bool = False) -> bool:
    """Whether the person hears of the object's changes."""
    rows = Watch.objects.filter(subject_type=audit.label(subject), subject_id=subject.pk, user=user)
    muted = rows.values_list("muted", flat=True).first()
    return told_anyway if muted is None else not muted


def _key(subject: models.Model, actor: Actor) -> dict[str, Any]:
    if actor.user is None:
        raise PermissionRefused("Only a person watches something.")
    return {
        "user": actor.user,
        "subject_type": audit.label(subject),
        "subject_id": subject.pk,
    }
