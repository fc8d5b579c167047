"""Budget rates, at which prices in other currencies enter the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from secondsource.core.models import Record, change_history


class BudgetRate(Record):
    """One unit of ``currency`` is planned at ``rate`` units of ``quote`` in a year."""

    year = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "currency", "quote"], name="budget_rate_once_a_year"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="budget_rate_positive"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="budget_rate_year"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$", quote__regex="^[A-Z]{3}$")
                & ~Q(currency=models.F("quote")),
                name="budget_rate_of_two_currencies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: 1 {self.currency} = {self.rate.normalize():f} {self.quote}"
