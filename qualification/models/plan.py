"""The plan of a case: pilot, interim approval, transition with its ramp, rollback."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from qualification.models.cases import Case, State
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Approval


@words_known
class PlannedGate(models.Model):
    """The day by which a case is to pass a gate."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="planned_gates")
    gate = models.CharField(max_length=14, choices=State)
    due = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "gate"], name="gate_planned_once")]

    def __str__(self) -> str:
        return f"{self.gate} {self.due}"


class Pilot(models.Model):
    """The quantity that may be ordered for the pilot build; the newest row of a case counts.

    Rows are only added, so that the quantity at any earlier time is known.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pilots")
    quantity = models.PositiveIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    job = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.quantity}"


class Interim(models.Model):
    """An interim approval by a case, with its quantity and last day."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="interims")
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="interim")
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.approval_id}"


@words_known
class Transition(Record):
    """One run of a case's transition, planned while it has not started.

    A case that is rolled back or sent back begins a new run; the earlier one keeps its ramp and
    its judged hold points. ``outcome`` says how a run ended.
    """

    class Outcome(models.TextChoices):
        CLOSED = "closed"
        SENT_BACK = "sent_back", "sent back"
        ROLLED_BACK = "rolled_back", "rolled back"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    case = models.ForeignKey(Case, models.PROTECT, related_name="runs")
    run = models.PositiveSmallIntegerField(default=1)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["run"]
        constraints = [
            models.UniqueConstraint(fields=["case", "run"], name="transition_run_once"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on__isnull=True)
                | Q(
                    outcome__in=["closed", "sent_back", "rolled_back", "rejected", "withdrawn"],
                    started_on__isnull=False,
                    ended_on__isnull=False,
                ),
                name="transition_ends_whole",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="transition_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} run {self.run}"

    @property
    def ends_on(self) -> dt.date | None:
        """The day of the last hold point; None before the start."""
        return max((point.due for point in self.hold_points.all()), default=None)

    @property
    def breached_on(self) -> dt.date | None:
        """The day of the first breach that holds the ramp."""
        open_ones = [row.breached_at for row in self.breaches.all() if row.ended_at is None]
        return clock.day_of(min(open_ones)) if open_ones else None

    def share_on(self, day: dt.date) -> Decimal | None:
        """The share of a month's demand that the started run allows on this day.

        ``qualification.causes`` applies the same rule to the orders of the source.
        """
        if self.started_on is None:
            return None
        began = [
            step.share for step in self.ramp.all()
            if step.month == 1 or add_months(self.started_on, step.month - 1) <= day
        ]  # fmt: skip
        return began[-1] if began else None


class RampStep(Record):
    """The share of a month's demand that may be ordered from this month of the run on."""

    transition = models.ForeignKey(Transition, models.PROTECT, related_name="ramp")
    month = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=5, decimal_places=4)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["transition", "month"], name="ramp_month_once"),
            models.CheckConstraint(condition=Q(month__gte=1), name="ramp_month_from_one"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="ramp_share_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"month {self.month}: {self.share}"


@words_known
class HoldPoint(Record):
    """A day of a transition on which delivered quality and delivery are judged."""

    class Verdict(models.TextChoices):
        PASS = "pass"  # noqa: S105  (a verdict)
        FAIL = "fail"

    transition = models.ForeignKey(Transition, models.PROTECT, related_name="hold_points")
    due = models.DateField()
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True, default="")
    note = models.TextField(blank=True, default="")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", judged_at__isnull=True)
                | Q(verdict__in=["pass", "fail"], judged_at__isnull=False),
                name="hold_point_judged_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.transition_id} {self.due}"

    @property
    def case(self) -> Case:
        """The case of the transition."""
        return self.transition.case

    @property
    def is_outdated(self) -> bool:
        """Whether the figures of the verdict differ from those of today's receipts and lots."""
        figures = getattr(self, "figures", None)
        return figures is not None and figures.outdated_at is not None


class RollbackPlan(Record):
    """The plan of a rollback to the incumbent: hours, stock and day of the rehearsal."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="rollback_plan")
    hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    stock = models.PositiveIntegerField(null=True, blank=True)
    rehearsed_on = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0), name="rollback_hours_positive"
            )
        ]

    def __str__(self) -> str:
        return f"rollback of {self.case_id}"
