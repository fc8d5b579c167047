"""Serializers of the FMEA: rows, actions, versions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import people
from qualification import fmea_sheet
from qualification.fmea_sheet import RATINGS
from qualification.fmea_starters import BY_CODE
from qualification.models import Fmea, FmeaAction, FmeaRow
from qualification.models.fmea import MOST_TEXT
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape


def _rating() -> Any:
    return fields.Whole(required=False, allow_null=True)


def _cell() -> Any:
    return fields.Text(required=False, allow_blank=True, max_length=MOST_TEXT)


class RatingsShape(Shape):
    """Ratings and their action priority."""

    severity = fields.Whole(allow_null=True)
    occurrence = fields.Whole(allow_null=True)
    detection = fields.Whole(allow_null=True)
    action_priority = fields.Text(allow_blank=True)


class FmeaActionShape(RecordShape):
    """An action of a row; ``revised`` is null until it is completed with evidence."""

    row = fields.PublicId(source="row.public_id")
    description = fields.Text()
    kind = fields.Word(choices=FmeaAction.Kind.choices)
    owner = fields.Text(source="owner.email", allow_null=True)
    due = fields.Day(source="due_date", allow_null=True)
    state = fields.Word(source="status", choices=FmeaAction.Status.choices)
    completed_on = fields.Day(allow_null=True)
    evidence = serializers.SerializerMethodField()
    revised = serializers.SerializerMethodField()
    target = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "nullable": True})
    def get_evidence(self, action: FmeaAction) -> dict[str, Any] | None:
        """Name, size and hash of the file."""
        file = action.evidence
        return {"name": file.name, "size": file.size, "sha256": file.sha256} if file else None

    @extend_schema_field(RatingsShape(allow_null=True))
    def get_revised(self, action: FmeaAction) -> dict[str, Any] | None:
        """The ratings after completion."""
        return _rated(action, "revised")

    @extend_schema_field(RatingsShape(allow_null=True))
    def get_target(self, action: FmeaAction) -> dict[str, Any] | None:
        """The ratings that the action aims at."""
        return _rated(action, "target")


def _rated(action: FmeaAction, which: str) -> dict[str, Any] | None:
    ratings = {name: getattr(action, f"{which}_{name}") for name in RATINGS}
    if not any(ratings.values()):
        return None
    return ratings | {"action_priority": fmea_sheet.priority(ratings)}


class FmeaRowShape(RecordShape):
    """A row of the FMEA. ``action_priority`` is '' while a rating is missing.

    ``revised`` are the ratings after the last completed action; ``priority_now`` is that after
    them. ``accepted`` says who accepted the row at AP-High, when and why.
    """

    number = fields.Whole(source="position")
    function = fields.Text(allow_blank=True)
    failure_mode = fields.Text(allow_blank=True)
    effect = fields.Text(allow_blank=True)
    cause = fields.Text(allow_blank=True)
    prevention = fields.Text(allow_blank=True)
    detection_control = fields.Text(allow_blank=True)
    severity = fields.Whole(allow_null=True)
    occurrence = fields.Whole(allow_null=True)
    detection = fields.Whole(allow_null=True)
    action_priority = fields.Text(allow_blank=True)
    rpn = serializers.SerializerMethodField()
    priority_now = fields.Text(allow_blank=True)
    open_high = fields.Flag(source="is_open_high")
    author = fields.Text(source="author.email", allow_null=True)
    actions = FmeaActionShape(many=True)
    revised = serializers.SerializerMethodField()
    accepted = serializers.SerializerMethodField()

    def get_rpn(self, row: FmeaRow) -> int | None:
        """S × O × D, for information only."""
        return fmea_sheet.rpn(fmea_sheet.ratings_of(row))

    @extend_schema_field(RatingsShape(allow_null=True))
    def get_revised(self, row: FmeaRow) -> dict[str, Any] | None:
        """The ratings after the last completed action."""
        found = fmea_sheet.revised_of(row, row.actions.all())
        return found and {**found, "action_priority": fmea_sheet.priority(found)}

    @extend_schema_field({"type": "object", "nullable": True})
    def get_accepted(self, row: FmeaRow) -> dict[str, Any] | None:
        """Who accepted it, when and why."""
        if row.accepted_by is None or row.accepted_at is None:
            return None
        return {
            "by": row.accepted_by.email,
            "at": fields.Moment().to_representation(row.accepted_at),
            "reason": row.accepted_reason,
        }


class FmeaRowInput(Input):
    """The cells of a row. A rating is a whole number from 1 to 10, or null."""

    function = _cell()
    failure_mode = _cell()
    effect = _cell()
    cause = _cell()
    prevention = _cell()
    detection_control = _cell()
    severity = _rating()
    occurrence = _rating()
    detection = _rating()


class RatingsInput(Input):
    """Three ratings."""

    severity = _rating()
    occurrence = _rating()
    detection = _rating()


class FmeaActionChanges(Input):
    """An action. ``completed`` needs evidence and revised ratings."""

    description = fields.Text(max_length=500, required=False)
    kind = fields.Word(choices=FmeaAction.Kind.choices, required=False)
    owner = fields.Key(people, "email", required=False, allow_null=True)
    due = fields.Day(source="due_date", required=False, allow_null=True)
    state = fields.Word(source="status", choices=FmeaAction.Status.choices, required=False)
    completed_on = fields.Day(required=False, allow_null=True)
    revised = RatingsInput(required=False, allow_null=True)
    target = RatingsInput(required=False, allow_null=True)


class FmeaActionInput(FmeaActionChanges):
    """A new action of a row, by the row's ``id``."""

    row = serializers.UUIDField()
    description = fields.Text(max_length=500)


class FmeaEvidenceInput(Input):
    """The file that shows that an action was done."""

    file = serializers.FileField(max_length=200)


class AcceptInput(Input):
    """Why a row stays at AP-High."""

    reason = fields.Text(max_length=2_000)
    expected = fields.Whole(required=False, min_value=1)


class ReviewInput(Input):
    """What the review of a reopened FMEA found; ``expected`` is the version of the FMEA."""

    note = fields.Text(max_length=300)
    expected = fields.Whole(required=False, min_value=1)


class ReopenInput(Input):
    """Why a passed FMEA is reopened; ``expected`` is the version of the FMEA."""

    cause = fields.Word(choices=Fmea.Cause.choices)
    reference = fields.Text(max_length=60)
    why = fields.Text(max_length=200)
    expected = fields.Whole(required=False, min_value=1)


class TableInput(Input):
    """A table of rows. With ``dry_run`` (the default) nothing is written."""

    file = serializers.FileField(max_length=200)
    dry_run = serializers.BooleanField(required=False, default=True)


class TableShape(Shape):
    """What a table changes: the changes, the refused lines, and rows that it does not name.

    ``not_read`` are the heads of columns that an FMEA does not have.
    """

    written = fields.Flag()
    changes = serializers.ListField()
    refused = serializers.ListField()
    left_alone = serializers.ListField(child=fields.Whole())
    not_read = serializers.ListField(child=fields.Text())


class StartersInput(Input):
    """Codes of starter failure modes."""

    modes = serializers.ListField(
        child=fields.Word(choices=[(code, code) for code in BY_CODE]), max_length=100
    )


class StarterShape(Shape):
    """A starter failure mode."""

    code = fields.Text()
    family = fields.Text()
    failure_mode = fields.Text()
    effect = fields.Text()
    cause = fields.Text()


class FmeaStatusShape(Shape):
    """The state of the FMEA of a case."""

    status = fields.Word(choices=Fmea.Status.choices)
    version = fields.Whole()
    passed_at = fields.Moment(allow_null=True)
    reopened_at = fields.Moment(allow_null=True)
    reopened_reason = fields.Text(allow_blank=True)
    rows = fields.Whole()
    high_open = fields.Whole()
    high_accepted = fields.Whole()
    actions = fields.Whole()
    next_due = fields.Day(allow_null=True)


class FmeaVersionShape(Shape):
    """A frozen version with its rows."""

    number = fields.Whole()
    note = fields.Text(allow_blank=True)
    created_at = fields.Moment()
    rows = serializers.JSONField()
