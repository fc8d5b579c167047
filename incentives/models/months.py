"""Months whose savings are settled."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from secondsource.core.models import Record


class ClosedMonth(Record):
    """A month that finance closed, by its first day.

    The database refuses every change of the figures of its lines, new lines in it, and its removal.
    """

    untraced = "rows are only added and never changed, so they are their own history"

    month = models.DateField(unique=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="closed_month_is_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
