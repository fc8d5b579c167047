"""The business case of a case: its inputs, planned and actual cost, and the versions signed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from qualification.models.cases import Case
from qualification.querysets import CostEntryQuerySet
from secondsource.core.models import Record, change_history, words_known

CURRENCY = r"^[A-Z]{3}$"


class CostKind(models.TextChoices):
    """What a one-time cost is for. Hours are priced by the rate of the house rules."""

    HOURS = "hours", "working hours"
    LAB = "lab", "laboratory"
    SAMPLES = "samples", "samples"
    TOOLING = "tooling", "tooling"
    PILOT_SCRAP = "pilot_scrap", "pilot scrap"
    DUAL_INVENTORY = "dual_inventory", "double inventory"
    REQUALIFICATION = "requalification", "requalification"
    OTHER = "other", "other"


class BusinessCase(Record):
    """What people enter in place of the proposal; null means that the proposal holds.

    ``saving_per_year`` is in ``currency``, ``share`` is the part of the demand that the candidate
    takes. ``exposure_note`` stands for an exposure that cannot be computed, ``no_cost_reason`` for
    a case without planned cost.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="business_case")
    saving_per_year = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    share = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, verbose_name="planned share"
    )
    discount_rate = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    horizon_months = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    exposure_note = models.CharField(max_length=500, blank=True, default="")
    no_cost_reason = models.CharField(max_length=500, blank=True, default="")
    note = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(saving_per_year=None) | Q(currency__regex=CURRENCY),
                name="business_case_saving_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1),
                name="business_case_share_fraction",
            ),
            models.CheckConstraint(
                condition=Q(discount_rate=None) | Q(discount_rate__gte=0, discount_rate__lte=1),
                name="business_case_rate_fraction",
            ),
            models.CheckConstraint(
                condition=Q(horizon_months=None)
                | Q(horizon_months__gte=1, horizon_months__lte=120),
                name="business_case_horizon_months",
            ),
        ]

    def __str__(self) -> str:
        return f"business case of {self.case_id}"


class Cost(Record):
    """An amount; of working hours the hours times the rate at which they were entered."""

    kind = models.CharField(max_length=15, choices=CostKind)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    hours = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


def _cost_constraints(prefix: str) -> list[Any]:
    return [
        models.CheckConstraint(
            condition=Q(kind="hours", hours__isnull=False, rate__isnull=False)
            | (~Q(kind="hours") & Q(hours=None, rate=None)),
            name=f"{prefix}_hours_or_amount",
        ),
        models.CheckConstraint(
            condition=Q(currency__regex=CURRENCY), name=f"{prefix}_has_currency"
        ),
    ]


@words_known
class PlannedCost(Cost):
    """A one-time cost that the business case plans."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="planned_costs")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            *_cost_constraints("planned_cost"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="planned_cost_positive"),
        ]


@words_known
class CostEntry(Cost):
    """An actual cost of a day, never changed: a wrong one gets a counter-entry (``corrects``)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="cost_entries")
    day = models.DateField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    objects = CostEntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-id"]
        constraints = [
            *_cost_constraints("cost_entry"),
            models.CheckConstraint(
                condition=Q(corrects=None, amount__gt=0) | Q(corrects__isnull=False, amount__lt=0),
                name="cost_entry_sign",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(corrects=F("id")), name="cost_entry_not_own"
            ),
        ]


class BusinessCaseVersion(models.Model):
    """The figures on which the gate was signed, stored with its first signature.

    ``exact`` and ``rounded`` are ``economics.figures.CaseFigures`` as JSON; ``rounded`` is for
    readers without prices or margins.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="business_case_versions")
    number = models.PositiveSmallIntegerField()
    exact = models.JSONField()
    rounded = models.JSONField()
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="business_case_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.case_id}"
