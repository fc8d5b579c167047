"""Price agreements: what was contracted with a supplier."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from secondsource.core.models import Record, change_history, words_known
from suppliers.models.commerce import Offer
from suppliers.models.companies import Supplier
from suppliers.models.manufacturer_parts import ManufacturerPart
from suppliers.models.quotes import QuoteLine


class _Days(Func):
    """The days of an agreement, both ends included."""

    function = "daterange"
    output_field = DateRangeField()


@words_known
class PriceAgreement(Record):
    """Prices that a supplier granted for a period: the basis of "contracted".

    Other prices are another agreement. ``volume_commitment``: units that we take within the
    period; ``allocation``: the share of our demand that goes to the supplier, a fraction. A
    ``rebate_rate`` is paid on the purchases of a year from ``rebate_threshold`` units on.
    ``last_time_buy_months``: the notice before the part is discontinued.
    """

    class RebateOn(models.TextChoices):
        ALL = "all", "all units of the year"
        ABOVE = "above", "the units above the threshold"

    number = models.PositiveIntegerField(unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="price_agreements")
    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.PROTECT, related_name="price_agreements"
    )
    offer = models.ForeignKey(
        Offer, models.SET_NULL, null=True, blank=True, related_name="price_agreements"
    )
    quote_line = models.ForeignKey(
        QuoteLine, models.SET_NULL, null=True, blank=True, related_name="price_agreements"
    )
    document = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField()
    currency = models.CharField(max_length=3)
    break_type = models.CharField(
        max_length=11, choices=Offer.BreakType, default=Offer.BreakType.ALL_UNITS
    )
    volume_commitment = models.PositiveIntegerField(null=True, blank=True)
    allocation = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    rebate_threshold = models.PositiveIntegerField(null=True, blank=True)
    rebate_rate = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    rebate_on = models.CharField(
        max_length=5, choices=RebateOn, default=RebateOn.ALL, db_default="all"
    )
    last_time_buy_months = models.PositiveSmallIntegerField(null=True, blank=True)
    last_time_buy = models.TextField(blank=True, default="")
    ip_clause = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        indexes = [models.Index(fields=["valid_to", "id"], name="agreement_by_last_day")]
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="agreement_names_a_document"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="agreement_period_forward"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="agreement_currency_code"
            ),
            models.CheckConstraint(
                condition=Q(allocation__isnull=True) | Q(allocation__range=(0, 1)),
                name="agreement_allocation_fraction",
            ),
            models.CheckConstraint(
                condition=Q(rebate_rate__isnull=True, rebate_threshold__isnull=True)
                | Q(rebate_rate__gt=0, rebate_rate__lt=1, rebate_threshold__isnull=False),
                name="agreement_rebate_whole",
            ),
            ExclusionConstraint(
                name="agreement_once_at_a_time",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("manufacturer_part", RangeOperators.EQUAL),
                    (
                        _Days("valid_from", "valid_to", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.manufacturer_part} from {self.supplier.name}"

    @property
    def reference(self) -> str:
        """``PA-0007``."""
        return f"PA-{self.number:04d}"

    def get_absolute_url(self) -> str:
        return reverse("agreement_detail", args=[self.public_id])


class AgreedPrice(models.Model):
    """The agreed unit price from a quantity on; written once, with its agreement."""

    agreement = models.ForeignKey(PriceAgreement, models.CASCADE, related_name="breaks")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        ordering: ClassVar[list[str]] = ["quantity"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "quantity"], name="agreed_price_once"),
            models.CheckConstraint(
                condition=Q(price__gte=0, quantity__gte=1), name="agreed_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.price}"
