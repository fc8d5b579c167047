"""Services for order lines and receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from parts.models import PartFigures
from parts.units import fraction_problems
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    Reason,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.money import is_currency
from secondsource.core.records import at_hand, change, create, problems_of, refused_by_database
from suppliers.models import OrderLine, Receipt, ReceiptBatch, Source, Supplier
from suppliers.querysets import GRANTED_SINCE
from suppliers.resolve import AT_ONCE
from suppliers.services.receipt_rules import return_problems, unusual_problems
from suppliers.signals import receipt_recorded, sources_changed

ORDER_LINE_FIELDS = frozenset(
    {
        "ordered_on", "ordered_qty", "agreed_date", "open_given", "open_as_of", "unit_price",
        "currency",
    }
)  # fmt: skip
CANCELLED = "This line was cancelled."


@transaction.atomic
def add_order_line(
    *,
    source: Source,
    po: str,
    line: str,
    ordered_qty: Decimal,
    actor: Actor,
    supplier: Supplier | None = None,
    **fields: Any,
) -> OrderLine:
    """Add a line of a purchase order; ``supplier`` is the manufacturer when none is named.

    Raises ``Duplicate`` when the supplier's order has the line already, ``ValuesRefused``.
    """
    actor.require("suppliers.write_orderline", source.part)
    row = OrderLine(
        source=source,
        supplier=supplier or source.manufacturer_part.manufacturer,
        po=po,
        line=line,
        ordered_qty=ordered_qty,
        **_told(fields),
    )
    refuse_values(order_line_problems(row))
    duplicate = f"Order {po} line {line} of {row.supplier.code} is on record already."
    create(row, actor, duplicate=duplicate)
    audit.record("suppliers.orderline.added", row, actor)
    sources_changed.send(sender=Source, part_ids={source.part_id})
    return row


@transaction.atomic
def change_order_line(
    *, order_line: OrderLine, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> OrderLine:
    """Change plain fields (``ORDER_LINE_FIELDS``) of an order line."""
    actor.require("suppliers.write_orderline", order_line.source.part)
    values = _told(values)
    wanted = OrderLine.objects.select_related("source__part").get(pk=order_line.pk)
    if wanted.cancelled_on is not None:
        raise RuleRefused.one("cancelled", CANCELLED, "Add another line.")
    for name, value in values.items():
        setattr(wanted, name, value)
    refuse_values(order_line_problems(wanted))
    row = change(order_line, values, actor, allowed=ORDER_LINE_FIELDS, expected=expected)
    sources_changed.send(sender=Source, part_ids={row.source.part_id})
    return row


@transaction.atomic
def cancel_order_line(
    *, order_line: OrderLine, reason: str, actor: Actor, expected: int | None = None
) -> OrderLine:
    """Cancel the open quantity of a line with a reason; its receipts stay on record."""
    actor.require("suppliers.write_orderline", order_line.source.part)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why the line is cancelled.")
    row = OrderLine.objects.with_open().get(pk=order_line.pk)
    if row.cancelled_on is not None:
        raise RuleRefused.one("cancelled", CANCELLED)
    if not row.open_qty:
        raise RuleRefused.one("nothing_open", "Nothing of this line is open.")
    today = clock.business_day()
    row = change(
        row, {"open_given": Decimal(0), "open_as_of": today, "cancelled_on": today}, actor,
        allowed=frozenset({"open_given", "open_as_of", "cancelled_on"}),
        expected=expected, reason=reason.strip(),
    )  # fmt: skip
    audit.record("suppliers.orderline.cancelled", row, actor, note=reason.strip())
    sources_changed.send(sender=Source, part_ids={row.source.part_id})
    return row


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The open quantity without a day is as of today; a day without a quantity is dropped."""
    found = dict(values)
    if "open_given" in found:
        told = found["open_given"] is not None
        found["open_as_of"] = (found.get("open_as_of") or clock.business_day()) if told else None
    return found


def order_line_problems(row: OrderLine) -> list[FieldProblem]:
    """Problems of an order line."""
    found = []
    if row.supplier.placeholder:
        detail = "The manufacturer is not named: name the supplier of the order."
        found.append(FieldProblem("/supplier", "manufacturer_not_named", detail))
    if row.ordered_qty is not None and row.ordered_qty <= 0:
        found.append(FieldProblem("/ordered_qty", "not_positive", "Above 0."))
    if row.open_given is not None and not 0 <= row.open_given <= (row.ordered_qty or 0):
        detail = "0 to the ordered quantity."
        found.append(FieldProblem("/open_qty", "above_ordered", detail))
    if row.open_as_of and row.open_as_of > clock.business_day() + dt.timedelta(days=1):
        found.append(FieldProblem("/open_as_of", "in_future", "This date has not come yet."))
    if row.unit_price is not None and not row.currency:
        found.append(FieldProblem("/unit_price", "no_currency", "A price needs a currency."))
    elif row.currency and not is_currency(row.currency):
        found.append(_no_currency(row.currency))
    if row.unit_price is not None and row.unit_price < 0:
        found.append(FieldProblem("/unit_price", "negative", "A price is 0 or more."))
    quantities = {"/ordered_qty": row.ordered_qty, "/open_qty": row.open_given}
    return found + fraction_problems(row.source.part.unit, quantities)


def _no_currency(code: str) -> FieldProblem:
    detail = f"{code} is not an ISO 4217 currency."
    return FieldProblem("/currency", "unknown_currency", detail)


def record_receipt(
    *, source: Source, actor: Actor, confirmed: bool = False, **fields: Any
) -> Receipt:
    """Record a receipt (fields of :class:`Receipt`); see :func:`record_receipts`."""
    row = Receipt(source=source, **fields)
    return record_receipts(receipts=[row], actor=actor, confirmed=confirmed)[0]


@transaction.atomic
def record_receipts(
    *, receipts: Iterable[Receipt], actor: Actor, confirmed: bool = False
) -> list[Receipt]:
    """Record receipts, all or none.

    They are never changed; a return has a negative quantity. A quantity far above the usual one is
    refused unless it is ``confirmed``. Raises ``Duplicate`` when a receipt is on record already;
    equal deliveries of one day have different lots, orders or references. Raises ``ValuesRefused``
    with pointers to rows and fields.
    """
    actor.require("suppliers.write_receipt")
    rows = list(receipts)
    problems = [problem for index, row in enumerate(rows) for problem in _problems(row, index)]
    refuse_values(problems)
    part_ids = {row.source.part_id for row in rows}
    if len(part_ids) <= AT_ONCE:
        PartFigures.objects.lock(part_ids)
    refuse_values(return_problems(rows) + ([] if confirmed else unusual_problems(rows)))
    for row in rows:
        row.actor_id, row.created_at = actor.user_id, clock.now()
        _take_from_order(row)
    _number(rows)
    try:
        with transaction.atomic():
            Receipt.objects.bulk_create(rows, batch_size=5000)
    except IntegrityError as error:
        raise refused_by_database(error, TWICE) from None
    _log(rows, actor)
    receipt_recorded.send(sender=Receipt, source_ids={row.source_id for row in rows}, actor=actor)
    sources_changed.send(sender=Source, part_ids=part_ids, actor=actor)
    return rows


TWICE = (
    "This receipt is on record already. Give a lot or a reference when the same quantity"
    " came twice on one day."
)


def _take_from_order(row: Receipt) -> None:
    """Take supplier and order from the order line."""
    if row.order_line is not None:
        row.supplier_id = row.supplier_id or row.order_line.supplier_id
        row.po = row.po or row.order_line.po


def _number(rows: list[Receipt]) -> None:
    """Number equal receipts of one call, after equal ones that were taken back.

    Raises ``Duplicate`` when an equal one counts. The database has a constraint too.
    """
    near = (
        Receipt.objects.filter(
            source__in={row.source_id for row in rows},
            received_date__in={row.received_date for row in rows},
        )
        .with_correction()
        .select_related("batch")
    )
    last: dict[tuple[Any, ...], int] = {}
    standing = set()
    for old in near.iterator():
        key = _key(old)
        last[key] = max(last.get(key, 0), old.nth)
        counts = old.corrects_id is None and not old.is_corrected
        if counts and (old.batch is None or old.batch.taken_back_at is None):
            standing.add(key)
    for row in rows:
        key = _key(row)
        if key in standing:
            raise Duplicate(TWICE)
        row.nth = last[key] = last.get(key, 0) + 1


def _key(row: Receipt) -> tuple[Any, ...]:
    """Source, day and the values of ``digest``."""
    plain = () if row.reference else (row.date_code, row.received_qty)
    return (row.source_id, row.received_date, row.po, row.lot, row.reference, row.supplier_id,
            row.order_line_id, *plain)  # fmt: skip


def _problems(row: Receipt, index: int) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    try:
        row.clean_fields(exclude={"source", "digest", *at_hand(row)})
    except ValidationError as error:
        found += problems_of(error)
    if row.received_date and row.received_date > clock.business_day() + dt.timedelta(days=1):
        found.append(FieldProblem("/received_date", "in_future", "This date has not come yet."))
    if row.received_qty == 0:
        found.append(FieldProblem("/received_qty", "zero", "The quantity cannot be 0."))
    numbers = row.rejected_qty is not None and row.received_qty is not None
    if numbers and (row.rejected_qty < 0 or 0 < row.received_qty < row.rejected_qty):
        found.append(FieldProblem("/rejected_qty", "above_received", "0 to the received quantity."))
    if row.unit_price is not None and not row.currency:
        found.append(FieldProblem("/currency", "required", "A price needs a currency."))
    elif row.currency and not is_currency(row.currency):
        found.append(_no_currency(row.currency))
    if row.order_line is not None and row.order_line.source_id != row.source_id:
        found.append(
            FieldProblem("/order_line", "other_source", "This order line has another source.")
        )
    quantities = {"/received_qty": row.received_qty, "/rejected_qty": row.rejected_qty}
    found += fraction_problems(row.source.part.unit, quantities)
    return [FieldProblem(f"/{index}{p.pointer}", p.code, p.detail) for p in found]


def _log(rows: list[Receipt], actor: Actor) -> None:
    by_source: dict[int, list[Receipt]] = {}
    for row in rows:
        by_source.setdefault(row.source_id, []).append(row)
    entries = [
        (g[0].source, {"rows": len(g), "quantity": str(sum(r.received_qty for r in g))})
        for g in by_source.values()
    ]
    audit.record_all("suppliers.receipts.recorded", entries, actor)


@transaction.atomic
def take_back_batch(*, batch: ReceiptBatch, actor: Actor, reason: str) -> None:
    """Take back the receipts of a batch; the rows stay but do not count.

    Refused if they used up units of a pilot or an interim approval, because quality decides what is
    left of these.
    """
    actor.require("suppliers.write_receipt")
    row = ReceiptBatch.objects.select_for_update().get(pk=batch.pk)
    if row.taken_back_at is not None:
        raise RuleRefused.one("taken_back", "These receipts were taken back already.")
    if reasons := reasons_against_taking_back(row):
        raise RuleRefused(reasons)
    row.taken_back_at = clock.now()
    row.save(update_fields=["taken_back_at"])
    audit.record("suppliers.receipts.taken_back", row, actor, note=reason, data={"rows": row.rows})
    touched = list(_sources_of(row).values_list("pk", "part_id"))
    parts = {part for _, part in touched}
    if parts:
        sources = {source for source, _ in touched}
        receipt_recorded.send(sender=Receipt, source_ids=sources, actor=actor)
        sources_changed.send(sender=Source, part_ids=parts)


def reasons_against_taking_back(batch: ReceiptBatch) -> list[Reason]:
    """Reasons: sources whose pilot or interim units the receipts of the batch used up."""
    used = Receipt.objects.filter(batch=batch, source=OuterRef("pk")).arrived_since(GRANTED_SINCE)
    counted = Source.objects.filter(Exists(used), quantity_cap__gt=0).with_manufacturers()
    return [
        Reason(
            "units_used_up",
            f"Receipts of {source.manufacturer_part.mpn} used up units of its pilot or interim.",
            "Quality must first say what is left.",
        )
        for source in counted.order_by("pk")[:20]
    ]


def _sources_of(batch: ReceiptBatch) -> Any:
    return Source.objects.filter(
        pk__in=Receipt.objects.filter(batch=batch, received_qty__gt=0).values("source")
    )
