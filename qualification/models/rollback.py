"""The rollback plan of a case as objects: triggers, steps with owners, rehearsals."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from qualification.models.cases import Case
from qualification.models.plan import RollbackPlan
from secondsource.core.formats import number
from secondsource.core.models import Record, change_history, words_known
from secondsource.core.money import round_apart


class Metric(models.TextChoices):
    """What a trigger watches. Customers' returns are reported by people, the others measured."""

    DPPM = "dppm", "DPPM"
    YIELD = "yield", "yield"
    OTD = "otd", "on-time delivery"
    RETURNS = "returns", "units returned to the supplier"
    CUSTOMER_RETURNS = "customer_returns", "customer returns"


class Operator(models.TextChoices):
    """The side of the threshold that is a breach."""

    ABOVE = "above"
    BELOW = "below"


#: Metric → the unit of its values and thresholds.
UNITS: dict[str, str] = {Metric.YIELD: " %", Metric.OTD: " %"}


def value_in_words(metric: str, value: Decimal, threshold: Decimal) -> str:
    """``1,200``, ``93.5 %``; rates in per cent with two digits, all others as whole numbers.

    More digits are shown where the side of the threshold needs them.
    """
    unit = UNITS.get(metric, "")
    return f"{number(round_apart(value, threshold, 2 if unit else 0))}{unit}"


class Watched(models.Model):
    """A limit on a metric, over the last days."""

    metric = models.CharField(max_length=16, choices=Metric)
    operator = models.CharField(max_length=5, choices=Operator)
    threshold = models.DecimalField(max_digits=14, decimal_places=4)
    window_days = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    @property
    def limit(self) -> str:
        """``DPPM above 1,000 within 30 days``."""
        shown = f"{number(self.threshold)}{UNITS.get(self.metric, '')}"
        label = Metric(self.metric).label
        return f"{label} {self.operator} {shown} within {self.window_days} days"


class OfRollbackPlan(Record):
    """A row of a rollback plan."""

    class Meta:
        abstract = True

    @property
    def case(self) -> Case:
        """The case of the plan."""
        plan: RollbackPlan = self.plan  # type: ignore[attr-defined]
        return plan.case


@words_known
class RollbackTrigger(Watched, OfRollbackPlan):
    """A limit whose breach holds the ramp and asks for the decision to roll back."""

    plan = models.ForeignKey(RollbackPlan, models.PROTECT, related_name="triggers")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "metric", "operator", "window_days"], name="trigger_once"
            ),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="trigger_not_negative"),
            models.CheckConstraint(
                condition=Q(window_days__gte=1, window_days__lte=730), name="trigger_window_of_days"
            ),
        ]

    def __str__(self) -> str:
        return self.limit


class RollbackStep(OfRollbackPlan):
    """A step of the way back: what is done, by whom, in how many hours."""

    plan = models.ForeignKey(RollbackPlan, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=6, decimal_places=1)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="rollback_step_has_text"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="rollback_step_hours_positive"),
        ]

    def __str__(self) -> str:
        return self.text


@words_known
class Rehearsal(OfRollbackPlan):
    """A rehearsal of the rollback; rows are only added.

    ``hours`` is null where only the day was entered in the plan.
    """

    class Result(models.TextChoices):
        PASSED = "passed"
        FAILED = "failed"

    plan = models.ForeignKey(RollbackPlan, models.PROTECT, related_name="rehearsals")
    held_on = models.DateField()
    result = models.CharField(max_length=6, choices=Result)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    note = models.TextField(blank=True, default="")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="passed") | ~Q(note=""), name="rehearsal_failure_has_note"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0), name="rehearsal_hours_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.result}"
