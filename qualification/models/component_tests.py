"""Component tests of a candidate: what is required, by which data it is shown, what is waived."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from qualification.component_tests import CHANGES, FEATURES, STANDARDS
from qualification.models.cases import Case
from secondsource.core.models import Record, change_history, words_known

STANDARD_CHOICES = [(word, name) for word, (name, _) in STANDARDS.items()]


@words_known
class ComponentTestPlan(Record):
    """The choices behind a case's proposed tests: the standard, and what is new."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="component_test_plan")
    standard = models.CharField(max_length=8, choices=STANDARD_CHOICES)
    changes = ArrayField(models.CharField(max_length=11, choices=CHANGES))
    features = ArrayField(models.CharField(max_length=6, choices=FEATURES), blank=True)
    history = change_history()

    def __str__(self) -> str:
        return f"{self.get_standard_display()} for {', '.join(self.changes)}"

    @property
    def changes_in_words(self) -> list[str]:
        """What is new, in small letters."""
        return [CHANGES[word].lower() for word in self.changes]


@words_known
class ComponentTest(Record):
    """A required test and the data that show it; ``sample_size`` is per lot.

    Without a size or number of lots the standard counts otherwise. A waived test counts as done.
    """

    class Origin(models.TextChoices):
        MANUFACTURER = "manufacturer", "manufacturer's data"
        OWN = "own", "our own test"
        GENERIC = "generic", "generic data of the family"

    case = models.ForeignKey(Case, models.CASCADE, related_name="component_tests")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    standard = models.CharField(max_length=40)
    revision = models.CharField(max_length=20, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    condition = models.CharField(max_length=300, blank=True, default="")
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    lots = models.PositiveSmallIntegerField(null=True, blank=True)
    allowed_failures = models.PositiveIntegerField(default=0)
    cpk_above = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    proposed = models.BooleanField(default=False)

    origin = models.CharField(max_length=12, choices=Origin, blank=True, default="")
    family = models.CharField(max_length=120, blank=True, default="")
    data_date = models.DateField(null=True, blank=True)
    lots_tested = models.PositiveSmallIntegerField(null=True, blank=True)
    units_tested = models.PositiveIntegerField(null=True, blank=True)
    failures = models.PositiveIntegerField(null=True, blank=True)
    cpk = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    note = models.TextField(blank=True, default="")

    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="component_test_once"),
            models.CheckConstraint(
                condition=models.Q(
                    origin="", data_date=None, lots_tested=None, units_tested=None, failures=None,
                    cpk=None,
                )
                | ~models.Q(origin="")
                & models.Q(
                    data_date__isnull=False, lots_tested__gte=1, units_tested__gte=1,
                    failures__lte=models.F("units_tested"),
                ),
                name="component_test_data_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(origin="generic") | ~models.Q(family=""),
                name="component_test_generic_family",
            ),
            models.CheckConstraint(
                condition=models.Q(waived_by=None, waived_reason="")
                | models.Q(waived_by__isnull=False) & ~models.Q(waived_reason=""),
                name="component_test_waived_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def asked_units(self) -> int | None:
        """Units over all lots; None where the standard counts otherwise."""
        if self.sample_size is None:
            return None
        return self.sample_size * (self.lots or 1)
