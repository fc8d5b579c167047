"""Splits of a part's yearly volume over its sources, proposed to procurement."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from incentives.models.negotiations import Negotiation
from incentives.querysets import OfPartQuerySet
from parts.models import Part
from qualification.models import Case
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Source


@words_known
class SplitProposal(Record):
    """A proposed split of ``demand`` units a year; procurement accepts or declines it.

    Its author may withdraw it, and a job withdraws what can no longer be accepted.
    ``replaces`` is the split that was in force when this one was proposed: an acceptance is refused
    once another one came into force. An accepted split is in force until ``ended_at``.
    ``yearly_cost`` and ``exposure`` are as calculated for the proposal; null is not known.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    part = models.ForeignKey(Part, models.PROTECT, related_name="splits")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="splits")
    negotiation = models.ForeignKey(
        Negotiation, models.PROTECT, null=True, blank=True, related_name="splits"
    )
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED, editable=False)
    demand = models.DecimalField(max_digits=18, decimal_places=4)
    warm_share = models.DecimalField(max_digits=5, decimal_places=4)
    currency = models.CharField(max_length=3)
    yearly_cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    exposure = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.TextField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    history = change_history()
    objects = OfPartQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="split_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["part"],
                condition=Q(state="accepted", ended_at__isnull=True),
                name="split_one_in_force_per_part",
            ),
            models.CheckConstraint(condition=Q(demand__gt=0), name="split_demand_positive"),
            models.CheckConstraint(
                condition=Q(warm_share__gte=0, warm_share__lt=1), name="split_warm_share_fraction"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="split_has_reason"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="split_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(state="accepted"),
                name="split_ends_after_it_was_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"Split of {self.part.ipn}"

    def get_absolute_url(self) -> str:
        return reverse("split_detail", args=[self.public_id])


class SplitShare(models.Model):
    """The share of one source: ``quantity`` of the year's demand at ``unit_cost``.

    ``bound`` says what limited the share, such as “ramp’s share of this month”; ``lacks`` which
    parts of the total cost were not known.
    """

    proposal = models.ForeignKey(SplitProposal, models.CASCADE, related_name="shares")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    bound = models.CharField(max_length=200, blank=True, default="")
    lacks = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["-share", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "source"], name="split_share_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="split_share_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.share}"
