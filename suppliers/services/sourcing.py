"""Bulk writes of imports: manufacturers, incumbents and legacy approvals.

Imports write the history and the journal of these rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from secondsource.core import clock, traces
from secondsource.core.actors import Actor
from secondsource.core.bulk import insert_rows
from suppliers.models import Approval, Source, Supplier, SupplierAlias
from suppliers.names import clean, normal_name
from suppliers.services.companies import free_codes, placeholder

#: The lock for which imports, their undoings and mergers of suppliers wait in turn.
TURN = "exchange.import"

#: The placeholder for parts whose file names no manufacturer.
NO_MANUFACTURER_CODE, NO_MANUFACTURER_NAME = "UNKNOWN", "Manufacturer not named"

#: New sources: the first of a part is its incumbent, approved as legacy; others are candidates.
AS_INCUMBENT: dict[str, Any] = {
    "role": Source.Role.INCUMBENT.value,
    "status": Source.Status.APPROVED.value,
}
AS_CANDIDATE: dict[str, Any] = {
    "role": Source.Role.ALTERNATE.value,
    "status": Source.Status.CANDIDATE.value,
    "share_cap": 0,
    "quantity_cap": 0,
}


def add_manufacturers(names: Mapping[str, str]) -> dict[str, int]:
    """Add manufacturers by normal name → name as written. Returns normal name → id."""
    now, written = clock.now(), [clean(name) for name in names.values()]
    ids = insert_rows(
        Supplier,
        ("code", "name"),
        list(zip(free_codes(names.values()), written, strict=True)),
        kinds=[Supplier.Kind.MANUFACTURER],
        created_at=now,
        updated_at=now,
    )
    aliases = list(zip(ids, written, names, strict=True))
    insert_rows(SupplierAlias, ("supplier_id", "text", "normal"), aliases)
    return dict(zip(names, ids, strict=True))


def placeholder_id() -> tuple[int, bool]:
    """The placeholder for manufacturers, and whether it was created now."""
    found = placeholder()
    if found is not None:
        return found.pk, False
    name = NO_MANUFACTURER_NAME
    made = Supplier.objects.create(
        code=free_codes([NO_MANUFACTURER_CODE])[0],
        name=name,
        kinds=[Supplier.Kind.MANUFACTURER],
        placeholder=True,
    )
    SupplierAlias.objects.create(supplier=made, text=name, normal=normal_name(name))
    return made.pk, True


def approve_as_legacy(
    approvals: Sequence[tuple[int, int]], *, evidence_ref: str, actor: Actor
) -> None:
    """Approve incumbents that are in use, by pairs of a reserved id and the source's id."""
    now = clock.now()
    traces.attribute_to(actor)
    insert_rows(
        Approval,
        ("id", "source_id"),
        approvals,
        kind=Approval.Kind.LEGACY,
        evidence_ref=evidence_ref[:200],
        valid_from=clock.business_day(),
        actor_id=actor.user_id,
        job=actor.job,
        created_at=now,
    )
