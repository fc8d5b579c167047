"""Receivers of changed specifications and supply, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed, specification_changed
from qualification import effects, linked_work
from qualification.models import Case, ChecklistItem
from qualification.models.cases import State
from qualification.services.fmea import reopen_fmeas
from qualification.services.hold_points import judge_anew
from secondsource.core.actors import Actor
from suppliers.signals import (
    declarations_changed,
    receipt_recorded,
    sources_changed,
    supply_changed,
)


@receiver(specification_changed)
def void_signatures(sender: Any, part_ids: set[int], actor: Actor, why: str, **_: Any) -> None:
    """Void signatures that were given on the former specification, and reopen passed FMEAs."""
    effects.void_on_specification(part_ids, actor, f"{why} changed")
    reopen_fmeas(Case.objects.filter(part__in=part_ids), actor, f"{why} changed")


@receiver(supply_changed)
def reopen_on_supply(
    sender: Any, manufacturer_part_ids: set[int], actor: Actor, why: str, **_: Any
) -> None:
    """Reopen passed FMEAs of cases on these manufacturer parts."""
    cases = Case.objects.filter(source__manufacturer_part__in=manufacturer_part_ids)
    reopen_fmeas(cases, actor, why)


@receiver(declarations_changed)
def refresh_declared(sender: Any, manufacturer_part_id: int, actor: Actor, **_: Any) -> None:
    """Store whether the candidates of open cases are declared as they have to be."""
    effects.refresh_candidates(manufacturer_part_id, actor)


@receiver(parts_changed)
@receiver(sources_changed)
def refresh_business_cases(
    sender: Any, part_ids: set[int], actor: Actor | None = None, **_: Any
) -> None:
    """Update whether business cases based on these prices and demands are complete."""
    link = ChecklistItem.Link.BUSINESS_CASE
    waiting = Case.objects.filter(
        state__in=(State.DRAFT, State.BUSINESS_CASE), checklist__link=link
    ).select_related("part__category")
    by = actor or Actor.named_job("business_case")
    for case in waiting:  # few, where an import changes a hundred thousand parts
        if case.part_id in part_ids:
            linked_work.refresh(case, by, links=(link,))


@receiver(receipt_recorded)
def watch_triggers(sender: Any, source_ids: set[int], actor: Actor, **_: Any) -> None:
    """Write the breaches that these receipts show, and the figures of the hold points."""
    judge_anew(source_ids, actor)
