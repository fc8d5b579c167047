"""Negotiations of a part's price, with their rounds and the award."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from incentives.negotiation_key import negotiation_key
from incentives.querysets import OfPartQuerySet
from parts.models import Part
from qualification.models import Case
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Offer, QuoteLine, Source, Supplier


@words_known
class Negotiation(Record):
    """A negotiation with the suppliers of a part's sources (``NEG-0001``).

    All prices are of one unit in ``currency``, in an order of ``quantity`` units, at ``terms``
    such as “DDP Tallinn”. ``reason`` says why it was awarded or abandoned.
    """

    class State(models.TextChoices):
        OPEN = "open"
        AWARDED = "awarded"
        ABANDONED = "abandoned"

    number = models.PositiveIntegerField(unique=True, editable=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="negotiations")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="negotiations"
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, editable=False)
    currency = models.CharField(max_length=3)
    quantity = models.PositiveIntegerField()
    terms = models.CharField(max_length=120, blank=True, default="")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    history = change_history()
    objects = OfPartQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes = [models.Index(fields=["state", "-number"], name="negotiation_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["part"], condition=Q(state="open"), name="negotiation_one_open_per_part"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="negotiation_currency_code"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="negotiation_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="negotiation_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return negotiation_key(self.number)

    def get_absolute_url(self) -> str:
        return reverse("negotiation_detail", args=[self.number])


class NegotiationRound(Record):
    """What we put on the table, and by when the suppliers answer.

    ``target_price`` is what we want to pay, ``should_cost`` why a unit should cost no more.
    """

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    sent_on = models.DateField()
    answer_by = models.DateField(null=True, blank=True)
    put_on_table = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True, default="")
    target_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    should_cost = models.TextField(blank=True, default="")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["negotiation", "number"], name="round_number_once"),
            models.CheckConstraint(condition=~Q(put_on_table=""), name="round_says_what_is_new"),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=True) | Q(answer_by__gte=models.F("sent_on")),
                name="round_answered_after_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(target_price__isnull=True) | Q(target_price__gte=0),
                name="round_target_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"R{self.number}"


class RoundPrice(models.Model):
    """The price of a supplier for one of the part's sources in a round.

    ``quote_line`` is the quoted line, and ``offer`` in its ``offer_version`` the offer that it was
    taken from, where there is one.
    """

    round = models.ForeignKey(NegotiationRound, models.CASCADE, related_name="prices")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+")
    price = models.DecimalField(max_digits=18, decimal_places=6)
    valid_from = models.DateField(null=True, blank=True)
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    offer_version = models.PositiveIntegerField(null=True, blank=True)
    quote_line = models.ForeignKey(
        QuoteLine, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "source", "supplier"], name="round_price_once"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="round_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.supplier}"


class AwardLine(models.Model):
    """A share of the volume that was awarded, at the last price of its supplier."""

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="award")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    price = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        ordering: ClassVar[list[str]] = ["-share", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["negotiation", "source", "supplier"], name="award_line_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="award_share_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.share}"
