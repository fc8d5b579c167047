"""Clearance of intellectual property: what was searched for a case, and what was found."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qualification.models.cases import Case
from secondsource.core.models import Record, change_history, words_known


@words_known
class IpClearance(Record):
    """A search for rights of others that the candidate may infringe.

    It clears the case while its result is *clear* or *licensed* and its last day is not over.
    """

    class Kind(models.TextChoices):
        CLAIM = "claim", "patent claim"
        LICENCE = "licence"
        CLONE = "clone", "pin-compatible clone"

    class Result(models.TextChoices):
        OPEN = "open"
        CLEAR = "clear"
        LICENSED = "licensed"
        INFRINGES = "infringes"

    case = models.ForeignKey(Case, models.PROTECT, related_name="clearances")
    kind = models.CharField(max_length=7, choices=Kind)
    subject = models.CharField(max_length=300)
    searched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    searched_in = models.CharField(max_length=300)
    searched_on = models.DateField()
    result = models.CharField(max_length=9, choices=Result, default=Result.OPEN)
    licence = models.CharField(max_length=200, blank=True, default="")
    valid_to = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(searched_in=""), name="clearance_says_what_and_where"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("searched_on")),
                name="clearance_period_forward",
            ),
            models.CheckConstraint(
                condition=~Q(result="licensed") | ~Q(licence=""), name="clearance_names_licence"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def has_expired(self, day: dt.date) -> bool:
        """Whether the last day is over."""
        return self.valid_to is not None and self.valid_to < day
