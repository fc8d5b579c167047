"""Exchange rates and their publishers."""

from __future__ import annotations

from django.db import models

from secondsource.core.models import Record, change_history


class ExchangeRate(Record):
    """One unit of ``currency`` is ``rate`` units of ``quote`` on the day ``as_of``.

    Both are ISO 4217 codes. A rate is stored as published; ``parts.exchange`` converts in the other
    direction and through a third currency. The history keeps the rate before a correction.
    """

    currency = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    as_of = models.DateField()
    publisher = models.CharField(max_length=120)
    history = change_history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "quote", "as_of", "publisher"], name="rate_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_positive"),
            models.CheckConstraint(
                condition=models.Q(currency__regex="^[A-Z]{3}$", quote__regex="^[A-Z]{3}$")
                & ~models.Q(currency=models.F("quote")),
                name="rate_of_two_currencies",
            ),
        ]
        indexes = [models.Index(fields=["quote", "as_of"], name="rate_by_quote")]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.quote}"
