"""The figures behind a hold point: computed while it is open, frozen with its judgement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from qualification.models.plan import HoldPoint
from secondsource.core.formats import number
from secondsource.core.models import words_known
from secondsource.core.money import round_apart


@words_known
class HoldPointFigures(models.Model):
    """What receipts, order lines and pilot builds of the run say until the hold point's day.

    ``frozen_at``: judged on these figures and targets, which then stay; ``outdated_at``: receipts
    were corrected or entered since, so that the present figures differ. The event of the judgement
    holds the figures too.
    """

    untraced = "computed from receipts, order lines and builds"

    class Proposal(models.TextChoices):
        PASS = "pass"  # noqa: S105  (a verdict)
        FAIL = "fail"
        NOT_ENOUGH = "not_enough", "not enough data"

    hold_point = models.OneToOneField(HoldPoint, models.CASCADE, related_name="figures")
    since = models.DateField()
    until = models.DateField()
    received = models.DecimalField(max_digits=20, decimal_places=4)
    rejected = models.DecimalField(max_digits=20, decimal_places=4)
    returned = models.DecimalField(max_digits=20, decimal_places=4)
    lines_due = models.PositiveIntegerField()
    lines_on_time = models.PositiveIntegerField()
    started = models.PositiveBigIntegerField()
    good = models.PositiveBigIntegerField()
    dppm = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    otd = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    pilot_yield = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    dppm_most = models.DecimalField(max_digits=14, decimal_places=2)
    otd_least = models.DecimalField(max_digits=6, decimal_places=2)
    yield_least = models.DecimalField(max_digits=6, decimal_places=2)
    received_least = models.DecimalField(max_digits=20, decimal_places=4)
    proposal = models.CharField(max_length=10, choices=Proposal)
    computed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    outdated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outdated_at__isnull=True) | Q(frozen_at__isnull=False),
                name="figures_outdated_after_judgement",
            )
        ]

    def __str__(self) -> str:
        return f"figures of hold point {self.hold_point_id}"

    @property
    def in_words(self) -> list[str]:
        """``DPPM 210 (2 of 9,500), at most 1,000``, and the same of on-time delivery and yield."""
        return [
            _measure("DPPM", "", 10**6, self.rejected, self.received, self.dppm_most)
            + f", at most {number(self.dppm_most)}",
            _measure("On time", " %", 100, self.lines_on_time, self.lines_due, self.otd_least)
            + f", at least {number(self.otd_least)} %",
            _measure("Yield", " %", 100, self.good, self.started, self.yield_least)
            + f", at least {number(self.yield_least)} %",
        ]

    def as_json(self) -> dict[str, str | None]:
        """The figures and targets for the event of the judgement."""
        names = (
            "since", "until", "received", "rejected", "returned", "lines_due", "lines_on_time",
            "started", "good", "dppm", "otd", "pilot_yield", "dppm_most", "otd_least",
            "yield_least", "received_least", "proposal",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return {name: None if value is None else str(value) for name, value in values.items()}


def _measure(label: str, unit: str, scale: int, counted: Any, of: Any, limit: Decimal) -> str:
    """A rate with its counts; two digits, more where its side of the limit needs them."""
    if not of:
        return f"{label}: no data"
    value = round_apart(Decimal(scale) * counted / of, limit)
    return f"{label} {number(value)}{unit} ({number(counted)} of {number(of)})"
