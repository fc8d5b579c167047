"""The approved manufacturer list: a part's sources and the approvals behind them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import Now

from parts.models import Part, Product
from secondsource.core.models import Record, change_history
from suppliers.models.manufacturer_parts import ManufacturerPart
from suppliers.querysets import SourceQuerySet


class Source(Record):
    """One manufacturer part as a source of one of our parts.

    ``status``, ``share_cap`` (fraction of the month's demand) and ``quantity_cap`` (units left)
    are written by qualification; null caps mean no cap. ``product_codes`` is the scope, empty =
    all products. ``valid_from`` and ``valid_to`` bound its use inside the approval's own period:
    they narrow, they never approve. Independence is judged against the part's other approved
    sources.
    """

    class Role(models.TextChoices):
        INCUMBENT = "incumbent"
        ALTERNATE = "alternate"

    class Status(models.TextChoices):
        CANDIDATE = "candidate"
        IN_QUALIFICATION = "in_qualification", "in qualification"
        INTERIM = "interim"
        APPROVED = "approved"
        REQUALIFY = "requalify"
        PHASE_OUT = "phase_out", "phase-out"
        DISQUALIFIED = "disqualified"

    class Independence(models.TextChoices):
        INDEPENDENT = "independent"
        PARTLY = "partly", "partly independent"
        NOMINAL = "nominal"

    part = models.ForeignKey(Part, models.CASCADE, related_name="sources", db_index=False)
    manufacturer_part = models.ForeignKey(ManufacturerPart, models.PROTECT, related_name="sources")
    role = models.CharField(max_length=9, choices=Role, default=Role.ALTERNATE)
    status = models.CharField(max_length=16, choices=Status, default=Status.CANDIDATE)
    scope = models.ManyToManyField(Product, blank=True, related_name="scoped_sources")
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    share_cap = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    quantity_cap = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    capacity_wk = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    independence = models.CharField(
        max_length=11, choices=Independence, default=Independence.INDEPENDENT
    )
    shared = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    conditions = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    approval = models.ForeignKey(  # source_approval_is_its_own keeps it true
        "Approval", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    history = change_history()
    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "manufacturer_part"], name="source_once"),
            models.CheckConstraint(
                condition=~models.Q(status__in=["approved", "interim"])
                | models.Q(approval__isnull=False),
                name="source_approved_needs_approval",
            ),
            models.CheckConstraint(
                condition=models.Q(share_cap__isnull=True) | models.Q(share_cap__range=(0, 1)),
                name="source_share_cap_fraction",
            ),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__range=(0, 1)),
                name="source_share_fraction",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity_cap__isnull=True) | models.Q(quantity_cap__gte=0),
                name="source_quantity_cap_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="source_period_forward",
            ),
        ]
        indexes = [models.Index(fields=["part", "status"])]

    def __str__(self) -> str:
        return f"{self.manufacturer_part} for {self.part}"


class DateRange(models.Func):
    """The half-open range of an approval's days; no end = for ever."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Approval(models.Model):
    """The evidence behind an approved or interim source; rows end, they are never changed back."""

    class Kind(models.TextChoices):
        CASE = "case"
        INTERIM = "interim"
        OVERRIDE = "override"
        LEGACY = "legacy"

    source = models.ForeignKey(Source, models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=8, choices=Kind)
    evidence_ref = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    job = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="approval_period_forward",
            ),
            models.CheckConstraint(
                condition=~models.Q(evidence_ref=""), name="approval_has_evidence"
            ),
            ExclusionConstraint(
                name="approval_no_overlap",
                expressions=[
                    ("source", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", RangeBoundary(True, True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.evidence_ref}"
