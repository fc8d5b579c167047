"""Quotes of suppliers. A quote is never changed: a new revision takes its place."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from secondsource.core.models import Record, change_history, words_known
from suppliers.models.commerce import Offer
from suppliers.models.manufacturer_parts import ManufacturerPart
from suppliers.models.rfqs import RfqInvitation, RfqLine


@words_known
class Quote(Record):
    """What a supplier answered, as one revision; the last one counts.

    ``rate``: one unit of ``currency`` in the currency of the RFQ on ``rate_date``, when the quote
    arrived; null means that no publisher gave one. ``esg_*`` is evidence that the supplier states.
    """

    class Channel(models.TextChoices):
        FORM = "form", "entered by a buyer"
        SHEET = "sheet", "XLSX sheet"
        LINK = "link", "the supplier's link"
        API = "api", "API"

    class Esg(models.TextChoices):
        RBA_VAP = "rba_vap", "RBA VAP"
        ECOVADIS = "ecovadis", "EcoVadis"
        CDP = "cdp", "CDP"
        ISO_14001 = "iso_14001", "ISO 14001"

    invitation = models.ForeignKey(RfqInvitation, models.CASCADE, related_name="quotes")
    revision = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=5, choices=Channel)
    received_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=12, null=True, blank=True)
    rate_date = models.DateField(null=True, blank=True)
    rate_publisher = models.CharField(max_length=120, blank=True, default="")
    incoterm = models.CharField(max_length=3, choices=Offer.Incoterm, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    valid_to = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=80, blank=True, default="")
    note = models.TextField(blank=True, default="")
    esg_kind = models.CharField(max_length=9, choices=Esg, blank=True, default="")
    esg_result = models.CharField(max_length=40, blank=True, default="")
    esg_valid_to = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "revision"], name="quote_revision_once"),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="quote_currency_code"
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__gt=0, rate_date__isnull=False),
                name="quote_rate_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(esg_kind="", esg_result="", esg_valid_to__isnull=True)
                | ~Q(esg_kind=""),
                name="quote_esg_has_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation} revision {self.revision}"

    def is_expired(self, day: dt.date) -> bool:
        """Whether the quote is over on a day."""
        return self.valid_to is not None and self.valid_to < day


@words_known
class QuoteLine(Record):
    """What a supplier asks for one line; ``declined`` when it does not quote it.

    ``manufacturer`` and ``mpn`` as quoted; ``manufacturer_part`` is the row on record, null for an
    unknown one. ``freight`` is for one unit. ``nre`` and ``tooling`` are paid once, in the
    quote's currency; ``tooling_owner``: whose the tools are afterwards. ``offer``: what it became
    when it was accepted.
    """

    class Owner(models.TextChoices):
        US = "us", "ours"
        SUPPLIER = "supplier", "the supplier's"

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines")
    line = models.ForeignKey(RfqLine, models.PROTECT, related_name="quoted")
    declined = models.BooleanField(default=False)
    manufacturer = models.CharField(max_length=200, blank=True, default="")
    mpn = models.CharField(max_length=200, blank=True, default="")
    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.PROTECT, null=True, blank=True, related_name="quoted"
    )
    break_type = models.CharField(
        max_length=11, choices=Offer.BreakType, default=Offer.BreakType.ALL_UNITS
    )
    moq = models.PositiveIntegerField(default=1)
    multiple = models.PositiveIntegerField(default=1)
    lead_time_days_min = models.PositiveIntegerField(null=True, blank=True)
    lead_time_days_max = models.PositiveIntegerField(null=True, blank=True)
    capacity_wk = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    ncnr = models.BooleanField(null=True, blank=True)
    freight = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    tariff_rate = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    nre = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    tooling = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    tooling_owner = models.CharField(max_length=8, choices=Owner, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    accepted_on = models.DateField(null=True, blank=True, editable=False)
    accepted_why = models.CharField(max_length=300, blank=True, default="", editable=False)
    offer = models.ForeignKey(
        Offer, models.SET_NULL, null=True, blank=True, related_name="quoted", editable=False
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["line__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "line"], name="quote_line_once"),
            models.CheckConstraint(
                condition=Q(moq__gte=1, multiple__gte=1), name="quote_lots_positive"
            ),
            models.CheckConstraint(
                condition=Q(lead_time_days_min__isnull=True)
                | Q(lead_time_days_max__isnull=True)
                | Q(lead_time_days_min__lte=F("lead_time_days_max")),
                name="quote_lead_time_ordered",
            ),
            models.CheckConstraint(
                condition=Q(tariff_rate__isnull=True) | Q(tariff_rate__range=(0, 9)),
                name="quote_tariff_fraction",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"quote_{name}_not_negative",
                )
                for name in ("capacity_wk", "freight", "nre", "tooling")
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | ~Q(accepted_why="") & Q(declined=False),
                name="quote_accepted_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mpn} in {self.quote}"


class QuoteBreak(models.Model):
    """The quoted unit price from a quantity on; written once, with its line."""

    quote_line = models.ForeignKey(QuoteLine, models.CASCADE, related_name="breaks")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        ordering: ClassVar[list[str]] = ["quantity"]
        constraints = [
            models.UniqueConstraint(fields=["quote_line", "quantity"], name="quote_break_once"),
            models.CheckConstraint(
                condition=Q(price__gte=0, quantity__gte=1), name="quote_break_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.price}"
