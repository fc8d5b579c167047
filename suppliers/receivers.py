"""Keep the stored figures of parts in step with what changed, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed
from secondsource.core import outbox
from secondsource.core.figures import unhurried
from suppliers import figures
from suppliers.models import Source
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


#: Figures rest on rates; all changes of rates that wait are made up for at once.
RATES = "exchange_rates"
outbox.subscribe(RATES, ["parts.exchangerate.recorded", "parts.exchangerate.changed"], key=RATES)


@outbox.handles(RATES)
def follow_rates(payload: dict[str, Any]) -> None:
    """Compute the figures of every part with money in another currency than the company's."""
    part_ids = figures.parts_with_foreign_money()
    if part_ids:
        sources_changed.send(sender=Source, part_ids=part_ids)
