"""Products and assemblies."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from parts.models.catalogue import Part
from parts.querysets import ProductQuerySet
from secondsource.accounts.models import Plant, ProductLine
from secondsource.accounts.models.plants import Coded
from secondsource.core.models import change_history, words_known


@words_known
class Product(Coded):
    """A product or an assembly; other products use it as ``part``.

    ``phase`` is empty while it is not known.
    """

    class Phase(models.TextChoices):
        CONCEPT = "concept"
        DEVELOPMENT = "development"
        DESIGN_FREEZE = "design_freeze", "design freeze"
        PILOT = "pilot"
        MASS_PRODUCTION = "mass_production", "mass production"
        END_OF_LIFE = "end_of_life", "end of life"

    phase = models.CharField(max_length=15, choices=Phase, blank=True, default="")
    monthly_volume = models.PositiveIntegerField(null=True, blank=True)
    unit_margin = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    annual_revenue = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    plants = models.ManyToManyField(Plant, blank=True, related_name="products")
    product_line = models.ForeignKey(
        ProductLine, models.PROTECT, null=True, blank=True, related_name="products"
    )
    customer_approval = models.BooleanField(default=False)
    part = models.OneToOneField(
        Part, models.PROTECT, null=True, blank=True, related_name="assembly"
    )
    history = change_history()
    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="product_by_name"),
            models.Index(fields=["monthly_volume", "id"], name="product_by_volume"),
            models.Index(
                models.F("monthly_volume").desc(nulls_last=True),
                models.F("id").desc(),
                name="product_by_volume_falling",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_margin__isnull=True, annual_revenue__isnull=True)
                | models.Q(currency__regex="^[A-Z]{3}$"),
                name="product_money_has_currency",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("product_detail", args=[self.code])
