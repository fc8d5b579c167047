"""Approvals of sources and their revocations: facts that are only added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from parts.models import Product
from secondsource.accounts.models import Plant
from secondsource.core.models import words_known
from suppliers.models.sources import Source
from suppliers.querysets import ApprovalQuerySet


@words_known
class Approval(models.Model):
    """The evidence on which a source may be ordered, for a scope and a period.

    Rows are never changed or removed. An approval ends on ``valid_to`` or by a :class:`Revocation`.
    ``products`` and ``plants`` are its scope; none means all. ``quantity`` is the number of units
    granted and ``share`` the fraction of a month's demand; null means no cap. ``second_id`` is the
    person who confirmed the decision of the first one (``actor_id``). An approval outlives a source
    that an undone import removes, so there is no foreign key in the database; a trigger checks that
    the source exists and has no other approval at the same time. ``conditions`` and
    ``accepted_risks`` are one a line, as they were when it was given; who orders is warned of them.
    """

    class Kind(models.TextChoices):
        CASE = "case"
        INTERIM = "interim"
        OVERRIDE = "override"
        LEGACY = "legacy"
        TAKEOVER = "takeover", "taken over"

    source = models.ForeignKey(
        Source, models.DO_NOTHING, related_name="approvals", db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    evidence_ref = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    conditions = models.TextField(blank=True, default="", db_default="")
    accepted_risks = models.TextField(blank=True, default="", db_default="")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    plants = models.ManyToManyField(Plant, blank=True, related_name="+")
    actor_id = models.BigIntegerField(null=True, blank=True)
    job = models.CharField(max_length=60, blank=True, default="")
    second_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["valid_from", "source"], name="approval_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="approval_period_forward",
            ),
            models.CheckConstraint(condition=~Q(evidence_ref=""), name="approval_has_evidence"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
                name="approval_quantity_positive",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="approval_share_fraction",
            ),
            models.CheckConstraint(
                condition=~Q(kind="interim") | Q(quantity__isnull=False, valid_to__isnull=False),
                name="approval_interim_is_limited",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["override", "takeover"])
                | Q(valid_to__isnull=False, second_id__isnull=False) & ~Q(second_id=F("actor_id")),
                name="approval_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.evidence_ref}"


@words_known
class Revocation(models.Model):
    """The end of an approval before its last day: actor, time and cause.

    ``superseded``: another approval took its place. ``rolled_back`` and ``withdrawn``: the source
    must be qualified again. ``sent_back`` and ``undone``: the approval counts as if it had never
    been given.
    """

    class Cause(models.TextChoices):
        SUPERSEDED = "superseded"
        ROLLED_BACK = "rolled_back", "rolled back"
        WITHDRAWN = "withdrawn"
        SENT_BACK = "sent_back", "sent back"
        UNDONE = "undone"

    approval = models.OneToOneField(
        Approval, models.PROTECT, primary_key=True, related_name="revocation"
    )
    cause = models.CharField(max_length=11, choices=Cause)
    reason = models.TextField(blank=True, default="")
    actor_id = models.BigIntegerField(null=True, blank=True)
    job = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.cause}: {self.reason}"
