"""Bulk writing of files: manufacturers with codes of their own, sources as incumbents or not.

An import says who did it and keeps history and journal of its rows; here is what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.bulk import insert_rows
from suppliers.models import Approval, Source, Supplier, SupplierAlias
from suppliers.names import clean, normal_name
from suppliers.services.companies import free_codes, placeholder

#: The lock for which imports, their undoings and mergers of suppliers wait in turn.
TURN = "exchange.import"

#: The manufacturer of parts whose file names none.
NO_MANUFACTURER_CODE, NO_MANUFACTURER_NAME = "UNKNOWN", "Manufacturer not named"

#: How a source comes in: the first of a part as its incumbent, approved as legacy; others wait.
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
    """Manufacturers that nobody has: normal name → name as written; answers normal name → id."""
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
    """What stands for the manufacturer of MPNs without one, and whether it was made just now."""
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
    """Approvals of incumbents that are in use: pairs of an id taken for it and its source's."""
    now = clock.now()
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
