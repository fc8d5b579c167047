"""Market indices that baselines follow: metals, memory, freight."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from secondsource.core.models import Record, change_history

CODE = r"^[A-Z0-9][A-Z0-9._-]*$"


class PriceIndex(Record):
    """A published price or index, such as copper (``LME-CU``) in ``unit``, ``USD/t``.

    Only the ratio of two of its values counts.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    publisher = models.CharField(max_length=120)
    unit = models.CharField(max_length=40)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="price_index_code"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(publisher="") & ~Q(unit=""), name="price_index_named"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("index_detail", args=[self.code])


class IndexValue(Record):
    """The value of an index on a day, with the document that shows it.

    Another value of the day corrects it: open months follow, closed ones get correction lines.
    """

    index = models.ForeignKey(PriceIndex, models.PROTECT, related_name="values")
    day = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6)
    evidence = models.CharField(max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day"]
        indexes = [models.Index(fields=["day", "id"], name="index_value_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["index", "day"], name="index_value_once_a_day"),
            models.CheckConstraint(condition=Q(value__gt=0), name="index_value_positive"),
            models.CheckConstraint(condition=~Q(evidence=""), name="index_value_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.index_id} on {self.day}"
