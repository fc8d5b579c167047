"""Categories, parts and requirements."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse

from parts.querysets import PartQuerySet
from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core.models import Record, change_history, words_known

validate_ipn = RegexValidator(
    CODE_PATTERN, "A part number has capital letters, digits, point, hyphen, underscore."
)


class RiskClass(models.TextChoices):
    """How much qualification work a change of such a part needs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class MadeIn(models.TextChoices):
    """Where parts of a kind are made; the default time to recover depends on it."""

    FAB = "fab", "wafer fab"
    ASSEMBLY = "assembly", "assembly plant"


class Lifecycle(models.TextChoices):
    """Where a part stands in its manufacturer's life cycle (EIA-724 and manufacturers' words)."""

    INTRODUCTION = "introduction"
    GROWTH = "growth"
    MATURE = "mature"
    DECLINE = "decline"
    NRND = "nrnd", "NRND"
    PHASE_OUT = "phase_out", "Phase-out"
    LAST_TIME_BUY = "last_time_buy", "Last-time buy"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"


#: Values of the life cycle that count as active.
ACTIVE_LIFECYCLES = (
    Lifecycle.INTRODUCTION,
    Lifecycle.GROWTH,
    Lifecycle.MATURE,
    Lifecycle.DECLINE,
)


@words_known
class Category(Record):
    """A node of the category tree; ``path`` is its place, such as ``passives/capacitors``.

    ``made_in`` is the kind of plant that must recover when a site stops: a wafer fab for
    semiconductors, an assembly plant for connectors and passives.
    """

    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    ipn_prefix = models.CharField(max_length=12, default="", blank=True)
    risk_class = models.CharField(max_length=6, choices=RiskClass, default=RiskClass.MEDIUM)
    made_in = models.CharField(max_length=8, choices=MadeIn, default=MadeIn.FAB, db_default="fab")
    history = change_history()

    class Meta:
        verbose_name_plural = "categories"
        ordering: ClassVar[list[str]] = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return self.path


@words_known
class Part(Record):
    """A part under our own number (IPN); manufacturers' parts are its sources.

    Stock and open orders are as of ``stock_as_of``. ``given_demand`` is the yearly demand stated by
    a planner or an ERP, with its origin and day; without it the demand follows from BOMs.
    """

    class Criticality(models.TextChoices):
        A = "a", "A"
        B = "b", "B"
        C = "c", "C"

    ipn = models.CharField(max_length=40, unique=True, validators=[validate_ipn])
    description = models.CharField(max_length=300, blank=True, default="")
    category = models.ForeignKey(Category, models.PROTECT, related_name="parts")
    criticality = models.CharField(max_length=1, choices=Criticality, default=Criticality.B)
    lifecycle = models.CharField(max_length=13, choices=Lifecycle, default=Lifecycle.UNKNOWN)
    unit = models.CharField(max_length=12, default="pcs")
    value = models.CharField(max_length=120, blank=True, default="")
    footprint = models.CharField(max_length=200, blank=True, default="")
    stock_qty = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    open_order_qty = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    safety_stock = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    stock_as_of = models.DateField(null=True, blank=True)
    stock_source = models.CharField(max_length=120, blank=True, default="", db_default="")
    given_demand = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    demand_as_of = models.DateField(null=True, blank=True)
    demand_source = models.CharField(max_length=120, blank=True, default="", db_default="")
    standard_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    standard_cost_currency = models.CharField(max_length=3, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="parts"
    )
    history = change_history()
    objects = PartQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(OpClass(Upper("ipn"), name="gin_trgm_ops"), name="part_ipn_trigram"),
            models.Index(fields=["lifecycle"], name="part_by_lifecycle"),
            models.Index(fields=["created_at", "id"], name="part_by_creation"),
            models.Index(fields=["updated_at", "id"], name="part_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ipn__regex=CODE_PATTERN), name="part_ipn_form"
            ),
            models.CheckConstraint(
                condition=models.Q(standard_cost__isnull=True)
                | models.Q(standard_cost__gte=0, standard_cost_currency__regex="^[A-Z]{3}$"),
                name="part_cost_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(safety_stock__isnull=True) | models.Q(safety_stock__gte=0),
                name="part_safety_stock_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(given_demand__isnull=True) | models.Q(given_demand__gte=0),
                name="part_demand_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.ipn

    @property
    def key(self) -> str:
        return self.ipn

    def get_absolute_url(self) -> str:
        return reverse("part_detail", args=[self.ipn])


@words_known
class Requirement(Record):
    """What *we* need of a part's parameter, whoever manufactures it.

    ``within``: the part's range lies inside ours; ``covers``: it includes ours. Only guaranteed
    values meet a limit, unless the requirement is ``on_typical``.
    """

    class Rule(models.TextChoices):
        EQUAL = "equal"
        AT_LEAST = "at_least", "at least"
        AT_MOST = "at_most", "at most"
        WITHIN = "within"
        COVERS = "covers"
        ONE_OF = "one_of", "one of"
        ALL_OF = "all_of", "all of"
        INFORMATIONAL = "informational"

    part = models.ForeignKey(Part, models.CASCADE, related_name="requirements")
    group = models.CharField(max_length=60, blank=True, default="")
    parameter = models.CharField(max_length=80)
    rule = models.CharField(max_length=13, choices=Rule)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    on_typical = models.BooleanField(default=False, db_default=False)
    consequence = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["part", "parameter"], name="requirement_once"),
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=True)
                | models.Q(maximum__isnull=True)
                | models.Q(minimum__lte=models.F("maximum")),
                name="requirement_limits_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.rule}"
