"""Receivers that refresh sources and figures in the transaction of a change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed
from secondsource.accounts.models import User
from secondsource.core import outbox
from secondsource.core.actors import Actor
from suppliers import figures, resolve
from suppliers.models import Source
from suppliers.signals import sources_changed


@receiver(parts_changed)
def refresh_figures(sender: Any, part_ids: set[int], **_: Any) -> None:
    """Refresh figures of few parts at once, of many by a job."""
    figures.refresh_soon(part_ids)


@receiver(sources_changed)
def resolve_sources(
    sender: Any, part_ids: set[int], actor: Actor | None = None, reason: str = "", **_: Any
) -> None:
    """Resolve few parts at once, many by a job."""
    resolve.resolve_soon(part_ids, actor=actor or Actor.named_job("resolve"), reason=reason)


@outbox.handles("resolve")
def resolve_by_job(payload: dict[str, Any]) -> None:
    """Resolve many parts, with the actor of the change."""
    person = User.objects.filter(pk=payload.get("user") or 0).first()
    actor = Actor(user=person, job="" if person else payload.get("job") or "resolve", origin="job")
    resolve.resolve_slices(payload["part_ids"], actor=actor, reason=payload["reason"])


@outbox.handles("part_figures")
def refresh_by_job(payload: dict[str, Any]) -> None:
    """Refresh the figures of these parts, without ids of all."""
    figures.refresh_slices(payload.get("part_ids"))


#: The job that follows changes of exchange rates; waiting ones are handled together.
RATES = "exchange_rates"
outbox.subscribe(RATES, ["parts.exchangerate.recorded", "parts.exchangerate.changed"], key=RATES)


@outbox.handles(RATES)
def follow_rates(payload: dict[str, Any]) -> None:
    """Refresh the figures of all parts with amounts in foreign currencies."""
    part_ids = figures.parts_with_foreign_money()
    if part_ids:
        sources_changed.send(sender=Source, part_ids=part_ids)
