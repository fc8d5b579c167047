"""What a step of a gate asks for, in an SOP and in a case."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qualification.models.cases import State
from secondsource.accounts.rights import Function
from secondsource.core.formats import number, quantity


class StepKind(models.TextChoices):
    """How a step without linked work is done: by a tick, a value within its limits, a file."""

    TICK = "tick"
    VALUE = "value"
    DOCUMENT = "document"


class Step(models.Model):
    """A step: its text, what it asks for and who signs the gate because of it.

    A step with a ``link`` is done when that work of the case is, whatever its kind. ``guidance``
    says why the step matters. ``lower`` and ``upper`` are the limits of a value in ``unit``.
    """

    class Link(models.TextChoices):
        BUSINESS_CASE = "business_case", "business case"
        DEVIATIONS = "deviations", "deviations"
        CLEARANCE = "clearance", "IP clearance"
        DECLARATIONS = "declarations", "declarations"
        COMPONENT_TESTS = "component_tests", "component tests"
        INSPECTIONS = "inspections", "incoming inspections"
        PPAP = "ppap", "PPAP"
        FMEA = "fmea", "FMEA"
        PILOT_PLAN = "pilot_plan", "pilot plan"
        PILOT_RESULTS = "pilot_results", "pilot results"
        ACCEPTED_RISKS = "accepted_risks", "accepted risks"
        CUSTOMER_APPROVALS = "customer_approvals", "customer approvals"
        INTRODUCTION = "introduction", "introduction"
        ROLLBACK_PLAN = "rollback_plan", "rollback plan"

    gate = models.CharField(max_length=14, choices=State)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True, default="", db_default="")
    text = models.CharField(max_length=300)
    guidance = models.TextField(blank=True, default="", db_default="")
    required = models.BooleanField(default=True)
    evidence_required = models.BooleanField(default=False)
    kind = models.CharField(
        max_length=8, choices=StepKind, default=StepKind.TICK, db_default="tick"
    )
    unit = models.CharField(max_length=12, blank=True, default="", db_default="")
    lower = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    upper = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    functions = ArrayField(
        models.CharField(max_length=13, choices=Function), default=list, blank=True
    )
    link = models.CharField(max_length=20, choices=Link, blank=True, default="", db_default="")

    #: The fields that a case takes over from its SOP.
    FROZEN: ClassVar[tuple[str, ...]] = (
        "code", "text", "guidance", "required", "evidence_required", "kind", "unit", "lower",
        "upper", "functions", "link",
    )  # fmt: skip

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def is_ticked(self) -> bool:
        """Whether a person ticks the step."""
        return not self.link and self.kind == StepKind.TICK

    @property
    def asks_for(self) -> str:
        """``A value of 4.7 to 10 µF``, ``A file``; '' for a plain tick."""
        if self.link:
            return f"Done with the {self.get_link_display()}"
        if self.kind == StepKind.VALUE:
            return f"A value of {self.limits}" if self.limits else f"A value in {self.unit}"
        if self.kind == StepKind.DOCUMENT:
            return "A file"
        return "A tick with a file" if self.evidence_required else ""

    @property
    def limits(self) -> str:
        """``4.7 to 10 µF``, ``at least 4.7 µF``, ``at most 260 °C``; '' without limits."""
        low, high = self.lower, self.upper
        if low is not None and high is not None:
            return f"{number(low)} to {quantity(high, self.unit)}"
        if low is not None:
            return f"at least {quantity(low, self.unit)}"
        return "" if high is None else f"at most {quantity(high, self.unit)}"

    def misses(self, value: Decimal) -> str:
        """``2.1 µF is below 4.7 µF.``; '' for a value within the limits."""
        shown = quantity(value, self.unit)
        if self.lower is not None and value < self.lower:
            return f"{shown} is below {quantity(self.lower, self.unit)}."
        if self.upper is not None and value > self.upper:
            return f"{shown} is above {quantity(self.upper, self.unit)}."
        return ""


def step_constraints(name: str) -> list[models.BaseConstraint]:
    """The rules of a step's fields, for the table ``name``."""
    is_value = Q(kind=StepKind.VALUE)
    return [
        models.CheckConstraint(
            condition=Q(link="") | Q(kind=StepKind.TICK), name=f"{name}_link_without_kind"
        ),
        models.CheckConstraint(
            condition=is_value & ~Q(unit="")
            | ~is_value & Q(unit="", lower__isnull=True, upper__isnull=True),
            name=f"{name}_limits_of_value",
        ),
        models.CheckConstraint(
            condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
            name=f"{name}_limits_in_order",
        ),
    ]
