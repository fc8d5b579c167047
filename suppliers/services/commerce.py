"""Offers and receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.changing import create, problems_of, refused_by_database
from secondsource.core.errors import FieldProblem, ValuesRefused
from suppliers.models import ManufacturerPart, Offer, PriceBreak, Receipt, Source, Supplier
from suppliers.signals import receipt_recorded, sources_changed


@transaction.atomic
def add_offer(
    *,
    manufacturer_part: ManufacturerPart,
    supplier: Supplier,
    currency: str,
    price_breaks: Sequence[tuple[int, Decimal]],
    actor: Actor,
    valid_from: dt.date | None = None,
    **fields: Any,
) -> Offer:
    """Add a supplier's offer; ``price_breaks`` are (from quantity, unit price), at least one."""
    actor.require("suppliers.write_offer")
    _check_breaks(price_breaks)
    offer = create(
        Offer(
            manufacturer_part=manufacturer_part,
            supplier=supplier,
            currency=currency,
            valid_from=valid_from or clock.today(),
            **fields,
        ),
        actor,
        duplicate="This offer is on record already.",
    )
    PriceBreak.objects.bulk_create(
        [PriceBreak(offer=offer, quantity=q, price=p) for q, p in price_breaks]
    )
    audit.record("suppliers.offer.added", offer, actor)
    _tell(Source.objects.filter(manufacturer_part=manufacturer_part))
    return offer


def _check_breaks(breaks: Sequence[tuple[int, Decimal]]) -> None:
    problems = []
    if not breaks:
        problems.append(FieldProblem("/price_breaks", "required", "Give at least one price."))
    for index, (quantity, price) in enumerate(breaks):
        if quantity < 1:
            problems.append(
                FieldProblem(f"/price_breaks/{index}/quantity", "not_positive", "At least 1.")
            )
        if price < 0:
            problems.append(
                FieldProblem(f"/price_breaks/{index}/price", "negative", "A price is 0 or more.")
            )
    if len({quantity for quantity, _ in breaks}) != len(breaks):
        problems.append(FieldProblem("/price_breaks", "duplicate", "Each quantity may stand once."))
    if problems:
        raise ValuesRefused(problems)


def record_receipt(*, source: Source, actor: Actor, **fields: Any) -> Receipt:
    """Record one arrival (fields of :class:`Receipt`); see :func:`record_receipts`."""
    return record_receipts(receipts=[Receipt(source=source, **fields)], actor=actor)[0]


@transaction.atomic
def record_receipts(*, receipts: Iterable[Receipt], actor: Actor) -> list[Receipt]:
    """Record arrivals, all or none. Facts: they are never changed; a return is a negative one.

    What arrives of a source with units left (pilot, interim) uses them up; a return does not
    give them back.
    Raises ``ValuesRefused`` with a pointer per row and field.
    """
    actor.require("suppliers.write_receipt")
    rows = list(receipts)
    problems = [problem for index, row in enumerate(rows) for problem in _problems(row, index)]
    if problems:
        raise ValuesRefused(problems)
    for row in rows:
        row.actor_id = actor.user_id
    try:
        with transaction.atomic():
            Receipt.objects.bulk_create(rows, batch_size=5000)
    except IntegrityError as error:
        raise refused_by_database(error, "This receipt is on record already.") from None
    _use_up(rows)
    _log(rows, actor)
    part_ids = {row.source.part_id for row in rows}
    receipt_recorded.send(sender=Receipt, source_ids={row.source_id for row in rows}, actor=actor)
    sources_changed.send(sender=Source, part_ids=part_ids)
    return rows


def _problems(row: Receipt, index: int) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    try:
        row.clean_fields(exclude=["source"])
    except ValidationError as error:
        found += problems_of(error)
    if row.received_date and row.received_date > clock.today() + dt.timedelta(days=1):
        found.append(FieldProblem("/received_date", "in_future", "This date has not come yet."))
    if row.received_qty == 0:
        found.append(FieldProblem("/received_qty", "zero", "A receipt of nothing is none."))
    numbers = row.rejected_qty is not None and row.received_qty is not None
    if numbers and (row.rejected_qty < 0 or 0 < row.received_qty < row.rejected_qty):
        found.append(FieldProblem("/rejected_qty", "above_received", "Rejected is 0 to received."))
    if row.unit_price is not None and not row.currency:
        found.append(FieldProblem("/currency", "required", "A price needs a currency."))
    return [FieldProblem(f"/{index}{p.pointer}", p.code, p.detail) for p in found]


def _use_up(rows: list[Receipt]) -> None:
    """A return gives no units back: else whoever records one could raise what quality allowed."""
    for row in rows:
        if row.received_qty < 0:
            continue
        Source.objects.filter(pk=row.source_id, quantity_cap__isnull=False).update(
            quantity_cap=models.functions.Greatest(
                models.F("quantity_cap") - row.received_qty, models.Value(Decimal(0))
            )
        )


def _log(rows: list[Receipt], actor: Actor) -> None:
    by_source: dict[int, list[Receipt]] = {}
    for row in rows:
        by_source.setdefault(row.source_id, []).append(row)
    for group in by_source.values():
        audit.record(
            "suppliers.receipts.recorded",
            group[0].source,
            actor,
            data={"rows": len(group), "quantity": str(sum(r.received_qty for r in group))},
        )


def _tell(sources: Any) -> None:
    ids = set(sources.values_list("part_id", flat=True))
    if ids:
        sources_changed.send(sender=Source, part_ids=ids)
