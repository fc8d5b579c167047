"""The price against which the savings of a case are counted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from incentives.models.indices import PriceIndex
from qualification.models import Case
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Source


@words_known
class Baseline(Record):
    """The last price paid for the part when a case opened, with its evidence.

    ``source`` is the one that was paid; ``volume`` are the units received in the 12 months to
    ``price_on``, None where they are not known. ``linked_share`` of the price follows ``index``,
    which was at ``index_base`` on ``index_base_on``. None of these ever changes: a wrong baseline
    is superseded by another one, as long as no month of the case is closed. ``window_start`` is the
    first production receipt at a new price; the ledger sets it.
    """

    class Basis(models.TextChoices):
        RECEIPT = "receipt", "last receipt"
        ENTERED = "entered", "entered with evidence"

    case = models.ForeignKey(Case, models.PROTECT, related_name="baselines")
    source = models.ForeignKey(Source, models.PROTECT, related_name="baselines")
    basis = models.CharField(max_length=7, choices=Basis)
    price = models.DecimalField(max_digits=18, decimal_places=6)
    currency = models.CharField(max_length=3)
    price_on = models.DateField()
    volume = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    evidence = models.CharField(max_length=500)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    window_start = models.DateField(null=True, blank=True)
    window_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(6), MaxValueValidator(24)]
    )
    index = models.ForeignKey(
        PriceIndex, models.PROTECT, null=True, blank=True, related_name="baselines"
    )
    linked_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    index_base = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    index_base_on = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at=None), name="baseline_one_of_a_case"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="baseline_price_positive"),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="baseline_currency_code"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="baseline_has_evidence"),
            models.CheckConstraint(
                condition=Q(volume=None) | Q(volume__gte=0), name="baseline_volume_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(index=None, linked_share=None, index_base=None, index_base_on=None)
                | Q(
                    index__isnull=False,
                    linked_share__gt=0,
                    linked_share__lte=1,
                    index_base__gt=0,
                    index_base_on__isnull=False,
                ),
                name="baseline_index_whole",
            ),
            models.CheckConstraint(
                condition=Q(window_months__gte=6, window_months__lte=24),
                name="baseline_window_of_6_to_24_months",
            ),
        ]

    def __str__(self) -> str:
        return f"baseline of {self.case}"
