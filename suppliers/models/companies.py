"""Companies that manufacture or sell parts, the spellings of their names, and their sites."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from secondsource.accounts.models.plants import CODE_PATTERN, Coded
from secondsource.core.models import Record, change_history, words_known
from suppliers.querysets import SupplierQuerySet


@words_known
class Supplier(Coded):
    """A manufacturer or distributor; ``group`` is the legal group's head company.

    ``placeholder``: the row for parts whose file names no manufacturer. ``merged_into``: the
    company into which this one was merged. Neither is listed, counted or changed.
    """

    class Kind(models.TextChoices):
        MANUFACTURER = "manufacturer"
        DISTRIBUTOR = "distributor"

    class Standing(models.TextChoices):
        NOT_ASSESSED = "not_assessed", "not assessed"
        PREFERRED = "preferred"
        APPROVED = "approved"
        PROBATION = "probation"
        PHASE_OUT = "phase_out", "phase-out"
        DISQUALIFIED = "disqualified"

    kinds = ArrayField(models.CharField(max_length=12, choices=Kind), default=list, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.NOT_ASSESSED)
    group = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="companies"
    )
    placeholder = models.BooleanField(default=False, db_default=False, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    history = change_history()
    objects = SupplierQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="supplier_by_name"),
            models.Index(fields=["country", "id"], name="supplier_by_country"),
            models.Index(fields=["standing", "id"], name="supplier_by_standing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=CODE_PATTERN),
                name="supplier_code_form",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="supplier_not_its_own_merger"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("supplier_detail", args=[self.code])


class SupplierAlias(models.Model):
    """A spelling of a supplier's name in normal form; each belongs to one supplier."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=200)
    normal = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.text


@words_known
class Site(Record):
    """A site of a supplier: production, test or storage."""

    class Activity(models.TextChoices):
        FAB = "fab"
        ASSEMBLY = "assembly"
        TEST = "test"
        WAREHOUSE = "warehouse"
        OFFICE = "office"

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    activity = models.CharField(max_length=9, choices=Activity)
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    recovery_days = models.PositiveIntegerField(null=True, blank=True)
    history = change_history()

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="site_by_name"),
            models.Index(fields=["country", "id"], name="site_by_country"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name", "activity"], name="site_name_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_coordinates_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"
