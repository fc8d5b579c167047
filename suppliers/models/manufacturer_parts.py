"""A maker's part: its number as written and as compared, its parameters, where it is made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from parts.models.catalogue import Lifecycle
from secondsource.core.models import Record, change_history
from suppliers.models.companies import Site, Supplier


class ManufacturerPart(Record):
    """A maker's orderable part; ``mpn_normal`` is what two spellings are compared by."""

    manufacturer = models.ForeignKey(Supplier, models.PROTECT, related_name="manufacturer_parts")
    mpn = models.CharField(max_length=200)
    mpn_normal = models.CharField(max_length=200)
    description = models.CharField(max_length=300, blank=True, default="")
    lifecycle = models.CharField(max_length=13, choices=Lifecycle, default=Lifecycle.UNKNOWN)
    lifecycle_as_of = models.DateField(null=True, blank=True)
    lifecycle_source = models.CharField(max_length=120, blank=True, default="")
    die = models.CharField(max_length=80, blank=True, default="")
    history = change_history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "mpn_normal"], name="manufacturer_part_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(mpn_normal=""), name="manufacturer_part_has_number"
            ),
        ]
        indexes = [models.Index(fields=["mpn_normal"])]

    def __str__(self) -> str:
        return self.mpn


class ManufacturerPartSite(models.Model):
    """Which site does what for a maker's part."""

    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.CASCADE, related_name="part_sites"
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="made_parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manufacturer_part", "site"], name="part_site_once")
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_part_id} at {self.site_id}"


class Parameter(models.Model):
    """One line of a maker's datasheet: numbers with a unit, or a text."""

    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.CASCADE, related_name="parameters"
    )
    name = models.CharField(max_length=80)
    minimum = models.FloatField(null=True, blank=True)
    typical = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    condition = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer_part", "name", "condition"], name="parameter_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
