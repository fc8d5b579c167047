"""Breached triggers of a transition, and rollbacks that were done."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from qualification.models.cases import Case
from qualification.models.plan import Transition
from qualification.models.rollback import RollbackTrigger, Watched, value_in_words
from secondsource.core.formats import number
from secondsource.core.models import Record, change_history, words_known


@words_known
class TriggerBreach(Watched, Record):
    """A breached trigger of a run, with the limit as it was and the figures behind the value.

    It holds the ramp until it ends: cleared by a person with a reason, or by the rollback. One that
    a person reported has ``reported_by``. ``counted`` of ``of_total`` gave the value.
    """

    class Ending(models.TextChoices):
        CLEARED = "cleared"
        ROLLED_BACK = "rolled_back", "rolled back"

    transition = models.ForeignKey(Transition, models.PROTECT, related_name="breaches")
    trigger = models.ForeignKey(
        RollbackTrigger, models.SET_NULL, null=True, blank=True, related_name="breaches"
    )
    value = models.DecimalField(max_digits=18, decimal_places=4)
    counted = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    of_total = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    counted_from = models.DateField()
    counted_to = models.DateField()
    breached_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, default="")
    ending = models.CharField(max_length=11, choices=Ending, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["transition", "metric", "operator", "window_days"],
                condition=Q(ended_at__isnull=True),
                name="breach_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at__isnull=True)
                | ~Q(ending="") & Q(ended_at__isnull=False) & ~Q(reason=""),
                name="breach_ends_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True) | ~Q(note=""), name="breach_report_has_note"
            ),
        ]

    def __str__(self) -> str:
        return self.in_words

    @property
    def case(self) -> Case:
        """The case of the run."""
        return self.transition.case

    @property
    def in_words(self) -> str:
        """``DPPM above 1,000 within 30 days: 12,000 (12 of 1,000)``."""
        told = f"{self.limit}: {value_in_words(self.metric, self.value, self.threshold)}"
        if self.of_total is None or self.counted is None:
            return told
        return f"{told} ({number(self.counted)} of {number(self.of_total)})"


class Rollback(Record):
    """A rollback that was decided: why, by whom, and how long it took against the plan.

    ``units`` are those that held the source on that day, as far as they are on record.
    """

    transition = models.OneToOneField(Transition, models.PROTECT, related_name="rollback")
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    planned_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    units = models.PositiveBigIntegerField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="rollback_has_reason"),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0), name="rollback_took_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"rollback of {self.transition_id}"

    @property
    def case(self) -> Case:
        """The case that was rolled back."""
        return self.transition.case
