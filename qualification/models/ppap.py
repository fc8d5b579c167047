"""Production part approval of a case: the submission, its warrant and its elements."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from qualification.models.cases import Case
from qualification.ppap import ELEMENTS
from secondsource.core.models import Record, change_history, words_known

ELEMENT_NAMES = {element.number: element.name for element in ELEMENTS}


@words_known
class PpapSubmission(Record):
    """The level of a case's submission, and the disposition of its warrant.

    An interim disposition has a last day or a quantity.
    """

    class Disposition(models.TextChoices):
        APPROVED = "approved"
        INTERIM = "interim", "interim approval"
        REJECTED = "rejected"

    case = models.OneToOneField(Case, models.CASCADE, related_name="ppap")
    level = models.PositiveSmallIntegerField()
    disposition = models.CharField(max_length=8, choices=Disposition, blank=True, default="")
    interim_until = models.DateField(null=True, blank=True)
    interim_quantity = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="ppap_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(disposition="", decided_by=None, decided_at=None)
                | ~models.Q(disposition="")
                & models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="ppap_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(disposition="interim")
                & (models.Q(interim_until__isnull=False) | models.Q(interim_quantity__gte=1))
                | ~models.Q(disposition="interim")
                & models.Q(interim_until=None, interim_quantity=None),
                name="ppap_interim_limited",
            ),
        ]

    def __str__(self) -> str:
        return f"PPAP level {self.level}"


@words_known
class PpapElement(Record):
    """One of the 18 elements of a submission."""

    class Status(models.TextChoices):
        NOT_REQUIRED = "not_required", "not required"
        NOT_APPLICABLE = "not_applicable", "not applicable"
        PENDING = "pending"
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    case = models.ForeignKey(Case, models.CASCADE, related_name="ppap_elements")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14, choices=Status)
    reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="ppap_element_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=len(ELEMENTS)),
                name="ppap_element_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["not_applicable", "rejected"])
                | ~models.Q(reason=""),
                name="ppap_element_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The name of the element."""
        return ELEMENT_NAMES[self.number]
