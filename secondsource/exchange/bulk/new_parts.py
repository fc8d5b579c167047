"""Parts with the manufacturers, MPNs and sources that come with them, and their undo."""

from __future__ import annotations

from parts import services as catalogue
from parts.models import BomLine, Category, Part
from parts.signals import parts_changed
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.core.errors import Reason
from secondsource.exchange.bulk.sourcing import (
    Manufacturers,
    NewSources,
    Numbers,
    lock_parts_of,
    undo_approvals,
)
from secondsource.exchange.bulk.steps import Steps, journaled
from secondsource.exchange.dependents import counted
from secondsource.exchange.models import Import
from suppliers.models import Approval, Source


class NewParts(Steps):
    """Parts masters and BOMs: both make parts, manufacturers, MPNs and sources."""

    model = Part
    computed = (("parts_partfigures", "part_id"), ("parts_partusage", "part_id"))
    main_id = "part_id"
    before = (Manufacturers(), Numbers())
    behind = (NewSources(),)

    def lock(self, imported: Import) -> None:
        lock_parts_of(imported)
        super().lock(imported)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        """Also BOM lines and approvals of people, which hang on parts and sources elsewhere."""
        lines = BomLine.objects.filter(part__in=ids_in(journaled(imported, Part, new=True)))
        lines = lines.exclude(revision=imported.revision_id)
        given = Approval.objects.filter(source__in=ids_in(journaled(imported, Source, new=True)))
        found = [
            *counted(lines.count(), "in_other_boms", "BOM line", "parts"),
            *counted(
                given.exclude(kind=Approval.Kind.LEGACY).count(), "approvals", "approval", "sources"
            ),
            *super().reasons_against_undo(imported),
        ]
        return list(dict.fromkeys(found))  # a case names both its part and its source

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        made = set(journaled(imported, Part, new=True))
        touched = set(journaled(imported, Part)) | parts_of(journaled(imported, Source))
        undo_approvals(imported, actor)
        super().take_back(imported, actor=actor)
        catalogue.remove_unused_categories(
            journaled(imported, Category, new=True), actor, f"undo of import {imported.name}"
        )
        if touched - made:
            parts_changed.send(sender=Part, part_ids=touched - made)


def parts_of(sources: list[int]) -> set[int]:
    """The parts of these sources."""
    found = Source.objects.filter(pk__in=ids_in(sources))
    return set(found.values_list("part_id", flat=True))
