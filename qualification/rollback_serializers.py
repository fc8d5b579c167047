"""Serializers of the rollback plan."""

from __future__ import annotations

from rest_framework import serializers

from parts.serializers import people
from qualification.models import Metric, Operator, Rehearsal, TriggerBreach
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape

_MOST_HOURS = 99_999


class TriggerShape(RecordShape):
    """A limit of the rollback plan; ``limit`` says it in words."""

    metric = fields.Word(choices=Metric.choices)
    operator = fields.Word(choices=Operator.choices)
    threshold = fields.DecimalText()
    window_days = fields.Whole()
    limit = fields.Text()


class TriggerChanges(Input):
    """A limit on a metric; yield and on-time delivery are in per cent."""

    metric = fields.Word(choices=Metric.choices, required=False)
    operator = fields.Word(choices=Operator.choices, required=False)
    threshold = fields.DecimalText(required=False, low=0, high=1_000_000_000, places=4)
    window_days = fields.Whole(required=False, min_value=1, max_value=730)


class TriggerInput(TriggerChanges):
    """A new limit."""

    metric = fields.Word(choices=Metric.choices)
    operator = fields.Word(choices=Operator.choices)
    threshold = fields.DecimalText(low=0, high=1_000_000_000, places=4)
    window_days = fields.Whole(min_value=1, max_value=730)


class RollbackStepShape(RecordShape):
    """A step of the way back."""

    position = fields.Whole()
    text = fields.Text()
    owner = fields.Text(source="owner.email")
    hours = fields.DecimalText()


class RollbackStepChanges(Input):
    """What is done, by whom, in how many hours."""

    position = fields.Whole(required=False, min_value=1, max_value=99)
    text = fields.Text(max_length=300, required=False)
    owner = fields.Key(people, "email", required=False)
    hours = fields.DecimalText(required=False, low=0, high=_MOST_HOURS, places=1)


class RollbackStepInput(RollbackStepChanges):
    """A new step; without a position it is the last."""

    text = fields.Text(max_length=300)
    owner = fields.Key(people, "email")
    hours = fields.DecimalText(low=0, high=_MOST_HOURS, places=1)


class RehearsalShape(RecordShape):
    """A rehearsal; ``hours`` is null where only its day was entered in the plan."""

    held_on = fields.Day()
    result = fields.Word(choices=Rehearsal.Result.choices)
    hours = fields.DecimalText(allow_null=True)
    note = fields.Text()
    held_by = fields.Text(source="held_by.email", allow_null=True, default=None)


class RehearsalInput(Input):
    """A rehearsal that was held; ``held_by`` is the caller by default."""

    held_on = fields.Day()
    result = fields.Word(choices=Rehearsal.Result.choices)
    hours = fields.DecimalText(low=0, high=_MOST_HOURS, places=1)
    note = fields.Text(max_length=2_000, required=False, allow_blank=True)
    held_by = fields.Key(people, "email", required=False)


class BreachShape(RecordShape):
    """A breached trigger with the limit as it was; ``counted`` of ``of_total`` gave the value."""

    run = fields.Whole(source="transition.run")
    metric = fields.Word(choices=Metric.choices)
    operator = fields.Word(choices=Operator.choices)
    threshold = fields.DecimalText()
    window_days = fields.Whole()
    value = fields.DecimalText()
    counted = fields.DecimalText(allow_null=True)
    of_total = fields.DecimalText(allow_null=True)
    counted_from = fields.Day()
    counted_to = fields.Day()
    breached_at = fields.Moment()
    reported_by = fields.Text(source="reported_by.email", allow_null=True, default=None)
    note = fields.Text()
    ending = fields.Word(choices=TriggerBreach.Ending.choices, allow_blank=True)
    ended_at = fields.Moment(allow_null=True)
    ended_by = fields.Text(source="ended_by.email", allow_null=True, default=None)
    reason = fields.Text()


class BreachInput(Input):
    """A value beyond the limit of a trigger (its id) that no receipt shows."""

    trigger = serializers.UUIDField()
    value = fields.DecimalText(low=0, high=1_000_000_000, places=4)
    note = fields.Text(max_length=2_000)


class RollbackShape(RecordShape):
    """A rollback that was decided; ``hours`` is null while it is under way.

    ``units`` held the source on that day; ``/as-built/?source=`` names them.
    """

    run = fields.Whole(source="transition.run")
    reason = fields.Text()
    decided_by = fields.Text(source="decided_by.email", allow_null=True, default=None)
    decided_at = fields.Moment()
    planned_hours = fields.DecimalText(allow_null=True)
    hours = fields.DecimalText(allow_null=True)
    units = fields.Whole(allow_null=True)


class HoursInput(Input):
    """The hours that a rollback took."""

    hours = fields.DecimalText(low=0, high=_MOST_HOURS, places=1)
    expected = fields.Whole(required=False, min_value=1)
