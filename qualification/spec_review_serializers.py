"""Serializers of the spec review."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qualification import spec_review
from qualification.models import Disposition
from qualification.spec_review import ReviewLine
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, ReasonShape, RecordShape, Shape


class DispositionShape(RecordShape):
    """A decision with the values that it was made on."""

    parameter = fields.Text()
    test_condition = fields.Text()
    verdict = fields.Word(choices=Disposition.Verdict.choices)
    required = fields.Text()  # type: ignore[assignment]
    incumbent_value = fields.Text()
    candidate_value = fields.Text()
    decision = fields.Word(choices=Disposition.Decision.choices)
    reason = fields.Text()
    condition = fields.Text()
    decided_by = fields.Text(source="decided_by.email")
    decided_at = fields.Moment()
    confirmed_by = fields.Text(source="confirmed_by.email", allow_null=True)
    confirmed_at = fields.Moment(allow_null=True)


class ReviewCellShape(Shape):
    """A datasheet value with its verdict."""

    value = fields.Text()
    verdict = fields.Text()
    note = fields.Text()


class ReviewLineShape(Shape):
    """A line of the comparison; ``seen`` names what was read of it when a decision is sent."""

    parameter = fields.Text()
    test_condition = fields.Text()
    group = fields.Text(source="row.group")
    required = fields.Text(source="row.required")  # type: ignore[assignment]
    incumbent = ReviewCellShape()
    candidate = ReviewCellShape()
    state = fields.Text()
    seen = fields.Text()
    disposition = DispositionShape(allow_null=True)


class SpecReviewShape(Shape):
    """The comparison of a case, and every reason why the review is not done."""

    lines = ReviewLineShape(many=True)
    conditions = fields.Text()
    open = serializers.SerializerMethodField()

    @extend_schema_field(ReasonShape(many=True))
    def get_open(self, review: dict[str, Any]) -> list[dict[str, str]]:
        """All reasons why the review is not done."""
        return [reason.as_json() for reason in review["reasons"]]


class ChosenLineInput(Input):
    """A line by its parameter, and what was read of it."""

    parameter = fields.Text(max_length=80)
    test_condition = fields.Text(max_length=120, required=False, allow_blank=True, default="")
    seen = fields.Text(max_length=40, required=False, allow_blank=True, default="")


class DispositionInput(Input):
    """A decision on one line, or on several unknown values."""

    lines = ChosenLineInput(many=True, max_length=500)  # type: ignore[call-arg]
    decision = fields.Word(choices=Disposition.Decision.choices)
    reason = fields.Text(max_length=2_000)
    condition = fields.Text(max_length=2_000, required=False, allow_blank=True, default="")


class ConfirmationInput(Input):
    """Confirm a decision; ``expected`` is its version."""

    expected = fields.Whole(required=False, min_value=1)


def review(lines: list[ReviewLine]) -> dict[str, Any]:
    """The data of :class:`SpecReviewShape`."""
    return {
        "lines": lines,
        "conditions": spec_review.conditions_of(lines),
        "reasons": spec_review.reasons_of(lines),
    }
