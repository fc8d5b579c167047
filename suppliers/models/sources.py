"""The approved manufacturer list: sources of parts."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parts.models import Part, Product
from secondsource.core.models import Record, change_history, words_known
from suppliers.models.manufacturer_parts import ManufacturerPart
from suppliers.querysets import SourceQuerySet


@words_known
class Source(Record):
    """One manufacturer part as a source of one of our parts.

    ``status`` and the columns from ``share_cap`` to ``shared`` are derived from facts; only
    ``suppliers.resolve`` writes them. ``share_cap`` is a fraction of the month's demand,
    ``quantity_cap`` the units granted since ``quantity_since`` (what is left of them: querysets'
    ``with_units_left``); null means no cap. ``reasons`` is a list of ``{code, detail}``. ``scope``
    is the products it is meant for, empty = all. ``valid_from`` and ``valid_to`` narrow the
    approval's own period. ``suppliers.independence_figures`` computes ``independence`` and
    ``would_count``: the source does not count today, and its open case would make it count.
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
        UNKNOWN = "unknown", "not known"

    part = models.ForeignKey(Part, models.CASCADE, related_name="sources", db_index=False)
    manufacturer_part = models.ForeignKey(ManufacturerPart, models.PROTECT, related_name="sources")
    role = models.CharField(max_length=9, choices=Role, default=Role.ALTERNATE)
    status = models.CharField(max_length=16, choices=Status, default=Status.CANDIDATE)
    scope = models.ManyToManyField(Product, blank=True, related_name="scoped_sources")
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    share_cap = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    quantity_cap = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    quantity_since = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True, db_default=[])
    capacity_wk = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    independence = models.CharField(
        max_length=11, choices=Independence, default=Independence.UNKNOWN
    )
    would_count = models.BooleanField(default=False, db_default=False)
    shared = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    conditions = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    approval = models.ForeignKey(  # guaranteed by source_approval_is_its_own
        "Approval", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    history = change_history()
    objects = SourceQuerySet.as_manager()
    #: Set by ``with_units_left``.
    units_left: Decimal | None

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
        indexes = [
            models.Index(fields=["part", "status"]),
            models.Index(fields=["status", "id"], name="source_by_status"),
            models.Index(fields=["created_at", "id"], name="source_by_creation"),
            models.Index(
                models.F("approval").desc(nulls_last=True),
                models.F("id").desc(),
                name="source_by_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_part} for {self.part}"

    @property
    def was_approved(self) -> bool:
        """Whether the source has or had an approval that a new case must not change."""
        waiting = (self.Status.CANDIDATE, self.Status.IN_QUALIFICATION, self.Status.INTERIM)
        return self.status not in waiting
