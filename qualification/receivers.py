"""Receivers of changed specifications, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import specification_changed
from qualification import effects
from secondsource.core.actors import Actor


@receiver(specification_changed)
def void_signatures(sender: Any, part_ids: set[int], actor: Actor, why: str, **_: Any) -> None:
    """Void signatures that were given on the former specification."""
    effects.void_on_specification(part_ids, actor, f"{why} changed")
