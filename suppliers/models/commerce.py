"""What a source costs and what came in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from secondsource.core.models import Record, change_history
from suppliers.models.companies import Supplier
from suppliers.models.manufacturer_parts import ManufacturerPart
from suppliers.models.sources import Source


class Offer(Record):
    """A supplier's prices for a maker's part; never counted after ``valid_to``."""

    class Channel(models.TextChoices):
        DIRECT = "direct"
        FRANCHISED = "franchised"
        BROKER = "broker"

    manufacturer_part = models.ForeignKey(ManufacturerPart, models.CASCADE, related_name="offers")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="offers")
    sku = models.CharField(max_length=120, blank=True, default="")
    currency = models.CharField(max_length=3)
    moq = models.PositiveIntegerField(default=1)
    multiple = models.PositiveIntegerField(default=1)
    lead_time_days_min = models.PositiveIntegerField(null=True, blank=True)
    lead_time_days_max = models.PositiveIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.DIRECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__regex="^[A-Z]{3}$"), name="offer_currency_code"
            ),
            models.CheckConstraint(
                condition=models.Q(moq__gte=1, multiple__gte=1), name="offer_lots_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(lead_time_days_min__isnull=True)
                | models.Q(lead_time_days_max__isnull=True)
                | models.Q(lead_time_days_min__lte=models.F("lead_time_days_max")),
                name="offer_lead_time_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_part} from {self.supplier}"


class PriceBreak(models.Model):
    """The unit price from a quantity on."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="price_breaks")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        ordering: ClassVar[list[str]] = ["quantity"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "quantity"], name="break_once"),
            models.CheckConstraint(
                condition=models.Q(price__gte=0, quantity__gte=1), name="break_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.price}"


class Receipt(models.Model):
    """What arrived; a fact that is only ever added. A return has a negative quantity."""

    class Purpose(models.TextChoices):
        PRODUCTION = "production"
        PILOT = "pilot"

    source = models.ForeignKey(Source, models.PROTECT, related_name="receipts")
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    po = models.CharField(max_length=60, blank=True, default="")
    received_date = models.DateField()
    received_qty = models.DecimalField(max_digits=18, decimal_places=4)
    rejected_qty = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    lot = models.CharField(max_length=60, blank=True, default="")
    date_code = models.CharField(max_length=20, blank=True, default="")
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PRODUCTION)
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
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
        indexes = [models.Index(fields=["source", "-received_date"])]

    def __str__(self) -> str:
        return f"{self.received_qty} on {self.received_date}"
