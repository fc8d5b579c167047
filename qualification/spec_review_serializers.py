"""Serializers of the spec review."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import people
from qualification import spec_review
from qualification.models import Disposition, IpClearance
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


class ClearanceShape(RecordShape):
    """A search for rights of others."""

    kind = fields.Word(choices=IpClearance.Kind.choices)
    subject = fields.Text()
    searched_by = fields.Text(source="searched_by.email")
    searched_in = fields.Text()
    searched_on = fields.Day()
    result = fields.Word(choices=IpClearance.Result.choices)
    licence = fields.Text()
    valid_to = fields.Day(allow_null=True)
    note = fields.Text()


class ClearanceChanges(Input):
    """Fields of a search that can be changed."""

    kind = fields.Word(choices=IpClearance.Kind.choices, required=False)
    subject = fields.Text(max_length=300, required=False)
    searched_by = fields.Key(people, "email", required=False)
    searched_in = fields.Text(max_length=300, required=False)
    searched_on = fields.Day(required=False)
    result = fields.Word(choices=IpClearance.Result.choices, required=False)
    licence = fields.Text(max_length=200, required=False, allow_blank=True)
    valid_to = fields.Day(required=False, allow_null=True)
    note = fields.Text(max_length=10_000, required=False, allow_blank=True)


class ClearanceInput(ClearanceChanges):
    """A new search, by the caller and today unless said otherwise."""

    kind = fields.Word(choices=IpClearance.Kind.choices)
    subject = fields.Text(max_length=300)
    searched_in = fields.Text(max_length=300)


class ConfirmationInput(Input):
    """Confirm a decision; ``expected`` is its version."""

    expected = fields.Whole(required=False, min_value=1)


def review(lines: list[ReviewLine]) -> dict[str, Any]:
    """The data of :class:`SpecReviewShape`."""
    return {
        "lines": lines,
        "conditions": "\n".join(spec_review.conditions_of(lines)),
        "reasons": spec_review.reasons_of(lines),
    }
