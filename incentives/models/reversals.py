"""Decisions that took savings back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from qualification.models import Case, Rollback
from secondsource.core.models import Record


class Reversal(Record):
    """Savings of a case that were taken back: by its rollback, or by finance with a reason.

    A rollback takes back the months from ``since`` to ``until`` (first days); no savings are
    counted for them again. Without a rollback, only the lines that point here are taken back.
    """

    untraced = "rows are only added and never changed, so they are their own history"

    case = models.ForeignKey(Case, models.PROTECT, related_name="savings_reversals")
    rollback = models.OneToOneField(
        Rollback, models.PROTECT, null=True, blank=True, related_name="savings_reversal"
    )
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reversal_has_reason"),
            models.CheckConstraint(
                condition=Q(since__lte=models.F("until")), name="reversal_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.case}"
