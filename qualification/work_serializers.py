"""Serializers of component tests, samples, inspections and PPAP."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qualification.component_tests import CHANGES, FEATURES
from qualification.models import (
    ComponentTest,
    InspectionLot,
    PpapElement,
    PpapSubmission,
    Sample,
)
from qualification.models.component_tests import STANDARD_CHOICES
from qualification.ppap_work import completeness
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape

MOST = 100_000_000


class VerdictShape(Shape):
    """What the data of a test show."""

    word = fields.Text()
    detail = fields.Text()


class ComponentTestShape(RecordShape):
    """A required test, its data and the verdict on them as of today."""

    knows_reader = True  # the view's judge reads the house rule once for all rows

    code = fields.Text()
    name = fields.Text()
    standard = fields.Text()
    revision = fields.Text()
    reference = fields.Text()
    condition = fields.Text()
    sample_size = fields.Whole(allow_null=True)
    lots = fields.Whole(allow_null=True)
    allowed_failures = fields.Whole()
    cpk_above = fields.DecimalText(allow_null=True)
    proposed = fields.Flag()
    origin = fields.Word(choices=ComponentTest.Origin.choices, allow_blank=True)
    family = fields.Text()
    data_date = fields.Day(allow_null=True)
    lots_tested = fields.Whole(allow_null=True)
    units_tested = fields.Whole(allow_null=True)
    failures = fields.Whole(allow_null=True)
    cpk = fields.DecimalText(allow_null=True)
    note = fields.Text()
    waived_by = fields.Text(source="waived_by.email", allow_null=True)
    waived_reason = fields.Text()
    verdict = serializers.SerializerMethodField()

    def get_verdict(self, test: ComponentTest) -> dict[str, Any]:
        """``pass``, ``fail``, ``not_enough``, ``too_old``, ``no_data`` or ``waived``, and why."""
        found: dict[str, Any] = VerdictShape().to_representation(
            self.context["view"].judge.verdict(test)
        )
        return found


class ComponentTestInput(Input):
    """A test that the matrix does not propose, with the reason."""

    code = fields.Text(max_length=20)
    name = fields.Text(max_length=120)
    standard = fields.Text(max_length=40)
    revision = fields.Text(max_length=20, required=False, allow_blank=True)
    reference = fields.Text(max_length=120, required=False, allow_blank=True)
    condition = fields.Text(max_length=300, required=False, allow_blank=True)
    sample_size = fields.Whole(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    lots = fields.Whole(min_value=1, max_value=1000, required=False, allow_null=True)
    allowed_failures = fields.Whole(min_value=0, max_value=1_000_000, required=False)
    cpk_above = fields.DecimalText(low=0, high=99, places=2, required=False, allow_null=True)
    reason = fields.Text(max_length=300)


class ComponentTestData(Input):
    """The data of a test; they take the place of earlier data and of a waiver."""

    origin = fields.Word(choices=ComponentTest.Origin.choices, required=False)
    revision = fields.Text(max_length=20, required=False, allow_blank=True)
    family = fields.Text(max_length=120, required=False, allow_blank=True)
    data_date = fields.Day(required=False)
    lots_tested = fields.Whole(min_value=1, max_value=1000, required=False)
    units_tested = fields.Whole(min_value=1, max_value=MOST, required=False)
    failures = fields.Whole(min_value=0, max_value=MOST, required=False)
    cpk = fields.DecimalText(low=-1000, high=1000, places=3, required=False, allow_null=True)
    note = fields.Text(max_length=2000, required=False, allow_blank=True)


class ProposalInput(Input):
    """The standard, what is new, and properties of the part that some tests depend on."""

    standard = fields.Word(choices=STANDARD_CHOICES)
    changes = fields.Items(
        child=fields.Word(choices=list(CHANGES.items())), max_length=len(CHANGES)
    )
    features = fields.Items(
        child=fields.Word(choices=list(FEATURES.items())), max_length=len(FEATURES), required=False
    )


class ProposalShape(RecordShape):
    """The choices behind the proposed tests."""

    standard = fields.Word(choices=STANDARD_CHOICES)
    changes = serializers.ListField(child=fields.Text())
    features = serializers.ListField(child=fields.Text())


class WhyInput(Input):
    """A reason, on the version that the caller saw."""

    reason = fields.Text(max_length=300)
    expected = fields.Whole(required=False, min_value=1)


class SampleShape(RecordShape):
    """Units of a lot that came in."""

    lot = fields.Text()
    quantity = fields.Whole()
    received_on = fields.Day()
    date_code = fields.Text()
    certificate = fields.Text()
    purpose = fields.Word(choices=Sample.Purpose.choices)
    note = fields.Text()


class SampleInput(Input):
    """A sample; a change sends the fields that differ."""

    lot = fields.Text(max_length=60)
    quantity = fields.Whole(min_value=1, max_value=MOST)
    received_on = fields.Day()
    date_code = fields.Text(max_length=20, required=False, allow_blank=True)
    certificate = fields.Text(max_length=120, required=False, allow_blank=True)
    purpose = fields.Word(choices=Sample.Purpose.choices)
    note = fields.Text(max_length=2000, required=False, allow_blank=True)


class InspectionShape(RecordShape):
    """The incoming inspection of a lot, by the plan of its level at that time."""

    lot = fields.Text()
    size = fields.Whole()
    aql = fields.Text()
    level = fields.Word(choices=InspectionLot.Level.choices)
    inspected = fields.Whole(source="sample_size")
    accept_number = fields.Whole()
    defects = fields.Whole()
    result = fields.Word(choices=InspectionLot.Result.choices)
    resubmitted = fields.Flag()
    inspected_on = fields.Day()
    inspected_by = fields.Text(source="inspected_by.email")
    note = fields.Text()
    decision = fields.Word(choices=InspectionLot.Decision.choices, allow_blank=True)
    decision_reason = fields.Text()
    decided_by = fields.Text(source="decided_by.email", allow_null=True)
    voided_at = fields.Moment(allow_null=True)
    void_reason = fields.Text()


class InspectionInput(Input):
    """The inspection of a lot; level, plan and result follow from the lots before."""

    lot = fields.Text(max_length=60)
    size = fields.Whole(min_value=1, max_value=MOST)
    inspected = fields.Whole(min_value=1, max_value=MOST)
    defects = fields.Whole(min_value=0, max_value=MOST)
    inspected_on = fields.Day(required=False)
    resubmitted = fields.Flag(required=False)
    note = fields.Text(max_length=2000, required=False, allow_blank=True)


class PlanShape(Shape):
    """The plan of the next lot: its level, units to inspect, units allowed to be defective."""

    level = fields.Text()
    letter = fields.Text()
    sample = fields.Whole()
    accept = fields.Whole()


class LotDecision(Input):
    """What happens to a rejected lot, and why."""

    decision = fields.Word(choices=InspectionLot.Decision.choices)
    reason = fields.Text(max_length=300)
    expected = fields.Whole(required=False, min_value=1)


class PpapElementShape(RecordShape):
    """An element of the production part approval."""

    number = fields.Whole()
    name = fields.Text()
    status = fields.Word(choices=PpapElement.Status.choices)
    reason = fields.Text()


class PpapElementChange(Input):
    """Status and reason of an element."""

    status = fields.Word(choices=PpapElement.Status.choices)
    reason = fields.Text(max_length=300, required=False, allow_blank=True, default="")


class PpapShape(RecordShape):
    """The submission: its level, completeness as a fraction, and the warrant."""

    level = fields.Whole()
    completeness = serializers.SerializerMethodField()
    disposition = fields.Word(choices=PpapSubmission.Disposition.choices, allow_blank=True)
    interim_until = fields.Day(allow_null=True)
    interim_quantity = fields.Whole(allow_null=True)
    reason = fields.Text()
    decided_by = fields.Text(source="decided_by.email", allow_null=True)
    decided_at = fields.Moment(allow_null=True)

    def get_completeness(self, found: PpapSubmission) -> float | None:
        """Accepted elements ÷ those that apply; null when none applies."""
        return completeness(found.case.ppap_elements.all())


class PpapLevelInput(Input):
    """The submission level; without one that of the risk class."""

    level = fields.Whole(min_value=1, max_value=5, required=False)
    expected = fields.Whole(required=False, min_value=1)


class WarrantInput(Input):
    """The disposition of the part submission warrant."""

    disposition = fields.Word(choices=PpapSubmission.Disposition.choices)
    interim_until = fields.Day(required=False, allow_null=True)
    interim_quantity = fields.Whole(min_value=1, max_value=MOST, required=False, allow_null=True)
    reason = fields.Text(max_length=300, required=False, allow_blank=True)
    expected = fields.Whole(required=False, min_value=1)
