"""Serializers of the business case, its planned cost and its cost log."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qualification.economics.readers import SeenFigures
from qualification.models import CostKind
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, ReasonShape, RecordShape, Shape

MOST = 10**12


class FiguresShape(Shape):
    """The six figures as the caller sees them; hidden ones are absent, unknown ones null."""

    knows_reader = True
    day = fields.Day()
    rounded = fields.Flag()
    saving = fields.Money("saving", places=2, allow_null=True)
    saving_basis = fields.Text()
    one_time_cost = fields.Money("one_time_cost", places=2, allow_null=True)
    payback_months = fields.DecimalText(allow_null=True)
    pays_back = fields.Flag(allow_null=True)
    npv = fields.Money("npv", places=2, allow_null=True)
    exposure_before = fields.Money("exposure_before", places=2, allow_null=True)
    exposure_after = fields.Money("exposure_after", places=2, allow_null=True)
    lost_before = fields.DecimalText(allow_null=True)
    lost_after = fields.DecimalText(allow_null=True)
    survival_before_wk = fields.DecimalText(source="survival_before", allow_null=True)
    survival_after_wk = fields.DecimalText(source="survival_after", allow_null=True)
    recovery_wk = fields.DecimalText(allow_null=True)
    share = fields.DecimalText()
    discount_rate = fields.DecimalText()
    horizon_months = fields.Whole()
    effort_h = fields.DecimalText(source="effort_hours")
    basis = serializers.DictField(child=fields.Text())

    def to_representation(self, seen: SeenFigures) -> dict[str, Any]:
        found = seen.figures
        shown: dict[str, Any] = super().to_representation(_With(found, rounded=seen.rounded))
        gone = {"effort_h" if name == "effort_hours" else name for name in seen.hidden}
        return {name: value for name, value in shown.items() if name not in gone}


class _With:
    """An object with further attributes."""

    def __init__(self, of: Any, **more: Any) -> None:
        self._of = of
        vars(self).update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


class SignedShape(Shape):
    """The version that the standing signatures were given on."""

    number = fields.Whole(source="version.number")
    created_at = fields.Moment(source="version.created_at")
    figures = FiguresShape()


class TimingShape(Shape):
    """The cost of a change in the phase of the products, as a factor."""

    factor = fields.Whole(allow_null=True)
    sentence = fields.Text()
    needs_reason = fields.Flag()
    reason = fields.Text()


class SideShape(Shape):
    """A source's lead time and carbon of a piece; null where they are not on record."""

    mpn = fields.Text()
    lead_time_days = fields.Whole(source="lead_days", allow_null=True)
    pcf_kg = fields.DecimalText(source="carbon_kg", allow_null=True)


class ComparisonShape(Shape):
    """The candidate against the incumbent."""

    incumbent = SideShape()
    candidate = SideShape()
    lead_change_days = fields.Whole(source="lead_change", allow_null=True)
    carbon_change_kg_a_year = fields.DecimalText(source="carbon_a_year", allow_null=True)


class InputsShape(Shape):
    """What people entered in place of the proposal; null = the proposal holds."""

    saving_per_year = fields.Money("saving_per_year", places=2, allow_null=True)
    share = fields.DecimalText(allow_null=True)
    discount_rate = fields.DecimalText(allow_null=True)
    horizon_months = fields.Whole(allow_null=True)
    exposure_note = fields.Text()
    no_cost_reason = fields.Text()
    note = fields.Text()


class TotalShape(Shape):
    """A cost in the company's currency; null without an exchange rate."""

    planned = fields.Money("planned", places=2, allow_null=True)
    actual = fields.Money("actual", places=2, allow_null=True)
    planned_h = fields.DecimalText()
    actual_h = fields.DecimalText()


class BusinessCaseShape(Shape):
    """The business case: today's figures, the signed ones, inputs, timing and comparison.

    ``costs`` is absent for callers who do not see the cost of the case.
    """

    knows_reader = True
    version = fields.Whole()
    inputs = InputsShape()
    figures = FiguresShape()
    signed = SignedShape(allow_null=True)
    missing = ReasonShape(many=True)
    timing = TimingShape()
    comparison = ComparisonShape()
    costs = TotalShape(allow_null=True)

    def to_representation(self, obj: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(obj)
        if obj.costs is None:
            del shown["costs"]
        if not obj.sees_sums:
            del shown["inputs"]["saving_per_year"]
        return shown


class BusinessCaseChanges(Input):
    """Inputs of the business case; null makes the proposal hold again."""

    saving_per_year = fields.Money("saving_per_year", places=2, required=False, allow_null=True)
    share = fields.DecimalText(required=False, allow_null=True, low=0, high=1, places=4)
    discount_rate = fields.DecimalText(required=False, allow_null=True, low=0, high=1, places=4)
    horizon_months = fields.Whole(required=False, allow_null=True, min_value=1, max_value=120)
    exposure_note = fields.Text(max_length=500, required=False, allow_blank=True)
    no_cost_reason = fields.Text(max_length=500, required=False, allow_blank=True)
    note = fields.Text(max_length=2_000, required=False, allow_blank=True)


class PlannedCostShape(RecordShape):
    """A planned cost; of working hours the hours and the rate at which they were planned."""

    kind = fields.Word(choices=CostKind.choices)
    amount = fields.Money("amount", places=2)
    hours = fields.DecimalText(allow_null=True)
    rate = fields.DecimalText(allow_null=True)
    note = fields.Text()


class CostInput(Input):
    """A cost: an amount, or working hours, which are priced by the house rules."""

    kind = fields.Word(choices=CostKind.choices)
    amount = fields.Money("amount", places=2, required=False)
    hours = fields.DecimalText(required=False, low=0, high=100_000, places=2)
    note = fields.Text(max_length=300, required=False, allow_blank=True)


class CostChanges(CostInput):
    """Changes of a planned cost; another kind takes its amount or hours with it."""

    kind = fields.Word(choices=CostKind.choices, required=False)


class CostFileShape(Shape):
    """A file that shows a cost."""

    id = fields.PublicId()
    name = fields.Text()
    size = fields.Whole()
    sha256 = fields.Text()


class CostEntryShape(PlannedCostShape):
    """An actual cost; ``corrects`` is the entry that a counter-entry reverses."""

    day = fields.Day()
    entered_by = fields.Text(source="entered_by.email", allow_null=True)
    corrects = fields.Key(allow_null=True)
    is_corrected = fields.Flag()
    evidence = CostFileShape(source="files", many=True)


class CostEntryInput(CostInput):
    """An actual cost of a day."""

    day = fields.Day()


class CostFileInput(Input):
    """A file that shows the cost."""

    file = serializers.FileField(max_length=200)


class CostCorrection(Input):
    """Why the entry is wrong."""

    reason = fields.Text(max_length=300)
