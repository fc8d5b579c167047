"""A case: one candidate source of one part on its way through the gates."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from parts.models import Part
from parts.models.catalogue import RiskClass
from qualification.case_key import case_key
from qualification.querysets import CaseQuerySet
from secondsource.accounts.rights import Function
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Source


class State(models.TextChoices):
    """Where a case stands; the gates in their order, then what lies aside."""

    DRAFT = "draft"
    BUSINESS_CASE = "business_case", "business case"
    SPEC_REVIEW = "spec_review", "spec review"
    FMEA = "fmea", "FMEA"
    PILOT_BUILD = "pilot_build", "pilot build"
    APPROVAL = "approval"
    TRANSITION = "transition"
    CLOSED = "closed"
    ON_HOLD = "on_hold", "on hold"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ROLLED_BACK = "rolled_back", "rolled back"


#: The gates that a case passes, in order.
GATES = (
    State.BUSINESS_CASE,
    State.SPEC_REVIEW,
    State.FMEA,
    State.PILOT_BUILD,
    State.APPROVAL,
    State.TRANSITION,
)
OPEN_STATES = (State.DRAFT, *GATES, State.ON_HOLD)


class Case(Record):
    """A qualification case (``SSQ-0001``).

    The caps are plain fields: ``pilot_quantity`` units while in the pilot build; the interim's
    quantity and last day; the share of a month's demand while in transition. ``held_from`` is
    the gate a held case came from. Rollback figures say how the way back was rehearsed.
    """

    class Kind(models.TextChoices):
        SECOND_SOURCE = "second_source", "second source"
        REQUALIFICATION = "requalification"
        SITE_CHANGE = "site_change", "site change"
        EMERGENCY = "emergency"

    number = models.PositiveIntegerField(unique=True, editable=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="cases")
    source = models.ForeignKey(Source, models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.SECOND_SOURCE)
    risk_class = models.CharField(max_length=6, choices=RiskClass, default=RiskClass.MEDIUM)
    state = models.CharField(max_length=14, choices=State, default=State.DRAFT, editable=False)
    held_from = models.CharField(
        max_length=14, choices=State, blank=True, default="", editable=False
    )
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_cases")
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsored_cases",
    )
    summary = models.TextField(blank=True, default="")
    start_reason = models.TextField(blank=True, default="")
    due_date = models.DateField(null=True, blank=True)
    pilot_quantity = models.PositiveIntegerField(null=True, blank=True)
    interim_quantity = models.PositiveIntegerField(null=True, blank=True)
    interim_until = models.DateField(null=True, blank=True)
    transition_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    transition_started = models.DateField(null=True, blank=True, editable=False)
    rollback_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    rollback_stock = models.PositiveIntegerField(null=True, blank=True)
    rollback_rehearsed_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = change_history()
    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=[str(s) for s in OPEN_STATES]),
                name="case_one_open_per_source",
            ),
            models.CheckConstraint(
                condition=models.Q(transition_share__isnull=True)
                | models.Q(transition_share__gt=0, transition_share__lte=1),
                name="case_transition_share_fraction",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="on_hold") | ~models.Q(held_from=""),
                name="case_held_from_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["state", "-opened_at"])]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return case_key(self.number)

    def get_absolute_url(self) -> str:
        return reverse("case_detail", args=[self.number])


@words_known
class TeamMember(models.Model):
    """A person's function in a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    function = models.CharField(max_length=13, choices=Function)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user", "function"], name="team_function_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.function}"


@words_known
class GatePassage(models.Model):
    """When a case entered a gate and when it left it, and whither."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="passages")
    gate = models.CharField(max_length=14, choices=State)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    passed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(left_at__isnull=True), name="passage_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.gate}"


class HoldPoint(Record):
    """A date in the transition at which delivered quality and delivery are judged."""

    class Verdict(models.TextChoices):
        PASS = "pass"  # noqa: S105  (a verdict)
        FAIL = "fail"

    case = models.ForeignKey(Case, models.CASCADE, related_name="hold_points")
    due = models.DateField()
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True, default="")
    note = models.TextField(blank=True, default="")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="", judged_at__isnull=True)
                | (~models.Q(verdict="") & models.Q(judged_at__isnull=False)),
                name="hold_point_judged_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due}"
