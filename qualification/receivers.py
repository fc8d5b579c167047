"""Keep what lists show of cases in step, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed, specification_changed
from qualification import effects, figures
from secondsource.core.actors import Actor
from suppliers.signals import sources_changed


@receiver([parts_changed, sources_changed])
def refresh_case_columns(sender: Any, part_ids: set[int], **_: Any) -> None:
    """The figures row exists by now: suppliers' receiver was connected before this one."""
    figures.refresh_case_columns(part_ids)


@receiver(specification_changed)
def void_signatures(sender: Any, part_ids: set[int], actor: Actor, why: str, **_: Any) -> None:
    """What was signed on the former specification is signed again."""
    effects.void_on_specification(part_ids, actor, f"{why} changed")
