"""What cases do when the specification that they rest on changes, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import specification_changed
from qualification import effects
from secondsource.core.actors import Actor


@receiver(specification_changed)
def void_signatures(sender: Any, part_ids: set[int], actor: Actor, why: str, **_: Any) -> None:
    """What was signed on the former specification is signed again."""
    effects.void_on_specification(part_ids, actor, f"{why} changed")
