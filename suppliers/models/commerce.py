"""Offers and their price breaks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from secondsource.core.models import Record, change_history, words_known
from suppliers.models.companies import Supplier
from suppliers.models.manufacturer_parts import ManufacturerPart


@words_known
class Offer(Record):
    """A supplier's prices for a manufacturer part, valid until ``valid_to``.

    ``break_type``: a price applies to all units of an order or to those above its quantity.
    ``capacity_wk`` and ``stock`` are the supplier's, in units; ``ncnr``: not cancellable, not
    returnable; ``tariff_rate`` is a fraction. Null means not known.
    """

    class BreakType(models.TextChoices):
        ALL_UNITS = "all_units", "all units"
        INCREMENTAL = "incremental"

    class Incoterm(models.TextChoices):
        """Incoterms 2020 (ICC)."""

        EXW = "EXW", "EXW"
        FCA = "FCA", "FCA"
        CPT = "CPT", "CPT"
        CIP = "CIP", "CIP"
        DAP = "DAP", "DAP"
        DPU = "DPU", "DPU"
        DDP = "DDP", "DDP"
        FAS = "FAS", "FAS"
        FOB = "FOB", "FOB"
        CFR = "CFR", "CFR"
        CIF = "CIF", "CIF"

    class Channel(models.TextChoices):
        DIRECT = "direct"
        FRANCHISED = "franchised"
        BROKER = "broker"

    manufacturer_part = models.ForeignKey(ManufacturerPart, models.CASCADE, related_name="offers")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="offers", db_index=False)
    sku = models.CharField(max_length=120, blank=True, default="")
    currency = models.CharField(max_length=3)
    moq = models.PositiveIntegerField(default=1)
    multiple = models.PositiveIntegerField(default=1)
    lead_time_days_min = models.PositiveIntegerField(null=True, blank=True)
    lead_time_days_max = models.PositiveIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.DIRECT)
    break_type = models.CharField(
        max_length=11,
        choices=BreakType,
        default=BreakType.ALL_UNITS,
        db_default="all_units",
    )
    capacity_wk = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    ncnr = models.BooleanField(null=True, blank=True)
    incoterm = models.CharField(
        max_length=3, choices=Incoterm, blank=True, default="", db_default=""
    )
    tariff_rate = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    stock = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        indexes = [
            models.Index(fields=["valid_from", "id"], name="offer_by_day"),
            models.Index(fields=["supplier", "id"], name="offer_by_supplier"),
            models.Index(fields=["valid_to", "id"], name="offer_by_last_day"),
            models.Index(
                models.F("valid_to").desc(nulls_last=True),
                models.F("id").desc(),
                name="offer_by_last_day_falling",
            ),
        ]
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
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="offer_period_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity_wk__isnull=True) | models.Q(capacity_wk__gte=0),
                name="offer_capacity_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(stock__isnull=True) | models.Q(stock__gte=0),
                name="offer_stock_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(tariff_rate__isnull=True) | models.Q(tariff_rate__range=(0, 9)),
                name="offer_tariff_fraction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_part} from {self.supplier}"


class CurrentBreaks(models.Manager["PriceBreak"]):
    """Price breaks of the present versions of their offers."""

    def get_queryset(self) -> models.QuerySet[PriceBreak]:
        """Rows that are not superseded."""
        return super().get_queryset().filter(until_version=None)


class PriceBreak(models.Model):
    """The unit price from a quantity on in some versions of an offer.

    A row belongs to the versions ``from_version`` ≤ v < ``until_version`` of its offer; null means
    the present one. Another price is another row: the database only allows to set ``until_version``
    once and refuses every other change and removal. Rows outlive their offer, as its field history
    does, so the key has no constraint.
    """

    untraced = "rows are superseded and never changed, so they are their own history"

    offer = models.ForeignKey(
        Offer, models.DO_NOTHING, related_name="price_breaks", db_constraint=False
    )
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=6)
    from_version = models.PositiveIntegerField(default=1, db_default=1)
    until_version = models.PositiveIntegerField(null=True, blank=True)

    objects = CurrentBreaks()
    every_version = models.Manager["PriceBreak"]()

    class Meta:
        ordering: ClassVar[list[str]] = ["quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "quantity"],
                condition=models.Q(until_version=None),
                name="break_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until_version=None)
                | models.Q(until_version__gt=models.F("from_version")),
                name="break_versions_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0, quantity__gte=1), name="break_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.price}"
