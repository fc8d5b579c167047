"""What a team wants to reach in a year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from secondsource.accounts.models import Team
from secondsource.core.models import Record, change_history


class KpiTarget(Record):
    """The target of a team and a year, the same for all functions in it."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    conversions = models.PositiveSmallIntegerField()
    cost_reduction_pct = models.DecimalField(max_digits=5, decimal_places=2)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "team_id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "year"], name="target_once_a_year"),
            models.CheckConstraint(
                condition=Q(conversions__gte=1, conversions__lte=1000), name="target_conversions"
            ),
            models.CheckConstraint(
                condition=Q(cost_reduction_pct__gt=0, cost_reduction_pct__lte=100),
                name="target_cost_reduction",
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="target_year"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.year}"
