"""Results of pilot builds: facts that are only added."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from parts.models import Product
from qualification.models.pilot_plans import PilotPlan
from secondsource.accounts.models import Plant
from secondsource.core.models import words_known


class ResultQuerySet(models.QuerySet[Any]):
    """Facts of which some are corrected by a counter-entry."""

    def standing(self) -> ResultQuerySet:
        """Facts that count: neither a counter-entry nor corrected by one."""
        corrections = self.model._default_manager.filter(corrects=OuterRef("pk"))
        return self.filter(Q(corrects__isnull=True) & ~Exists(corrections))


class PilotBuild(models.Model):
    """Units of one product model, lot and day: started, and good at first pass.

    A wrong build gets a counter-entry with the opposite numbers, which ``corrects`` it, with the
    reason as its ``note``. Neither of the two counts. ``batch`` is the import that added it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(PilotPlan, models.PROTECT, related_name="builds")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    plant = models.ForeignKey(Plant, models.PROTECT, null=True, blank=True, related_name="+")
    line = models.CharField(max_length=40, blank=True, default="")
    lot = models.CharField(max_length=60)
    built_on = models.DateField()
    started = models.IntegerField()
    good = models.IntegerField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    note = models.CharField(max_length=300, blank=True, default="")
    batch = models.UUIDField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    corrects__isnull=True, started__gt=0, good__gte=0, good__lte=F("started"),
                )
                | Q(
                    corrects__isnull=False, started__lt=0, good__lte=0, good__gte=F("started"),
                )
                & ~Q(note=""),
                name="pilot_build_counts",
            ),
            models.CheckConstraint(condition=~Q(lot=""), name="pilot_build_has_lot"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["batch"], name="pilot_build_by_batch")]

    def __str__(self) -> str:
        return f"{self.product_id} lot {self.lot}: {self.good} of {self.started}"

    @property
    def key(self) -> str:
        """The public key."""
        return str(self.public_id)

    @property
    def failed(self) -> int:
        """Units that were not good at first pass."""
        return self.started - self.good


class PilotDefect(models.Model):
    """What failed in a build, and in how many units."""

    build = models.ForeignKey(PilotBuild, models.PROTECT, related_name="defects")
    description = models.CharField(max_length=120)
    count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["build", "description"], name="pilot_defect_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="pilot_defect_counted"),
            models.CheckConstraint(condition=~Q(description=""), name="pilot_defect_described"),
        ]

    def __str__(self) -> str:
        return f"{self.description}: {self.count}"


class ReliabilityTest(models.Model):
    """A life test of devices of the alternate, ended by time: hours, failures, temperatures.

    With ``use_c`` and ``stress_c`` (junction temperatures) its hours are converted to use.
    A later row with the same test ``replaces`` an earlier one, with the reason as its ``note``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(PilotPlan, models.PROTECT, related_name="reliability_tests")
    name = models.CharField(max_length=80)
    devices = models.PositiveIntegerField()
    hours = models.DecimalField(max_digits=10, decimal_places=2)
    failures = models.PositiveIntegerField(default=0)
    use_c = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    stress_c = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    activation_energy_ev = models.DecimalField(max_digits=4, decimal_places=2, default="0.70")
    confidence = models.DecimalField(max_digits=5, decimal_places=4, default="0.6000")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    note = models.CharField(max_length=300, blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(devices__gt=0, hours__gt=0, failures__lte=F("devices")),
                name="reliability_test_counts",
            ),
            models.CheckConstraint(
                condition=Q(use_c__isnull=True, stress_c__isnull=True)
                | Q(use_c__isnull=False, stress_c__isnull=False),
                name="reliability_test_both_temperatures",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gt=0, confidence__lt=1, activation_energy_ev__gt=0),
                name="reliability_test_confidence",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(note=""),
                name="reliability_test_replaced_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The public key."""
        return str(self.public_id)


class MeasurementBatch(models.Model):
    """Measurements of one case that came with one import; taken back, they do not count."""

    ref = models.UUIDField(default=uuid.uuid4)
    plan = models.ForeignKey(PilotPlan, models.PROTECT, related_name="measurement_batches")
    origin = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ref", "plan"], name="measurement_batch_once")
        ]

    def __str__(self) -> str:
        return self.origin


@words_known
class Measurement(models.Model):
    """A measured value of one unit: a fact that is only added, many at a time.

    ``arm`` says whether the unit has the incumbent or the alternate.
    """

    class Arm(models.TextChoices):
        INCUMBENT = "incumbent"
        ALTERNATE = "alternate"

    batch = models.ForeignKey(MeasurementBatch, models.PROTECT, related_name="measurements")
    parameter = models.CharField(max_length=80)
    arm = models.CharField(max_length=9, choices=Arm)
    lot = models.CharField(max_length=60, blank=True, default="")
    serial = models.CharField(max_length=60, blank=True, default="")
    value = models.FloatField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.parameter} {self.value}"
