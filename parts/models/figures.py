"""Computed columns of a part: apps above write them, lists read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from parts.models.catalogue import Part
from secondsource.core import clock
from secondsource.core.models.base import words_known


class PartFiguresQuerySet(models.QuerySet[Any]):
    """Queries that lock figures and make missing ones."""

    def lock(self, part_ids: Iterable[int]) -> None:
        """Lock the rows of these parts in the order of their keys until the transaction ends.

        Missing rows are made. Every change that affects a part's sources locks this row first, so
        that two changes of one part wait for each other without a deadlock.
        """
        ids = sorted(set(part_ids))
        found = self.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
        if len(found.values_list("pk")) < len(ids):
            self.make_missing(ids)
            len(found.values_list("pk"))

    def make_missing(self, part_ids: Iterable[int]) -> None:
        """Insert empty rows for parts without figures; lists only show parts that have one."""
        now, asked = clock.now(), set(part_ids)
        there = PartFigures.objects.filter(pk__in=asked).values_list("pk", flat=True)
        missing = sorted(asked.difference(there))
        rows = (PartFigures(part_id=pk, computed_at=now) for pk in missing)
        PartFigures.objects.bulk_create(rows, batch_size=5_000, ignore_conflicts=True)


@words_known
class PartFigures(models.Model):
    """Figures of a part in lists, with the time and the policy of their computation.

    Null means missing, never zero. ``spend_12m`` is in the company's currency;
    ``spend_basis`` is its basis; ``unpriced_receipts`` of the period are not in the sum.
    ``annual_demand`` is the given demand, else ``bom_demand``, the demand of BOMs at the products'
    yearly volumes. ``search_text`` contains all numbers and manufacturer names of the part in upper
    case.

    ``counted_sources`` are approved and not nominal, ``independent_sources`` those of them whose
    independence is known. ``supply`` is the count as a word, for parts that are bought and used;
    ``in_qualification``: an open case would take the part out of ``none`` or ``single``.
    """

    untraced = "computed"

    class Basis(models.TextChoices):
        RECEIPTS = "receipts"
        OFFER = "offer", "demand × best offer"
        STANDARD = "standard", "demand × standard cost"
        MISSING = "missing"

    class Supply(models.TextChoices):
        NONE = "none", "no approved source"
        SINGLE = "single", "single source"
        SEVERAL = "several", "two or more"
        LEFT_OUT = "left_out", "not counted"

    class DemandBasis(models.TextChoices):
        GIVEN = "given"
        BOM = "bom", "BOMs × volumes"
        MISSING = "missing"

    part = models.OneToOneField(Part, models.CASCADE, primary_key=True, related_name="figures")
    approved_sources = models.PositiveIntegerField(default=0)
    counted_sources = models.PositiveIntegerField(default=0, db_default=0)
    independent_sources = models.PositiveIntegerField(default=0)
    underway_sources = models.PositiveIntegerField(default=0)
    candidate_sources = models.PositiveIntegerField(default=0)
    supply = models.CharField(
        max_length=8, choices=Supply, default=Supply.LEFT_OUT, db_default="left_out"
    )
    in_qualification = models.BooleanField(default=False, db_default=False)
    single_source = models.BooleanField(default=False)
    incumbent_mpn = models.CharField(max_length=200, blank=True, default="")
    incumbent_manufacturer = models.CharField(max_length=200, blank=True, default="")
    month_demand = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    annual_demand = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    bom_demand = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    demand_basis = models.CharField(
        max_length=7, choices=DemandBasis, default=DemandBasis.MISSING, db_default="missing"
    )
    spend_12m = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    spend_basis = models.CharField(max_length=8, choices=Basis, default=Basis.MISSING)
    unpriced_receipts = models.PositiveIntegerField(default=0, db_default=0)
    cover_wk = models.DecimalField(max_digits=12, decimal_places=1, null=True, blank=True)
    lead_wk = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    case_key = models.CharField(max_length=12, blank=True, default="", db_default="")
    case_state = models.CharField(max_length=14, blank=True, default="", db_default="")
    search_text = models.TextField(blank=True, default="")
    computed_at = models.DateTimeField()
    policy_version = models.PositiveIntegerField(default=0)
    objects = PartFiguresQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="part_search_trigram"
            ),
            models.Index(
                models.F("spend_12m").desc(nulls_last=True),
                models.F("part").desc(),
                name="part_by_spend",
            ),
            models.Index(fields=["spend_12m", "part"], name="part_by_spend_rising"),
            models.Index(fields=["cover_wk", "part"], name="part_by_cover"),
            models.Index(
                models.F("cover_wk").desc(nulls_last=True),
                models.F("part").desc(),
                name="part_by_cover_falling",
            ),
            models.Index(fields=["incumbent_mpn", "part"], name="part_by_incumbent"),
            models.Index(fields=["counted_sources", "part"], name="part_by_counted_sources"),
            models.Index(fields=["approved_sources", "part"], name="part_by_approved_sources"),
            models.Index(
                fields=["part"],
                condition=models.Q(in_qualification=True),
                name="part_in_qualification",
            ),
            models.Index(fields=["part"], include=["supply"], name="part_with_supply"),
            models.Index(
                models.F("supply"),
                models.F("spend_12m").desc(nulls_last=True),
                models.F("part").desc(),
                name="part_supply_by_spend",
            ),
        ]

    def __str__(self) -> str:
        return f"figures of {self.part_id}"

    @property
    def unknown_sources(self) -> int:
        """Counted sources whose independence is not known."""
        return self.counted_sources - self.independent_sources

    @property
    def nominal_sources(self) -> int:
        """Approved sources that share too much with another one to be counted."""
        return self.approved_sources - self.counted_sources
