"""The spec review of a case: decisions on the differences of the candidate."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from qualification.models.cases import Case
from secondsource.core.models import Record, change_history, words_known


@words_known
class Disposition(Record):
    """An engineer's decision on one line of the comparison of a case.

    ``basis`` are the exact values that were compared, and ``required``, ``incumbent_value`` and
    ``candidate_value`` the same in words. The decision holds while they stay so. A later decision
    on the line takes its place; the history keeps both. Quality confirms that a missed limit is
    accepted.
    """

    class Verdict(models.TextChoices):
        DEVIATION = "deviation"
        BLOCKS = "blocks", "limit missed"
        UNKNOWN = "unknown"

    class Decision(models.TextChoices):
        ACCEPT = "accept"
        ACCEPT_WITH_CONDITION = "accept_with_condition", "accept with condition"
        REJECT = "reject"

    case = models.ForeignKey(Case, models.PROTECT, related_name="dispositions", db_index=False)
    parameter = models.CharField(max_length=80)
    test_condition = models.CharField(max_length=120, blank=True, default="")
    verdict = models.CharField(max_length=9, choices=Verdict)
    required = models.CharField(max_length=300)
    incumbent_value = models.CharField(max_length=300, blank=True, default="")
    candidate_value = models.CharField(max_length=300, blank=True, default="")
    basis: models.JSONField[dict[str, Any]] = models.JSONField()
    decision = models.CharField(max_length=21, choices=Decision)
    reason = models.TextField()
    condition = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="dispositions"
    )
    decided_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["parameter", "test_condition"]
        constraints = [
            models.UniqueConstraint(
                "case", Lower("parameter"), Lower("test_condition"), name="disposition_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="disposition_has_reason"),
            models.CheckConstraint(
                condition=Q(decision="accept_with_condition") & ~Q(condition="")
                | ~Q(decision="accept_with_condition") & Q(condition=""),
                name="disposition_condition_with_its_decision",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="blocks", decision="accept"),
                name="disposition_missed_limit_has_condition",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & Q(decision="accept_with_condition")
                & ~Q(confirmed_by=models.F("decided_by")),
                name="disposition_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter}: {self.decision}"

    @property
    def needs_confirmation(self) -> bool:
        """Whether quality has to confirm it: a missed limit is accepted."""
        return (
            self.verdict == self.Verdict.BLOCKS
            and self.decision == self.Decision.ACCEPT_WITH_CONDITION
            and self.confirmed_at is None
        )
