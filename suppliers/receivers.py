"""Keep the stored figures of parts in step with what changed, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed
from secondsource.core import outbox
from secondsource.core.figures import unhurried
from suppliers import figures
from suppliers.signals import sources_changed


@receiver([parts_changed, sources_changed])
def refresh_figures(sender: Any, part_ids: set[int], **_: Any) -> None:
    """Few parts at once, many by job."""
    figures.refresh_soon(part_ids)


@outbox.handles("part_figures")
def refresh_by_job(payload: dict[str, Any]) -> None:
    """The figures of many parts; without ids, of all."""
    with unhurried():
        figures.refresh(payload.get("part_ids"))
