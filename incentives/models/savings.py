"""Lines of the savings ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from incentives.models.reversals import Reversal
from incentives.querysets import SavingLineQuerySet
from qualification.models import Case
from secondsource.core.models import Record, change_history, words_known
from secondsource.core.money import round_half_up
from suppliers.models import Source
from suppliers.price_facts import relative


@words_known
class SavingLine(Record):
    """A saving of a case in a month, in the company's currency.

    ``month`` is the month in which the line counts, ``earned_in`` the month of its receipts; both
    are first days, and they differ where a closed month is corrected or reversed. Prices are at the
    budget rate, and ``fx_effect`` is apart (None if a rate is missing). ``baseline_price`` follows
    the index of the baseline, and what that moved is apart, too: ``market_effect`` (None without an
    index). ``returned`` units are subtracted from ``quantity`` already. Computed lines have the
    origins *receipts*, *correction*, *agreement* and *forecast*. A reversal has the stage
    *reversed* and the opposite amount, and counts at once. Only ``HARD`` kinds that are validated,
    with their reversals, feed a bonus.
    """

    class Kind(models.TextChoices):
        NEGOTIATED = "negotiated"
        VOLUME_SHIFT = "volume_shift", "volume shift"
        AVOIDANCE = "avoidance"
        SHORTAGE_AVOIDANCE = "shortage_avoidance", "shortage avoidance"

    class Stage(models.TextChoices):
        IDEA = "idea"
        COMMITTED = "committed"
        CONTRACTED = "contracted"
        REALISED = "realised"
        VALIDATED = "validated"
        REVERSED = "reversed"

    class Origin(models.TextChoices):
        RECEIPTS = "receipts", "from receipts"
        CORRECTION = "correction"
        REVERSAL = "reversal"
        REBATE = "rebate", "rebate lost"
        ENTERED = "entered"
        AGREEMENT = "agreement", "price agreement"
        FORECAST = "forecast", "business case"

    HARD: ClassVar[tuple[Kind, ...]] = (Kind.NEGOTIATED, Kind.VOLUME_SHIFT)

    case = models.ForeignKey(Case, models.PROTECT, related_name="savings")
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="savings"
    )
    month = models.DateField()
    earned_in = models.DateField()
    kind = models.CharField(max_length=18, choices=Kind)
    stage = models.CharField(max_length=10, choices=Stage)
    origin = models.CharField(max_length=10, choices=Origin)
    baseline_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    paid_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    returned = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    currency = models.CharField(max_length=3)
    fx_effect = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    reason = models.CharField(max_length=300)
    evidence = models.CharField(max_length=500, blank=True, default="", db_default="")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    reversal = models.ForeignKey(
        Reversal, models.PROTECT, null=True, blank=True, related_name="lines"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_at = models.DateTimeField(null=True, blank=True)
    validation_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    market_effect = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    history = change_history()
    objects = SavingLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["month", "id"]
        indexes = [
            models.Index(fields=["case", "month"], name="saving_of_case_by_month"),
            models.Index(fields=["month", "id"], name="saving_by_month"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "source", "kind", "earned_in", "month"],
                condition=Q(origin__in=["receipts", "correction"]),
                name="saving_computed_once",
            ),
            models.UniqueConstraint(
                fields=["case", "source", "kind", "stage", "month"],
                condition=Q(origin__in=["agreement", "forecast"]),
                nulls_distinct=False,
                name="saving_foreseen_once",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(origin="reversal"), name="saving_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, earned_in__day=1) & Q(earned_in__lte=F("month")),
                name="saving_months_are_first_days",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="saving_currency_code"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="saving_has_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["negotiated", "volume_shift"]) | ~Q(evidence=""),
                name="saving_avoidance_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(stage="validated", validated_at__isnull=False)
                | ~Q(stage="validated") & Q(validated_at=None, validated_by=None),
                name="saving_validated_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(origin="reversal", stage="reversed", corrects__isnull=False)
                & Q(reversal__isnull=False)
                | ~Q(origin="reversal") & ~Q(stage="reversed") & Q(reversal=None),
                name="saving_reversal_corrects",
            ),
            models.CheckConstraint(
                condition=~Q(origin="rebate") | Q(kind="negotiated", amount__lt=0),
                name="saving_rebate_lost_subtracts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.month:%Y-%m} {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("case_savings", args=[self.case.number])

    @property
    def relative(self) -> Decimal | None:
        """The price paid against the baseline, as a fraction: -0.12.

        In whole per cent: with the units of each line and the base of a pool, which people with a
        share see, more digits would give the baseline away.
        """
        found = relative(self.paid_price, self.baseline_price)
        return None if found is None else round_half_up(found, 2)

    @property
    def is_entered(self) -> bool:
        """Whether a person entered the line, and nobody validated it yet."""
        entered = self.origin in (self.Origin.ENTERED, self.Origin.REBATE)
        return entered and self.stage == self.Stage.REALISED
