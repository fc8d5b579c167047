"""Watches of objects."""

from __future__ import annotations

from typing import Any

from django.db import models

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused
from secondsource.core.models import Watch


def watch(*, subject: models.Model, actor: Actor) -> None:
    """Start watching (idempotent)."""
    Watch.objects.update_or_create(**_key(subject, actor), defaults={"muted": False})


def unwatch(*, subject: models.Model, actor: Actor, notified_anyway: bool = False) -> None:
    """Stop watching (idempotent).

    People who are notified without watching (``notified_anyway``) mute the subject.
    """
    if notified_anyway:
        Watch.objects.update_or_create(**_key(subject, actor), defaults={"muted": True})
    else:
        Watch.objects.filter(**_key(subject, actor)).delete()


def watchers(subject: models.Model) -> models.QuerySet[Watch]:
    """The watches of the object."""
    return Watch.objects.filter(
        subject_type=audit.label(subject), subject_id=subject.pk, muted=False
    )


def is_notified(subject: models.Model, user: Any, *, notified_anyway: bool = False) -> bool:
    """Whether the person is notified of the object's changes."""
    rows = Watch.objects.filter(subject_type=audit.label(subject), subject_id=subject.pk, user=user)
    muted = rows.values_list("muted", flat=True).first()
    return notified_anyway if muted is None else not muted


def _key(subject: models.Model, actor: Actor) -> dict[str, Any]:
    if actor.user is None:
        raise PermissionRefused("Only a person can watch something.")
    return {
        "user": actor.user,
        "subject_type": audit.label(subject),
        "subject_id": subject.pk,
    }
