"""Services for declarations of manufacturer parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from secondsource.core.records import change, create
from suppliers.declared import STATUSES
from suppliers.models import Declaration, ManufacturerPart
from suppliers.signals import declarations_changed

DECLARATION_FIELDS = frozenset(
    {"status", "document", "exemption", "exemption_expires", "list_date"}
)


@transaction.atomic
def declare(
    *,
    manufacturer_part: ManufacturerPart,
    scheme: str,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> Declaration:
    """Record the declaration of a scheme, in place of the former one.

    The status of RoHS and REACH is written to the manufacturer part too. ``expected`` is the
    version of the former declaration. Raises ``ValuesRefused``, ``Stale``.
    """
    part = ManufacturerPart.objects.select_for_update(of=("self",)).get(pk=manufacturer_part.pk)
    actor.require("suppliers.write_manufacturerpart", part)
    refuse_values(_problems(scheme, values))
    former = part.declarations.filter(scheme=scheme).first()
    if former is None:
        row = create(
            Declaration(manufacturer_part=part, scheme=scheme, **values), actor,
            duplicate="Declared already.",
        )  # fmt: skip
    else:
        row = change(former, values, actor, allowed=DECLARATION_FIELDS, expected=expected)
    if scheme in ("rohs", "reach") and getattr(part, scheme) != row.status:
        setattr(part, scheme, row.status)
        audit.save_as(part, actor, f"declared by {row.document}")
    audit.record(
        "suppliers.manufacturerpart.declared", part, actor,
        data={"scheme": scheme, "status": row.status},
    )  # fmt: skip
    declarations_changed.send(sender=Declaration, manufacturer_part_id=part.pk, actor=actor)
    return row


def _problems(scheme: str, values: Mapping[str, Any]) -> list[FieldProblem]:
    if scheme not in STATUSES:
        return [FieldProblem("/scheme", "unknown_scheme", "Choose a scheme.")]
    problems = []
    if values.get("status") not in STATUSES[scheme]:
        problems.append(FieldProblem("/status", "other_scheme", "Choose a status of the scheme."))
    if not values.get("document"):
        problems.append(FieldProblem("/document", "required", "Name the document."))
    if values.get("status") == Declaration.Status.EXEMPT:
        if not values.get("exemption"):
            detail = "Name the exemption, such as 7(c)-I."
            problems.append(FieldProblem("/exemption", "required", detail))
        if not values.get("exemption_expires"):
            detail = "Enter the last day of the exemption."
            problems.append(FieldProblem("/exemption_expires", "required", detail))
    if scheme == Declaration.Scheme.REACH and not values.get("list_date"):
        detail = "Enter the date of the candidate list."
        problems.append(FieldProblem("/list_date", "required", detail))
    return problems
