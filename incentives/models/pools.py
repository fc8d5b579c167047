"""Bonus pools: the pool of a case, the shares of people with the acts behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import capfirst

from incentives.pool_querysets import AllocationQuerySet, PoolQuerySet
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.rights import Function
from secondsource.core.models import Record, change_history, words_known

CURRENCY = "^[A-Z]{3}$"


@words_known
class BonusPool(Record):
    """A share of the validated savings of a case, for the people who qualified its source.

    ``base`` is the validated savings less lost rebates, project cost and
    the bases of the case's earlier pools. It follows the ledger until the release, then only down.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_AGREEMENT = "in_agreement", "in agreement"
        RELEASED = "released"
        HELD = "held"
        PAID = "paid"
        CLAWED_BACK = "clawed_back", "clawed back"
        CANCELLED = "cancelled"

    case = models.ForeignKey(Case, models.PROTECT, related_name="bonus_pools")
    number = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, editable=False)
    proposed_on = models.DateField()
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    policy_version = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    validated = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    rebate_lost = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    project_cost = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    earlier = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    base = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    amount = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    carried_forward = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    released_amount = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    window_start = models.DateField(null=True, blank=True)
    window_end = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finance_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finance_at = models.DateTimeField(null=True, blank=True)
    executive_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    executive_at = models.DateTimeField(null=True, blank=True)
    history = change_history()
    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-proposed_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="pool_number_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["draft", "in_agreement", "released", "held"]),
                name="pool_one_open_per_case",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=1), name="pool_rate_fraction"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, carried_forward__gte=0), name="pool_not_negative"
            ),
            models.CheckConstraint(condition=Q(currency__regex=CURRENCY), name="pool_has_currency"),
            models.CheckConstraint(
                condition=Q(finance_by__isnull=True)
                | Q(executive_by__isnull=True)
                | ~Q(finance_by=F("executive_by")),
                name="pool_released_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_agreement", "cancelled"])
                | Q(
                    finance_by__isnull=False,
                    finance_at__isnull=False,
                    executive_by__isnull=False,
                    executive_at__isnull=False,
                    released_amount__isnull=False,
                ),
                name="pool_released_whole",
            ),
        ]
        indexes = [models.Index(fields=["proposed_on", "id"], name="pool_by_day")]

    def __str__(self) -> str:
        return f"Pool {self.number} of {self.case.key}"

    def get_absolute_url(self) -> str:
        return reverse("pool_detail", args=[self.public_id])

    @property
    def taken_back(self) -> Decimal:
        """What was reversed after the release; the other parts of the base are those of then."""
        parts = self.validated - self.rebate_lost - self.project_cost - self.earlier
        return parts - self.base

    @property
    def quarter(self) -> int:
        """The quarter of the year in which it was proposed."""
        return (self.proposed_on.month + 2) // 3

    @property
    def period(self) -> str:
        """``2026-Q3``."""
        return f"{self.proposed_on.year}-Q{self.quarter}"


@words_known
class Allocation(Record):
    """A person's share of a pool. Agreeing to it is consent; it approves nothing.

    ``amount`` is what the person is entitled to now: a clawback lowers it. ``note`` is the last
    question, dispute, answer or decision.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        QUESTIONED = "questioned"
        DISPUTED = "disputed"
        RELEASED = "released"
        PAID = "paid"

    pool = models.ForeignKey(BonusPool, models.PROTECT, related_name="allocations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocations")
    function = models.CharField(max_length=13, choices=Function)
    points = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    proposed_share = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    share = models.DecimalField(max_digits=5, decimal_places=4)
    amount = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    note = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()
    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-share", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "person"], name="allocation_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="allocation_share_fraction"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="allocation_not_negative"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="allocation_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Share of {self.person} in {self.pool.case.key}"

    def get_absolute_url(self) -> str:
        return self.pool.get_absolute_url()

    @property
    def currency(self) -> str:
        """The currency of the pool."""
        return self.pool.currency


@words_known
class Contribution(models.Model):
    """An act behind a share, with its points, as it was when the shares were proposed."""

    untraced = "computed from acts that have a history of their own"

    class Kind(models.TextChoices):
        HOURS = "hours", "hours logged"
        GATE = "gate", "gate led and passed"
        PILOT_LOT = "pilot_lot", "pilot lot run"
        ROUND = "round", "negotiation round held"
        FMEA_ROW = "fmea_row", "FMEA row written"
        SIGN_OFF = "sign_off", "sign-off"

    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="contributions")
    kind = models.CharField(max_length=9, choices=Kind)
    act = models.BigIntegerField()
    label = models.CharField(max_length=120, blank=True, default="")
    day = models.DateField()
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    points = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "kind", "act"], name="contribution_act_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    @property
    def what(self) -> str:
        """The label, with the gate of a signature or passage in words."""
        if self.kind not in (self.Kind.GATE, self.Kind.SIGN_OFF):
            return self.label
        gate, *rest = self.label.split(" ")
        return " ".join([capfirst(State(gate).label), *rest])

    @property
    def url(self) -> str:
        """The page that shows the act."""
        if self.kind == self.Kind.ROUND:
            return reverse("negotiation_detail", args=[self.label.split(" ")[0]])
        number = self.allocation.pool.case.number
        name, anchor = _PAGES[self.kind]
        return reverse(name, args=[number]) + anchor


#: Kind of an act → the page of the case that shows it.
_PAGES: dict[str, tuple[str, str]] = {
    Contribution.Kind.HOURS: ("case_cost_log", ""),
    Contribution.Kind.GATE: ("case_detail", "#history"),
    Contribution.Kind.PILOT_LOT: ("case_pilot", ""),
    Contribution.Kind.FMEA_ROW: ("case_fmea", ""),
    Contribution.Kind.SIGN_OFF: ("case_detail", "#history"),
}
