"""Services for sources of parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from parts.models import Part, PartFigures, Product
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.records import change, create
from suppliers.models import ManufacturerPart, Source
from suppliers.signals import sources_changed

SOURCE_FIELDS = frozenset({"share", "capacity_wk", "valid_from", "valid_to", "conditions"})


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
    """Add a manufacturer part as an alternate; always a candidate.

    ``scope``: the products it is meant for, none = all; ``fields``: ``SOURCE_FIELDS``.
    """
    actor.require("suppliers.write_source", part)
    if unknown := set(fields) - SOURCE_FIELDS:
        raise KeyError(f"not settable: {sorted(unknown)}")
    PartFigures.objects.lock([part.pk])
    _check(fields.get("valid_from"), fields.get("valid_to"), fields)
    source = create(
        Source(
            part=part,
            manufacturer_part=manufacturer_part,
            origin=origin,
            share_cap=Decimal(0),
            quantity_cap=Decimal(0),
            **fields,
        ),
        actor,
        reason=origin,
        duplicate=f"{manufacturer_part.mpn} is a source of {part.ipn} already.",
    )
    source.scope.set(scope)
    audit.record("suppliers.source.added", source, actor, note=origin)
    sources_changed.send(sender=Source, part_ids={part.pk}, actor=actor)
    source.refresh_from_db()
    return source


def change_source(
    *, source: Source, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Source:
    """Change plain fields (``SOURCE_FIELDS``); status and caps depend on qualification."""
    actor.require("suppliers.write_source", source.part)
    first, last = (values.get(n, getattr(source, n)) for n in ("valid_from", "valid_to"))
    _check(first, last, values)
    with transaction.atomic():
        PartFigures.objects.lock([source.part_id])
        row = change(source, values, actor, allowed=SOURCE_FIELDS, expected=expected)
        sources_changed.send(sender=Source, part_ids={row.part_id}, actor=actor)
    return row


def _check(first: dt.date | None, last: dt.date | None, values: Mapping[str, Any]) -> None:
    found = []
    if first and last and last < first:
        found.append(FieldProblem("/valid_to", "limits_reversed", "Ends before it begins."))
    share, capacity = values.get("share"), values.get("capacity_wk")
    if share is not None and not 0 <= share <= 1:
        found.append(FieldProblem("/share", "out_of_range", "A share is a fraction, 0 to 1."))
    if capacity is not None and capacity < 0:
        found.append(FieldProblem("/capacity_wk", "negative", "0 or more."))
    refuse_values(found)


@transaction.atomic
def set_scope(*, source: Source, products: Iterable[Product], actor: Actor) -> Source:
    """Set the products that a candidate is meant for; none = all.

    Refused for sources that were approved or are in qualification.
    """
    actor.require("suppliers.write_source", source.part)
    PartFigures.objects.lock([source.part_id])
    row, wanted = _locked(source), {product.pk: product for product in products}
    before = set(row.scope.values_list("pk", flat=True))
    if before == set(wanted):
        return row
    if row.status != Source.Status.CANDIDATE or row.approvals.exists():
        raise RuleRefused.one(
            "scope_is_approved",
            "The products of a source in use or in qualification are part of its approval.",
            "A case can widen them.",
        )
    traces.attribute(actor, "scope")
    row.scope.set(wanted.values())
    codes = sorted(product.code for product in wanted.values())
    audit.save_as(row, actor, "scope")
    audit.record("suppliers.source.scope", row, actor, data={"products": codes})
    return row


def _locked(source: Source) -> Source:
    return Source.objects.select_for_update(of=("self",)).select_related("part").get(pk=source.pk)


def send_sources_changed(sources: QuerySet[Source], actor: Actor, reason: str = "") -> None:
    """Send ``sources_changed`` for the parts of these sources."""
    ids = set(sources.values_list("part_id", flat=True))
    if ids:
        sources_changed.send(sender=Source, part_ids=ids, actor=actor, reason=reason)
