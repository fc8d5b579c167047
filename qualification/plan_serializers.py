"""Serializers of the plan of a case: its gates, ramp and dates."""

from __future__ import annotations

import datetime as dt

from rest_framework import serializers

from qualification import overdue
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core.api import fields
from secondsource.core.api.serializers import Shape


class RampStepShape(Shape):
    """The share of a month's demand that may be ordered from this month of the transition on."""

    month = fields.Whole()
    share = fields.DecimalText()


class PlannedGateShape(Shape):
    """The day by which a gate is to be passed."""

    gate = fields.Word(choices=State.choices)
    due = fields.Day()


class Planned(Shape):
    """The plan: pilot, ramp, interim approval, rollback."""

    gates = PlannedGateShape(source="planned_gates", many=True)
    pilot_quantity = fields.Whole(allow_null=True)
    transition_share = fields.DecimalText(allow_null=True)
    ramp = RampStepShape(many=True)
    interim_quantity = fields.Whole(allow_null=True)
    interim_share = fields.DecimalText(allow_null=True)
    interim_until = fields.Day(allow_null=True)
    rollback_hours = fields.DecimalText(allow_null=True)
    rollback_stock = fields.Whole(allow_null=True)
    rollback_rehearsed_on = fields.Day(allow_null=True)


class CaseDates(Shape):
    """The times of the case's states; ``gate_due`` is the planned day of the present gate."""

    opened_at = fields.Moment()
    due_date = fields.Day(allow_null=True)
    gate_due = serializers.SerializerMethodField()
    overdue_since = serializers.SerializerMethodField()
    transition_started = fields.Day(allow_null=True)
    closed_at = fields.Moment(allow_null=True)

    def get_gate_due(self, case: Case) -> dt.date | None:
        """The day by which the present gate is to be passed."""
        return overdue.gate_day(case)

    def get_overdue_since(self, case: Case) -> dt.date | None:
        """The first planned day that is over; null for a case in time."""
        return overdue.overdue_since(case)
