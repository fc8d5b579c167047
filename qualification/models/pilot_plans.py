"""Plans of pilot builds: what is to be shown, decided before the data are seen."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from parts.models import Product
from qualification.models.cases import Case
from secondsource.core import clock
from secondsource.core.models import Record, change_history
from suppliers.models import Site


class PilotPlan(Record):
    """A version of a case's pilot plan: a draft, or locked by another person of quality.

    A locked plan never changes, which triggers enforce; another margin, floor or scope is the next
    version, with its ``reason``. ``margin`` is in absolute yield points, ``confidence`` one-sided;
    below ``heterogeneity_p`` the models are not pooled. ``lots`` is the least number of lots of the
    alternate; those that :class:`PilotLot` names are built from.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pilot_plans")
    number = models.PositiveSmallIntegerField()
    margin = models.DecimalField(max_digits=5, decimal_places=4)
    confidence = models.DecimalField(max_digits=5, decimal_places=4)
    heterogeneity_p = models.DecimalField(max_digits=5, decimal_places=4)
    lots = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True, default="")
    note = models.TextField(blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="pilot_plan_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(locked_at__isnull=True), name="pilot_plan_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(margin__gt=0, margin__lt=1), name="pilot_plan_margin_fraction"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.5, confidence__lt=1),
                name="pilot_plan_confidence_fraction",
            ),
            models.CheckConstraint(
                condition=Q(heterogeneity_p__gte=0, heterogeneity_p__lte=1),
                name="pilot_plan_heterogeneity_probability",
            ),
            models.CheckConstraint(condition=Q(lots__gte=1), name="pilot_plan_has_lots"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="pilot_plan_version_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False)
                & ~Q(locked_by=F("drafted_by")),
                name="pilot_plan_locked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"plan v{self.number}"

    @property
    def locked_on(self) -> dt.date | None:
        """The day of locking in the company's calendar."""
        if self.locked_at is None:
            return None
        return clock.day_of(self.locked_at)

    @property
    def alpha(self) -> float:
        """The one-sided level of significance."""
        return float(1 - self.confidence)


class PilotModel(models.Model):
    """A product model of a pilot plan: its floor, its units and the incumbent's yield.

    ``counts_from`` is the number of the plan from which on its builds count: an earlier one for a
    model that a new version takes over unchanged.
    """

    plan = models.ForeignKey(PilotPlan, models.CASCADE, related_name="models")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    floor = models.DecimalField(max_digits=6, decimal_places=5)
    units = models.PositiveIntegerField()
    incumbent_good = models.PositiveIntegerField(default=0)
    incumbent_started = models.PositiveIntegerField(default=0)
    incumbent_days = models.PositiveSmallIntegerField(default=90)
    counts_from = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "product"], name="pilot_model_once"),
            models.CheckConstraint(
                condition=Q(floor__gt=0, floor__lt=1), name="pilot_model_floor_fraction"
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="pilot_model_has_units"),
            models.CheckConstraint(
                condition=Q(incumbent_good__lte=F("incumbent_started")),
                name="pilot_model_incumbent_good",
            ),
        ]

    def __str__(self) -> str:
        return self.product.code


class PilotLot(models.Model):
    """A lot of the alternate that a pilot plan names, with the manufacturer's site that makes it.

    Without a site it is not known where the lot is made.
    """

    plan = models.ForeignKey(PilotPlan, models.CASCADE, related_name="planned_lots")
    lot = models.CharField(max_length=60)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "lot"], name="pilot_lot_once"),
            models.CheckConstraint(condition=~Q(lot=""), name="pilot_lot_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}, {self.site.name}" if self.site else self.lot


class PilotParameter(models.Model):
    """A measured parameter of a pilot plan: its limits, and the difference that counts as equal.

    ``difference`` bounds alternate minus incumbent on both sides. ``counts_from``: see
    :class:`PilotModel`.
    """

    plan = models.ForeignKey(PilotPlan, models.CASCADE, related_name="parameters")
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=20, blank=True, default="")
    lower_limit = models.FloatField(null=True, blank=True)
    upper_limit = models.FloatField(null=True, blank=True)
    difference = models.FloatField(null=True, blank=True)
    counts_from = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="pilot_parameter_once"),
            models.CheckConstraint(
                condition=Q(lower_limit__isnull=False) | Q(upper_limit__isnull=False),
                name="pilot_parameter_has_limit",
            ),
            models.CheckConstraint(
                condition=Q(lower_limit__isnull=True)
                | Q(upper_limit__isnull=True)
                | Q(lower_limit__lt=F("upper_limit")),
                name="pilot_parameter_limits_in_order",
            ),
            models.CheckConstraint(
                condition=Q(difference__isnull=True) | Q(difference__gt=0),
                name="pilot_parameter_difference_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name
