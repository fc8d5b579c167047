"""Samples of a candidate that came in, and the incoming inspection of its lots."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from qualification.models.cases import Case
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Source


@words_known
class Sample(Record):
    """Units of a lot that were received for a purpose."""

    class Purpose(models.TextChoices):
        PILOT = "pilot", "pilot build"
        COMPONENT_TEST = "component_test", "component tests"
        INITIAL = "initial", "initial samples"
        REFERENCE = "reference", "reference"

    case = models.ForeignKey(Case, models.CASCADE, related_name="samples")
    lot = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    received_on = models.DateField()
    date_code = models.CharField(max_length=20, blank=True, default="")
    certificate = models.CharField(max_length=120, blank=True, default="")
    purpose = models.CharField(max_length=14, choices=Purpose)
    note = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["received_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="sample_has_units"),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot}"


@words_known
class InspectionLot(Record):
    """The incoming inspection of a lot, by the plan of its level at that time.

    The lots of a source, in the order of entry, decide the level of the next one; resubmitted and
    voided lots are left out. A rejected lot needs a decision.
    """

    class Level(models.TextChoices):
        NORMAL = "normal"
        TIGHTENED = "tightened"
        REDUCED = "reduced"

    class Result(models.TextChoices):
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    class Decision(models.TextChoices):
        RETURNED = "returned", "returned to the supplier"
        SORTED = "sorted", "sorted, resubmitted"
        SCRAPPED = "scrapped"
        CONCESSION = "concession", "used by concession"

    case = models.ForeignKey(Case, models.CASCADE, related_name="inspections")
    source = models.ForeignKey(Source, models.PROTECT, related_name="inspections")
    lot = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    aql = models.CharField(max_length=4)
    level = models.CharField(max_length=9, choices=Level)
    sample_size = models.PositiveIntegerField()
    accept_number = models.PositiveSmallIntegerField()
    defects = models.PositiveIntegerField()
    result = models.CharField(max_length=8, choices=Result)
    resubmitted = models.BooleanField(default=False)
    inspected_on = models.DateField()
    inspected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")

    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    decision_reason = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sample_size__gte=1, sample_size__lte=models.F("size")),
                name="inspection_sample_of_the_lot",
            ),
            models.CheckConstraint(
                condition=models.Q(defects__lte=models.F("sample_size")),
                name="inspection_defects_of_the_sample",
            ),
            models.CheckConstraint(
                condition=models.Q(result="accepted", defects__lte=models.F("accept_number"))
                | models.Q(result="rejected", defects__gt=models.F("accept_number")),
                name="inspection_result_by_number",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by=None, decision_reason="")
                | models.Q(result="rejected", decided_by__isnull=False)
                & ~models.Q(decision="")
                & ~models.Q(decision_reason=""),
                name="inspection_decision_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at=None, void_reason="")
                | models.Q(voided_at__isnull=False) & ~models.Q(void_reason=""),
                name="inspection_voided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot}"
