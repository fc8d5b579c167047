"""Requests for quotation: what is asked, and who is asked."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from parts.models import Part
from secondsource.core.models import Record, change_history, words_known
from suppliers.models.companies import Supplier
from suppliers.querysets import RfqQuerySet

#: So long a link shows what was quoted after the due date.
DAYS_AFTER_DUE = 14
#: So many volumes can be asked for in one line.
MOST_VOLUMES = 5


@words_known
class Rfq(Record):
    """A request for quotation; only ``suppliers.rfq_workflow`` changes its state.

    ``due``: the last day on which a quote arrives in time. ``currency``: the one in which quotes
    are compared. ``note`` is for the suppliers, ``closed_on`` the day whose rates and validities
    a comparison uses from then on.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        CLOSED = "closed"
        AWARDED = "awarded"
        CANCELLED = "cancelled"

    number = models.PositiveIntegerField(unique=True, editable=False)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    due = models.DateField()
    currency = models.CharField(max_length=3)
    note = models.TextField(blank=True, default="")
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField(null=True, blank=True, editable=False)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    history = change_history()
    objects = RfqQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due", "id"], name="rfq_by_state")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="rfq_has_title"),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="rfq_currency_code"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "closed", "awarded"]) | Q(sent_on__isnull=False),
                name="rfq_sent_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "awarded"]) | Q(closed_on__isnull=False),
                name="rfq_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """``RFQ-0007``."""
        return f"RFQ-{self.number:04d}"

    def get_absolute_url(self) -> str:
        return reverse("rfq_detail", args=[self.public_id])


class RfqLine(Record):
    """A part and the volumes for which prices are asked, rising.

    ``qualification_cost``: what it costs to qualify an alternate of the part, in the currency of
    the comparison, spread over ``amortise_units``; null means not known.
    """

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    part = models.ForeignKey(Part, models.PROTECT, related_name="rfq_lines")
    volumes = ArrayField(models.PositiveIntegerField(), size=MOST_VOLUMES)
    qualification_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    amortise_units = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rfq", "part"], name="rfq_part_once"),
            models.CheckConstraint(
                condition=Q(volumes__len__gte=1) & ~Q(volumes__contains=[0]),
                name="rfq_line_has_volumes",
            ),
            models.CheckConstraint(
                condition=Q(qualification_cost__isnull=True) | Q(qualification_cost__gte=0),
                name="rfq_line_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amortise_units__isnull=True) | Q(amortise_units__gte=1),
                name="rfq_line_amortised_over_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part.ipn} in {self.rfq.reference}"


class RfqInvitation(Record):
    """A supplier who is asked.

    ``revision`` is the number of its last quote: a new one is written on the number that its
    author saw.
    """

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="invitations")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="rfq_invitations")
    contact = models.EmailField(blank=True, default="")
    revision = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rfq", "supplier"], name="rfq_supplier_once"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier.name} for {self.rfq.reference}"


class QuoteLink(models.Model):
    """The address by which an invited supplier answers without a login.

    Only the hash of its token is kept, so it is shown once. A new one revokes the one before.
    """

    untraced_columns = ("digest", "last_used_at")

    invitation = models.ForeignKey(RfqInvitation, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(revoked_at__isnull=True),
                name="quote_link_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"link of {self.invitation_id}"

    @staticmethod
    def expiry_of(due: dt.date) -> dt.datetime:
        """The end of the last day of a link, in the company's calendar."""
        last = due + dt.timedelta(days=DAYS_AFTER_DUE + 1)
        return dt.datetime.combine(last, dt.time(), tzinfo=settings.COMPANY_TIME_ZONE)

    @staticmethod
    def digest_of(token: str) -> str:
        """SHA-256; the token is random, so no slow hash is needed."""
        return hashlib.sha256(token.encode()).hexdigest()
