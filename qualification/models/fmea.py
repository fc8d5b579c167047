"""The failure mode and effects analysis of a case: rows, their actions, frozen versions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from qualification.models.cases import OPEN_STATES, Case
from secondsource.core.models import Attachment, Record, change_history, words_known

#: The lowest and the highest rating.
LOWEST, HIGHEST = 1, 10
#: The most characters of a cell.
MOST_TEXT = 500


class Priority(models.TextChoices):
    """Action priority; empty while a rating is missing."""

    HIGH = "H", "high"
    MEDIUM = "M", "medium"
    LOW = "L", "low"


def in_scale(*names: str) -> Q:
    """Each rating is empty or from 1 to 10."""
    found = Q()
    for name in names:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (LOWEST, HIGHEST)})
    return found


def _all_null(*names: str) -> Q:
    return Q(**{f"{name}__isnull": True for name in names})


def _none_null(*names: str) -> Q:
    return Q(**{f"{name}__isnull": False for name in names})


@words_known
class Fmea(Record):
    """The FMEA of a case.

    Passing the gate FMEA freezes a version. A change of site, specification or supply reopens it
    until it is reviewed, and so does a person for a notice or a nonconformance.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        PASSED = "passed"
        REOPENED = "reopened"

    class Cause(models.TextChoices):
        """Why a person reopens it."""

        NOTICE = "notice", "change notice"
        SITE_CHANGE = "site_change", "site change"
        NONCONFORMANCE = "nonconformance"

    case = models.OneToOneField(Case, models.PROTECT, related_name="fmea")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    passed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open")
                | Q(status="passed", passed_at__isnull=False)
                | Q(status="reopened", reopened_at__isnull=False) & ~Q(reopened_reason=""),
                name="fmea_status_whole",
            )
        ]

    def __str__(self) -> str:
        return f"FMEA of {self.case_id}"

    def get_absolute_url(self) -> str:
        return reverse("case_fmea", args=[self.case.number])


@words_known
class FmeaRow(Record):
    """A cause of a failure mode with its effect, controls and ratings.

    A rating that is not given is null, never 0. ``action_priority`` is that of the ratings,
    ``priority_now`` that after the last completed action; services compute both with
    ``qualification.fmea``. ``position`` is the number of the row.
    """

    fmea = models.ForeignKey(Fmea, models.PROTECT, related_name="rows")
    position = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    failure_mode = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    effect = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    severity = models.PositiveSmallIntegerField(null=True, blank=True)
    cause = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    prevention = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    detection_control = models.CharField(max_length=MOST_TEXT, blank=True, default="")
    occurrence = models.PositiveSmallIntegerField(null=True, blank=True)
    detection = models.PositiveSmallIntegerField(null=True, blank=True)
    action_priority = models.CharField(
        max_length=1, choices=Priority, blank=True, default="", editable=False
    )
    priority_now = models.CharField(
        max_length=1, choices=Priority, blank=True, default="", editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="fmea_rows"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_reason = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["fmea", "position"], name="fmea_row_place_once"),
            models.CheckConstraint(
                condition=in_scale("severity", "occurrence", "detection"), name="fmea_row_in_scale"
            ),
            models.CheckConstraint(
                condition=_none_null("severity", "occurrence", "detection") & ~Q(action_priority="")
                | ~_none_null("severity", "occurrence", "detection") & Q(action_priority=""),
                name="fmea_row_rated_whole",
            ),
            models.CheckConstraint(
                condition=Q(action_priority="", priority_now="")
                | ~Q(action_priority="") & ~Q(priority_now=""),
                name="fmea_row_priority_now",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True, accepted_reason="")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, priority_now="H")
                & ~Q(accepted_reason=""),
                name="fmea_row_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(accepted_by=F("author")),
                name="fmea_row_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.position}" + (f", “{self.failure_mode}”" if self.failure_mode else "")

    def get_absolute_url(self) -> str:
        return reverse("case_fmea_row", args=[self.fmea.case.number, self.public_id])

    @property
    def is_open_high(self) -> bool:
        """Whether the row stops the gate: AP-High now, and nobody has accepted it."""
        return self.priority_now == Priority.HIGH and self.accepted_by_id is None


#: Rows that stop the gate, in SQL; ``FmeaRow.is_open_high`` is the same.
OPEN_HIGH = Q(priority_now=Priority.HIGH, accepted_by__isnull=True)
_REVISED = ("revised_severity", "revised_occurrence", "revised_detection")
_TARGET = ("target_severity", "target_occurrence", "target_detection")


class FmeaActionQuerySet(models.QuerySet[Any]):
    """Actions by owner."""

    def owned_by(self, user: Any) -> FmeaActionQuerySet:
        """Pending actions of the person in open cases that the person may see."""
        return self.filter(
            owner=user, status__in=PENDING,
            row__fmea__case__in=Case.objects.visible_to(user).filter(state__in=OPEN_STATES),
        )  # fmt: skip


@words_known
class FmeaAction(Record):
    """An action on a row, with owner, day and evidence.

    It has revised ratings only once it is completed with evidence; ``target`` ratings are planned
    values.
    """

    class Kind(models.TextChoices):
        PREVENTION = "prevention"
        DETECTION = "detection"
        DESIGN = "design"

    class Status(models.TextChoices):
        OPEN = "open"
        DECISION_PENDING = "decision_pending", "decision pending"
        IMPLEMENTATION_PENDING = "implementation_pending", "implementation pending"
        COMPLETED = "completed"
        NOT_IMPLEMENTED = "not_implemented", "not implemented"

    row = models.ForeignKey(FmeaRow, models.CASCADE, related_name="actions")
    description = models.CharField(max_length=500)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PREVENTION)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="fmea_actions"
    )
    due_date = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=22, choices=Status, default=Status.OPEN)
    completed_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revised_severity = models.PositiveSmallIntegerField(null=True, blank=True)
    revised_occurrence = models.PositiveSmallIntegerField(null=True, blank=True)
    revised_detection = models.PositiveSmallIntegerField(null=True, blank=True)
    target_severity = models.PositiveSmallIntegerField(null=True, blank=True)
    target_occurrence = models.PositiveSmallIntegerField(null=True, blank=True)
    target_detection = models.PositiveSmallIntegerField(null=True, blank=True)
    history = change_history()
    objects = FmeaActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=in_scale(*_REVISED, *_TARGET), name="fmea_action_in_scale"
            ),
            models.CheckConstraint(
                condition=Q(status="completed", completed_on__isnull=False)
                & Q(evidence__isnull=False)
                & _none_null(*_REVISED)
                | ~Q(status="completed") & Q(completed_on__isnull=True) & _all_null(*_REVISED),
                name="fmea_action_revised_when_done",
            ),
        ]
        indexes = [models.Index(fields=["owner", "status"], name="fmea_action_by_owner")]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        return self.row.get_absolute_url()

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in PENDING


#: Statuses of actions that somebody still has to do.
PENDING = (
    FmeaAction.Status.OPEN,
    FmeaAction.Status.DECISION_PENDING,
    FmeaAction.Status.IMPLEMENTATION_PENDING,
)


class FmeaVersion(models.Model):
    """The rows of an FMEA as they were when it passed its gate or a review.

    Rows of this table are only added.
    """

    fmea = models.ForeignKey(Fmea, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    rows = models.JSONField()
    note = models.CharField(max_length=300, blank=True, default="")
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [models.UniqueConstraint(fields=["fmea", "number"], name="fmea_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"
