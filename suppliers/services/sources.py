"""Sources of our parts and the approvals behind them.

Nothing here decides an approval: ``qualification`` calls these with the evidence it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from parts.models import Part, Product
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.changing import change, create
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, ValuesRefused
from suppliers.models import Approval, ManufacturerPart, Source
from suppliers.signals import sources_changed

SOURCE_FIELDS = frozenset({"share", "capacity_wk", "valid_from", "valid_to", "conditions"})
_KEEP = object()


@transaction.atomic
def add_source(
    *,
    part: Part,
    manufacturer_part: ManufacturerPart,
    actor: Actor,
    origin: str = "entered by hand",
    scope: Iterable[Product] = (),
    **fields: Any,
) -> Source:
    """Add a maker's part as an alternate of ours; always a candidate.

    ``scope``: the products it is meant for, none = all; ``fields``: ``SOURCE_FIELDS``.
    """
    actor.require("suppliers.write_source", part)
    if unknown := set(fields) - SOURCE_FIELDS:
        raise KeyError(f"not settable: {sorted(unknown)}")
    _check(part, fields.get("valid_from"), fields.get("valid_to"), fields)
    source = create(
        Source(
            part=part,
            manufacturer_part=manufacturer_part,
            origin=origin,
            share_cap=Decimal(0),
            **fields,
        ),
        actor,
        reason=origin,
        duplicate=f"{manufacturer_part.mpn} is a source of {part.ipn} already.",
    )
    source.scope.set(scope)
    audit.record("suppliers.source.added", source, actor, note=origin)
    sources_changed.send(sender=Source, part_ids={part.pk})
    return source


def change_source(
    *, source: Source, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Source:
    """Change plain fields (``SOURCE_FIELDS``); status and caps follow from qualification alone."""
    actor.require("suppliers.write_source", source.part)
    first, last = (values.get(n, getattr(source, n)) for n in ("valid_from", "valid_to"))
    _check(source.part, first, last, values)
    with transaction.atomic():
        row = change(source, values, actor, allowed=SOURCE_FIELDS, expected=expected)
        sources_changed.send(sender=Source, part_ids={row.part_id})
    return row


def _check(
    part: Part, first: dt.date | None, last: dt.date | None, values: Mapping[str, Any]
) -> None:
    found = []
    if first and last and last < first:
        found.append(FieldProblem("/valid_to", "limits_reversed", "Ends before it begins."))
    share, capacity = values.get("share"), values.get("capacity_wk")
    if share is not None and not 0 <= share <= 1:
        found.append(FieldProblem("/share", "out_of_range", "A share is a fraction, 0 to 1."))
    if capacity is not None and capacity < 0:
        found.append(FieldProblem("/capacity_wk", "negative", "0 or more."))
    if found:
        raise ValuesRefused(found)


@transaction.atomic
def set_scope(*, source: Source, products: Iterable[Product], actor: Actor) -> Source:
    """Say which products a candidate is meant for; none = all.

    Refused for a source that was approved or is being qualified: its scope is part of that.
    """
    actor.require("suppliers.write_source", source.part)
    row, wanted = _locked(source), {product.pk: product for product in products}
    before = set(row.scope.values_list("pk", flat=True))
    if before == set(wanted):
        return row
    if row.status != Source.Status.CANDIDATE or row.approvals.exists():
        raise RuleRefused(
            [
                Reason(
                    "scope_is_approved",
                    "The products of a source in use or in qualification are part of its approval.",
                    "A qualification case can widen them.",
                )
            ]
        )
    traces.attribute(actor, "scope")
    row.scope.set(wanted.values())
    codes = sorted(product.code for product in wanted.values())
    audit.save_as(row, actor, "scope")
    audit.record("suppliers.source.scope", row, actor, data={"products": codes})
    return row


@transaction.atomic
def approve_legacy(*, source: Source, evidence_ref: str, actor: Actor) -> Source:
    """Approve an incumbent on the strength of its being in use; shown as legacy, for review.

    Refused for a part that has an incumbent already, and for any source that a case worked on.
    """
    actor.require("parts.write_part", source.part)
    row = _locked(source)
    others = Source.objects.filter(part_id=row.part_id, role=Source.Role.INCUMBENT)
    was_judged = row.history.exclude(status=Source.Status.CANDIDATE).exists()
    if was_judged or others.exclude(pk=row.pk).exists():
        raise RuleRefused(
            [
                Reason(
                    "not_an_incumbent",
                    "Only a part's first source can be approved as legacy.",
                    "Open a qualification case for an alternate.",
                )
            ]
        )
    row.role = Source.Role.INCUMBENT
    return approve_source(
        source=row, kind=Approval.Kind.LEGACY, evidence_ref=evidence_ref, actor=actor
    )


@transaction.atomic
def approve_source(
    *,
    source: Source,
    kind: str,
    evidence_ref: str,
    actor: Actor,
    status: str = Source.Status.APPROVED,
    valid_to: dt.date | None = None,
    share_cap: Decimal | None = None,
    quantity_cap: Decimal | None = None,
) -> Source:
    """Write the approval row and the status that rests on it; an earlier approval ends.

    Callers hold the right to decide; no form, import or API path leads here directly.
    """
    now = clock.now()
    Approval.objects.filter(source=source, ended_at=None).update(ended_at=now)
    source.approval = Approval.objects.create(
        source=source,
        kind=kind,
        evidence_ref=evidence_ref,
        valid_from=clock.business_day(),
        valid_to=valid_to,
        actor_id=actor.user_id,
        job=actor.job,
        created_at=now,
    )
    return set_status(
        source=source,
        status=status,
        share_cap=share_cap,
        quantity_cap=quantity_cap,
        actor=actor,
        reason=f"{kind} approval: {evidence_ref}",
    )


@transaction.atomic
def set_status(
    *,
    source: Source,
    status: str,
    actor: Actor,
    reason: str,
    share_cap: Any = _KEEP,
    quantity_cap: Any = _KEEP,
) -> Source:
    """Write status and caps as qualification decided them; caps left out stay as they are."""
    before = Source.objects.values("status", "share_cap", "quantity_cap").get(pk=source.pk)
    source.status = status
    if share_cap is not _KEEP:
        source.share_cap = share_cap
    if quantity_cap is not _KEEP:
        source.quantity_cap = quantity_cap
    audit.save_as(source, actor, reason)
    audit.record(
        "suppliers.source.status",
        source,
        actor,
        note=reason,
        data={"from": before["status"], "to": status},
    )
    sources_changed.send(sender=Source, part_ids={source.part_id})
    return source


@transaction.atomic
def end_approval(*, source: Source, actor: Actor, reason: str, share_cap: Any = _KEEP) -> Source:
    """End the approval behind a source: it must be qualified again; the row stays as evidence."""
    Approval.objects.filter(source=source, ended_at=None).update(ended_at=clock.now())
    return set_status(
        source=source,
        status=Source.Status.REQUALIFY,
        actor=actor,
        reason=reason,
        share_cap=share_cap,
    )


def _locked(source: Source) -> Source:
    return Source.objects.select_for_update(of=("self",)).select_related("part").get(pk=source.pk)
