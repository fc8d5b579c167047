"""Order lines and receipts."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import MD5, Cast, Concat, Now

from secondsource.core import formats
from secondsource.core.models import Record, change_history, words_known
from suppliers.models.companies import Supplier
from suppliers.models.sources import Source
from suppliers.querysets import OrderLineQuerySet, ReceiptQuerySet


class OrderLine(Record):
    """A line of a purchase order: source, quantity, promised date and open quantity.

    ``open_given`` is the open quantity of the ERP on ``open_as_of``; later receipts reduce it.
    Without it the open quantity is the ordered less the received one (``with_open()``). A cancelled
    line has no open quantity.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="order_lines", db_index=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="order_lines", db_index=False
    )
    po = models.CharField(max_length=60)
    line = models.CharField(max_length=20)
    ordered_on = models.DateField(null=True, blank=True)
    ordered_qty = models.DecimalField(max_digits=18, decimal_places=4)
    agreed_date = models.DateField(null=True, blank=True)
    open_given = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    open_as_of = models.DateField(null=True, blank=True)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    cancelled_on = models.DateField(null=True, blank=True)
    history = change_history()
    objects = OrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "po", "line"], name="order_line_once"),
            # The target of a receipt's key (order line, source).
            models.UniqueConstraint(fields=["id", "source"], name="order_line_of_source"),
            models.CheckConstraint(
                condition=~models.Q(po="") & ~models.Q(line=""), name="order_line_has_number"
            ),
            models.CheckConstraint(
                condition=models.Q(ordered_qty__gt=0), name="order_line_quantity_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(open_given__isnull=True, open_as_of__isnull=True)
                | models.Q(
                    open_given__gte=0,
                    open_given__lte=models.F("ordered_qty"),
                    open_as_of__isnull=False,
                ),
                name="order_line_open_within_ordered",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_on__isnull=True) | models.Q(open_given=0),
                name="order_line_cancelled_has_nothing_open",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__isnull=True)
                | models.Q(unit_price__gte=0, currency__regex="^[A-Z]{3}$"),
                name="order_line_price_has_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "agreed_date"], name="order_line_of_source_by_day"),
            models.Index(fields=["po"], name="order_line_by_po"),
            models.Index(fields=["agreed_date", "id"], name="order_line_by_day"),
            models.Index(
                models.F("agreed_date").desc(nulls_last=True),
                models.F("id").desc(),
                name="order_line_by_day_falling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.po} line {self.line}"


class ReceiptBatch(models.Model):
    """Receipts recorded together: their import, their number, and whether they count.

    Receipts are never removed. A batch that is taken back is marked, and its receipts do not count
    (``Receipt.objects.standing()``).
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    origin = models.CharField(max_length=200)
    rows = models.PositiveBigIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    taken_back_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.origin


def receipt_digest() -> Any:
    """A hash of 16 bytes that distinguishes receipts of the same source and day.

    It contains the sender's document number; without one also quantity and date code.
    """
    return Cast(
        MD5(
            Concat(
                "po",
                _SEPARATOR,
                "lot",
                _SEPARATOR,
                "reference",
                _SEPARATOR,
                models.Case(
                    models.When(
                        reference="",
                        then=Concat(
                            "date_code",
                            _SEPARATOR,
                            Cast("received_qty", models.TextField()),
                            output_field=models.TextField(),
                        ),
                    ),
                    default=models.Value(""),
                    output_field=models.TextField(),
                ),
                _SEPARATOR,
                Cast("supplier", models.TextField()),
                _SEPARATOR,
                Cast("order_line", models.TextField()),
                output_field=models.TextField(),
            )
        ),
        models.UUIDField(),
    )


_SEPARATOR = models.Value("\x1f")


@words_known
class Receipt(models.Model):
    """A receipt: a fact that is only added.

    A return has a negative quantity. A wrong receipt is corrected by a counter-entry with the
    opposite quantity, which ``corrects`` it, with the reason as its ``note``. Neither of the two
    counts. ``reference`` is the number of the sender (a goods receipt and its item). Source, day
    and ``digest`` are the natural key; ``nth`` distinguishes equal receipts of one day. The k-th
    equal row of a file is on record already when k of them count; else it is written with the next
    ``nth``. So rows that are sent twice are recognised, and equal deliveries are kept. The key's
    index also serves a source's receipts by day, which saves an index on millions of rows.
    """

    class Purpose(models.TextChoices):
        PRODUCTION = "production"
        PILOT = "pilot"

    # The keys ``source`` and ``batch`` are checked by statement instead of by row
    # (``suppliers_receipt_keys``), which is ten times as fast for a million rows.
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="receipts", db_index=False, db_constraint=False
    )
    # With ``source`` a composite key in the database: a line's receipts have its source.
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="receipts",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="receipts", db_index=False
    )
    po = models.CharField(max_length=60, blank=True, default="")
    received_date = models.DateField()
    received_qty = models.DecimalField(max_digits=18, decimal_places=4)
    rejected_qty = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    lot = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(max_length=80, blank=True, default="", db_default="")
    date_code = models.CharField(max_length=20, blank=True, default="")
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PRODUCTION)
    nth = models.PositiveIntegerField(default=1, db_default=1)
    digest = models.GeneratedField(
        expression=receipt_digest(), output_field=models.UUIDField(), db_persist=True
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    batch = models.ForeignKey(
        ReceiptBatch, models.PROTECT, null=True, blank=True, related_name="receipts",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "received_date", "digest", "nth"], name="receipt_once"
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=models.Q(corrects__isnull=False),
                name="receipt_corrected_once",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(note=""),
                name="receipt_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(received_qty=0), name="receipt_quantity_not_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(rejected_qty__gte=0)
                & (
                    models.Q(received_qty__lt=0)
                    | models.Q(rejected_qty__lte=models.F("received_qty"))
                ),
                name="receipt_rejected_within_received",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__isnull=True)
                | models.Q(unit_price__gte=0, currency__regex="^[A-Z]{3}$"),
                name="receipt_price_has_currency",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order_line"],
                condition=models.Q(order_line__isnull=False),
                name="receipt_by_order_line",
            ),
            models.Index(
                fields=["supplier"],
                condition=models.Q(supplier__isnull=False),
                name="receipt_by_supplier",
            ),
            models.Index(fields=["received_date", "id"], name="receipt_by_day"),
            # The rows of a batch are adjacent, so a BRIN index finds them.
            BrinIndex(
                fields=["batch"],
                condition=models.Q(batch__isnull=False),
                name="receipt_by_batch",
                pages_per_range=32,
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{formats.number(self.received_qty)} on {formats.day(self.received_date)}"
