"""Bills of material by revision, and the usage of parts through all levels."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parts.models.catalogue import Part
from parts.models.products import Product
from secondsource.core.models import Record, change_history


class BomRevision(Record):
    """A revision of a product's bill of material; exactly one of each product is current."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True, default="")
    current = models.BooleanField(default=True)
    origin = models.CharField(max_length=120, blank=True, default="")
    history = change_history()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(current=True), name="revision_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"rev {self.number}"


class BomLine(models.Model):
    """A line: part, quantity in one product, designators, and the manufacturers in the file.

    ``quantity`` includes ``quantity_not_fitted``, the pieces that are not placed. ``alternates`` is
    a list as read from the file: ``[{"manufacturer", "mpn", "read_from"}]``.
    """

    untraced_inserts = "written with their revision, whose history says by whom"

    revision = models.ForeignKey(  # the constraint bom_position_once has an index
        BomRevision, models.CASCADE, related_name="lines", db_index=False
    )
    position = models.PositiveIntegerField()
    source_row = models.PositiveIntegerField(null=True, blank=True)
    part = models.ForeignKey(Part, models.PROTECT, related_name="bom_lines")
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    quantity_not_fitted = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    designators = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    value = models.CharField(max_length=200, blank=True, default="")
    footprint = models.CharField(max_length=200, blank=True, default="")
    manufacturer = models.CharField(max_length=200, blank=True, default="")
    mpn = models.CharField(max_length=200, blank=True, default="")
    alternates = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="bom_position_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=0, quantity_not_fitted__gte=0)
                & models.Q(quantity_not_fitted__lte=models.F("quantity")),
                name="bom_quantity_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.quantity}"


class PartUsage(models.Model):
    """The quantity of a part in one piece of a product through all BOM levels (computed)."""

    untraced = "computed"

    part = models.ForeignKey(  # the constraint usage_once has an index
        Part, models.CASCADE, related_name="usages", db_index=False
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="usages")
    quantity = models.DecimalField(max_digits=24, decimal_places=4)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "product"], name="usage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} in {self.product_id}"
