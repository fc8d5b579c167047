"""Services for counter-entries of wrong receipts."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max, Value

from parts.models import PartFigures
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused, ValuesRefused
from secondsource.core.formats import number
from secondsource.core.records import refused_by_database
from suppliers.models import Receipt, Source
from suppliers.services.receipt_rules import left_after
from suppliers.signals import receipt_recorded, sources_changed

_COPIED = (
    "source_id", "order_line_id", "supplier_id", "po", "received_date", "lot", "reference",
    "date_code", "unit_price", "currency", "purpose",
)  # fmt: skip
_LONGEST_REASON = 300
_AGAIN = "This receipt was corrected already."


@transaction.atomic
def correct_receipt(*, receipt: Receipt, reason: str, actor: Actor) -> Receipt:
    """Record the counter-entry of a wrong receipt.

    Neither of the two counts. Raises ``RuleRefused`` with all reasons, ``ValuesRefused`` without a
    reason.
    """
    actor.require("suppliers.write_receipt")
    reason = reason.strip()
    if not reason or len(reason) > _LONGEST_REASON:
        detail = f"Say what was wrong, in at most {_LONGEST_REASON} characters."
        raise ValuesRefused.one("/reason", "required", detail)
    part_id = receipt.source.part_id
    PartFigures.objects.lock([part_id])
    if reasons := reasons_against_correcting(receipt):
        raise RuleRefused(reasons)
    entry = Receipt(
        **{name: getattr(receipt, name) for name in _COPIED},
        received_qty=-receipt.received_qty, corrects=receipt, note=reason,
        nth=_next_number(receipt), actor_id=actor.user_id, created_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            Receipt.objects.bulk_create([entry])
    except IntegrityError as error:
        raise refused_by_database(error, _AGAIN) from None
    data = {"quantity": str(receipt.received_qty), "day": receipt.received_date.isoformat()}
    audit.record("suppliers.receipts.corrected", receipt.source, actor, note=reason, data=data)
    receipt_recorded.send(sender=Receipt, source_ids={receipt.source_id}, actor=actor)
    sources_changed.send(sender=Source, part_ids={part_id}, actor=actor)
    return entry


def reasons_against_correcting(receipt: Receipt) -> list[Reason]:
    """Reasons against a counter-entry of this receipt."""
    if receipt.corrects_id is not None:
        detail = "This is a counter-entry itself."
        return [Reason("is_correction", detail, "Record the right receipt instead.")]
    if Receipt.objects.filter(corrects=receipt).exists():
        return [Reason("corrected", _AGAIN)]
    if not Receipt.objects.standing().filter(pk=receipt.pk).exists():
        return [Reason("taken_back", "The import that brought this receipt was taken back.")]
    found = []
    missing = -left_after(receipt)
    if missing > 0:
        of = f"lot {receipt.lot}" if receipt.lot else "this source"
        said = f"{number(missing)} {receipt.source.part.unit} of {of} were returned since."
        found.append(Reason("returned", said, "Correct the return first."))
    counted = Source.objects.filter(pk=receipt.source_id, quantity_cap__gt=0).first()
    if counted is not None and _used_units(receipt, counted):
        said = "This receipt used up units of the pilot or the interim approval."
        found.append(Reason("units_used_up", said, "Quality must first say what is left."))
    return found


def _used_units(receipt: Receipt, source: Source) -> bool:
    since = Value(source.quantity_since)
    return Receipt.objects.filter(pk=receipt.pk).arrived_since(since).exists()


def _next_number(receipt: Receipt) -> int:
    """The next ``nth`` of the natural key; None for receipts without one."""
    equal = Receipt.objects.filter(
        source=receipt.source_id, received_date=receipt.received_date, po=receipt.po,
        lot=receipt.lot, reference=receipt.reference, supplier=receipt.supplier_id,
        order_line=receipt.order_line_id,
    )  # fmt: skip
    return int(equal.aggregate(last=Max("nth"))["last"]) + 1
