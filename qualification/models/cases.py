"""Qualification cases: one candidate source of one part on its way through the gates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from parts.models import Part, Product
from parts.models.catalogue import RiskClass
from qualification.case_key import case_key
from qualification.querysets import CaseQuerySet
from secondsource.accounts.models import Plant
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Site, Source

if TYPE_CHECKING:
    from qualification.models.plan import Interim, RampStep, RollbackPlan, Transition


class State(models.TextChoices):
    """States of a case: the gates in their order, then the states outside the gates."""

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
ASIDE_STATES = (State.ON_HOLD, State.REJECTED, State.WITHDRAWN, State.ROLLED_BACK)


def gates_from(gate: str) -> tuple[State, ...]:
    """This gate and all later ones; empty for a state that is not a gate."""
    return GATES[GATES.index(State(gate)) :] if gate in GATES else ()


def gates_before(gate: str) -> tuple[State, ...]:
    """The gates before this one; empty for a state that is not a gate."""
    return GATES[: GATES.index(State(gate))] if gate in GATES else ()


@words_known
class Case(Record):
    """A qualification case (``SSQ-0001``).

    ``held_from`` is the gate before a hold, ``held_at`` its begin. ``products``, ``plants`` and
    ``sites`` of the manufacturer are its scope, which its approvals take over; none means all.
    Its plan is in rows of their own (``models.plan``); the properties below read the present
    values.
    """

    class Kind(models.TextChoices):
        SECOND_SOURCE = "second_source", "second source"
        REQUALIFICATION = "requalification"
        SITE_CHANGE = "site_change", "site change"
        EMERGENCY = "emergency"

    number = models.PositiveIntegerField(unique=True, editable=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="cases")
    source = models.ForeignKey(Source, models.PROTECT, related_name="cases")
    sop = models.ForeignKey(
        "qualification.Sop", models.PROTECT, null=True, blank=True, related_name="cases",
        editable=False,
    )  # fmt: skip
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.SECOND_SOURCE)
    risk_class = models.CharField(max_length=6, choices=RiskClass, default=RiskClass.MEDIUM)
    state = models.CharField(max_length=14, choices=State, default=State.DRAFT, editable=False)
    held_from = models.CharField(
        max_length=14, choices=State, blank=True, default="", editable=False
    )
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_cases")
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsored_cases",
    )
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    plants = models.ManyToManyField(Plant, blank=True, related_name="+")
    sites = models.ManyToManyField(Site, blank=True, related_name="+")
    summary = models.TextField(blank=True, default="")
    start_reason = models.TextField(blank=True, default="")
    due_date = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = change_history()
    objects = CaseQuerySet.as_manager()
    planned_share: Decimal | None
    planned_pilot: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=[str(s) for s in OPEN_STATES]),
                name="case_one_open_per_source",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="on_hold") | ~models.Q(held_from=""),
                name="case_held_from_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-opened_at"]),
            models.Index(fields=["opened_at", "id"], name="case_by_opening"),
            models.Index(fields=["due_date", "id"], name="case_by_due_date"),
            models.Index(
                models.F("due_date").desc(nulls_last=True),
                models.F("id").desc(),
                name="case_by_due_date_falling",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return case_key(self.number)

    def get_absolute_url(self) -> str:
        return reverse("case_detail", args=[self.number])

    @property
    def run(self) -> Transition | None:
        """The newest run of the transition, planned or started."""
        return max(self.runs.all(), key=lambda run: run.run, default=None)

    @property
    def hold_points(self) -> Any:
        """Hold points of the newest run, as a manager or query set."""
        from qualification.models.plan import HoldPoint  # ``plan`` imports this module

        run = self.run
        return run.hold_points if run else HoldPoint.objects.none()

    @property
    def ramp(self) -> list[RampStep]:
        """The shares of the newest run by month; empty while none are planned."""
        run = self.run
        return list(run.ramp.all()) if run else []

    @property
    def transition_share(self) -> Decimal | None:
        """The share of a month's demand at which the ramp ends."""
        if "planned_share" in vars(self):  # annotated where many cases are read
            return self.planned_share
        steps = self.ramp
        return steps[-1].share if steps else None

    @property
    def share_today(self) -> Decimal | None:
        """The ramp's share of this month while a run goes on, else the ramp's last share.

        It stays at the share of the day on which the case was put on hold, or a trigger breached.
        """
        run = self.run
        if run is None or run.started_on is None or run.ended_on is not None:
            return self.transition_share
        day = clock.business_day()
        if self.held_at is not None:
            day = min(day, clock.day_of(self.held_at))
        if (breached_on := run.breached_on) is not None:
            day = min(day, breached_on)
        return run.share_on(day)

    @property
    def transition_started(self) -> dt.date | None:
        """The first day of the newest run that has started."""
        started = [run for run in self.runs.all() if run.started_on]
        return started[-1].started_on if started else None

    @property
    def pilot_quantity(self) -> int | None:
        """Units that may be ordered for the pilot build."""
        if "planned_pilot" in vars(self):  # annotated where many cases are read
            return self.planned_pilot
        pilots = list(self.pilots.all())
        return pilots[-1].quantity if pilots else None

    @property
    def interim(self) -> Interim | None:
        """The newest interim approval of the case."""
        return max(self.interims.all(), key=lambda interim: interim.pk, default=None)

    @property
    def interim_quantity(self) -> int | None:
        """Units that the newest interim approval grants."""
        return int(self.interim.approval.quantity or 0) if self.interim else None

    @property
    def interim_share(self) -> Decimal | None:
        """The share of a month's demand that the newest interim approval allows; None for any."""
        return self.interim.approval.share if self.interim else None

    @property
    def interim_until(self) -> dt.date | None:
        """The last day of the newest interim approval."""
        return self.interim.approval.valid_to if self.interim else None

    @property
    def rollback(self) -> RollbackPlan | None:
        """The plan of a rollback; None while it is empty."""
        return getattr(self, "rollback_plan", None)

    @property
    def rollback_hours(self) -> Decimal | None:
        """Hours until the incumbent is used on the line again."""
        return self.rollback.hours if self.rollback else None

    @property
    def rollback_stock(self) -> int | None:
        """Units of the incumbent in stock for a rollback."""
        return self.rollback.stock if self.rollback else None

    @property
    def rollback_rehearsed_on(self) -> dt.date | None:
        """The day of the rehearsal of the rollback."""
        return self.rollback.rehearsed_on if self.rollback else None


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
    """The times at which a case entered and left a gate, and its next state."""

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
