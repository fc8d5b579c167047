"""Take-overs of approvals that were given elsewhere, and reviews of approvals without a case."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from parts.models import Product
from secondsource.accounts.models import Plant
from secondsource.core.models import Record, change_history, words_known
from suppliers.models.approvals import Approval
from suppliers.models.sources import Source
from suppliers.querysets import TakeoverQuerySet, TakeoverRowQuerySet


@words_known
class Takeover(Record):
    """A batch of proposed approvals from one document: an AML of a PLM or ERP, a spreadsheet.

    ``products`` and ``plants`` are the scope of rows without their own; none means all.
    ``state`` is derived from the rows, see :mod:`suppliers.workflow`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        DONE = "done"
        REFUSED = "refused"

    document = models.CharField(max_length=200)
    revision = models.CharField(max_length=60, blank=True, default="")
    dated = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED, editable=False)
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    plants = models.ManyToManyField(Plant, blank=True, related_name="+")
    origin = models.CharField(max_length=200, blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    history = change_history()
    objects = TakeoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="takeover_names_a_document"),
        ]
        indexes = [models.Index(fields=["state", "-created_at"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The document with its revision, as text."""
        return f"{self.document} rev. {self.revision}" if self.revision else self.document

    def get_absolute_url(self) -> str:
        return reverse("takeover_detail", args=[self.public_id])


@words_known
class TakeoverRow(Record):
    """A source that is approved in the document; ``renews`` is the approval that it prolongs."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        APPROVED = "approved"
        REFUSED = "refused"

    takeover = models.ForeignKey(Takeover, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="takeover_rows")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    approval = models.OneToOneField(
        Approval, models.PROTECT, null=True, related_name="takeover_row"
    )
    renews = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="+")
    history = change_history()
    objects = TakeoverRowQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["takeover", "position"], name="takeover_place_once"),
            models.UniqueConstraint(
                fields=["takeover", "source"],
                condition=~Q(state="refused"),
                name="takeover_source_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "approved"])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="takeover_row_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approval__isnull=False, decided_by__isnull=False)
                & ~Q(decided_by=F("confirmed_by")),
                name="takeover_row_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="takeover_row_refused_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)


@words_known
class ApprovalReview(models.Model):
    """A decision about a legacy or taken-over approval; rows are only added.

    ``keep``: the approval stays as it is until ``until``, when it is reviewed again.
    """

    class Decision(models.TextChoices):
        KEEP = "keep", "kept"
        WITHDRAW = "withdraw", "withdrawn"

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision)
    until = models.DateField(null=True, blank=True)
    reason = models.TextField()
    actor_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="keep", until__isnull=False)
                | Q(decision="withdraw", until__isnull=True),
                name="approval_review_keeps_until",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_review_says_why"),
        ]
        indexes = [models.Index(fields=["approval", "-id"])]

    def __str__(self) -> str:
        return f"{self.decision} {self.until or ''}"
