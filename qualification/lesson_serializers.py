"""Serializers of lessons."""

from __future__ import annotations

from qualification.models.cases import State
from qualification.serializers import GATE_CHOICES, CaseKeyField, cases
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape


class ProposedStepShape(Shape):
    """A step that was proposed because of a lesson."""

    sop = fields.PublicId(source="sop.public_id")
    code = fields.Text()
    text = fields.Text()


class LessonShape(RecordShape):
    """What a case taught at a gate."""

    case = fields.Key()
    category = fields.Text(source="category.path")
    gate = fields.Word(choices=State.choices)
    text = fields.Text()
    author = fields.Text(source="author.email")
    steps = ProposedStepShape(many=True)


class LessonInput(Input):
    """A lesson of a case in transition or over; ``step`` is proposed for its SOP."""

    case = CaseKeyField(cases, "number")
    gate = fields.Word(choices=GATE_CHOICES)
    text = fields.Text(max_length=2_000)
    step = fields.Text(max_length=300, required=False, allow_blank=True)


class LessonChanges(Input):
    """A changed text or gate, by who wrote the lesson or quality."""

    gate = fields.Word(choices=GATE_CHOICES, required=False)
    text = fields.Text(max_length=2_000, required=False)
