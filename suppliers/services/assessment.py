"""Services for standings of suppliers."""

from __future__ import annotations

from django.db import transaction

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from suppliers.models import Source, Supplier
from suppliers.services.companies import locked_company, send_sources_changed
from suppliers.signals import supply_changed

#: Standings that affect orders.
_STOPS = {Supplier.Standing.PHASE_OUT, Supplier.Standing.DISQUALIFIED}


@transaction.atomic
def assess_supplier(
    *, supplier: Supplier, standing: str, reason: str, actor: Actor, expected: int | None = None
) -> Supplier:
    """Give a company a standing, and resolve its sources if it affects orders.

    Raises ``Stale``, ``ValuesRefused`` with all problems.
    """
    actor.require("suppliers.assess_supplier", supplier)
    row = locked_company(supplier, expected)
    refuse_values(_problems(row, standing, reason))
    before, row.standing = row.standing, standing
    audit.save_as(row, actor, reason.strip())
    audit.record(
        "suppliers.supplier.standing", row, actor, note=reason.strip(),
        data={"from": before, "to": standing},
    )  # fmt: skip
    if _STOPS & {before, standing}:
        of_its_parts = Source.objects.filter(manufacturer_part__manufacturer=row)
        why = f"{row.name} is {row.get_standing_display()}"
        send_sources_changed(of_its_parts, actor, why)
        if standing in _STOPS:
            supply_changed.send(
                sender=Supplier, actor=actor, why=why,
                manufacturer_part_ids=set(row.manufacturer_parts.values_list("pk", flat=True)),
            )  # fmt: skip
    return row


def _problems(row: Supplier, standing: str, reason: str) -> list[FieldProblem]:
    found = []
    if standing == row.standing:
        detail = f"{row.name} is {row.get_standing_display().lower()} already."
        found.append(FieldProblem("/standing", "unchanged", detail))
    elif standing == Supplier.Standing.NOT_ASSESSED:
        detail = "A standing can be changed, but not removed."
        found.append(FieldProblem("/standing", "not_a_standing", detail))
    if not reason.strip():
        found.append(FieldProblem("/reason", "required", "Say why."))
    return found
