"""Serializers of SOPs and their steps."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.models.catalogue import RiskClass
from parts.serializers.catalogue import categories
from qualification.families import Family
from qualification.gate_requirements import signers
from qualification.models import Sop, SopItem, StepKind
from qualification.models.cases import GATES, State
from qualification.serializers import GATE_CHOICES
from secondsource.accounts.rights import Function
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape


class SopItemShape(RecordShape):
    """A step of an SOP; ``code`` is the same in all versions."""

    code = fields.Text()
    gate = fields.Word(choices=State.choices)
    position = fields.Whole()
    text = fields.Text()
    guidance = fields.Text()
    kind = fields.Word(choices=StepKind.choices)
    link = fields.Word(choices=SopItem.Link.choices, allow_blank=True)
    unit = fields.Text()
    lower = fields.DecimalText(allow_null=True)
    upper = fields.DecimalText(allow_null=True)
    required = fields.Flag()  # type: ignore[assignment]
    evidence_required = fields.Flag()
    functions = fields.Texts()


class CategorySopShape(Shape):
    """The SOP in force that a new case of a category takes over."""

    id = fields.PublicId()
    title = fields.Text()
    number = fields.Whole()


class SopsOfCategoryShape(Shape):
    """The SOP of each risk class; null for none."""

    low = CategorySopShape(allow_null=True)
    medium = CategorySopShape(allow_null=True)
    high = CategorySopShape(allow_null=True)


class SopGateShape(Shape):
    """The steps of a gate and the functions that sign it."""

    name = fields.Word(choices=State.choices)
    items = SopItemShape(many=True)
    required_signers = fields.Texts()


class SopListShape(RecordShape):
    """A version of an SOP without its steps."""

    category = fields.Text(source="category.path", allow_null=True, default=None)
    family = fields.Text()
    risk_class = fields.Word(choices=RiskClass.choices)
    number = fields.Whole()
    state = fields.Word(choices=Sop.State.choices)
    shipped = fields.Flag()
    reason = fields.Text()
    derived_from = fields.PublicId(source="derived_from.public_id", allow_null=True)
    drafted_by = fields.Text(source="drafted_by.email", allow_null=True)
    activated_by = fields.Text(source="activated_by.email", allow_null=True)
    activated_at = fields.Moment(allow_null=True)


class SopShape(SopListShape):
    """A version of an SOP with its steps by gate."""

    gates = serializers.SerializerMethodField()

    @extend_schema_field(SopGateShape(many=True))
    def get_gates(self, sop: Sop) -> list[dict[str, Any]]:
        """Steps and signers in the order of the gates."""
        items = list(sop.items.all())
        shape = SopItemShape(context=self.context)
        return [
            {
                "name": str(gate),
                "items": [shape.to_representation(one) for one in items if one.gate == gate],
                "required_signers": [
                    str(one)
                    for one in signers(
                        gate, {f for item in items if item.gate == gate for f in item.functions}
                    )
                ],
            }
            for gate in GATES
        ]


class SopInput(Input):
    """A draft for a category (by its id), a family or, without both, all parts."""

    category = fields.Key(categories, "public_id", required=False, allow_null=True)
    family = fields.Word(choices=Family.choices, required=False, allow_blank=True)
    risk_class = fields.Word(choices=RiskClass.choices)
    reason = fields.Text(max_length=2_000)


class SopItemChanges(Input):
    """Fields of a step of a draft."""

    gate = fields.Word(choices=GATE_CHOICES)
    text = fields.Text(max_length=300)
    guidance = fields.Text(max_length=2_000, required=False, allow_blank=True)
    position = fields.Whole(required=False, allow_null=True, min_value=1, max_value=999)
    kind = fields.Word(choices=StepKind.choices, required=False)
    link = fields.Word(choices=SopItem.Link.choices, required=False, allow_blank=True)
    unit = fields.Text(max_length=12, required=False, allow_blank=True)
    lower = fields.DecimalText(required=False, allow_null=True, places=4)
    upper = fields.DecimalText(required=False, allow_null=True, places=4)
    required = fields.Flag(required=False)  # type: ignore[assignment]
    evidence_required = fields.Flag(required=False)
    functions = fields.Items(
        child=fields.Word(choices=Function.choices), required=False, max_length=7
    )


class SopItemInput(SopItemChanges):
    """A new step of a draft."""

    code = fields.Text(max_length=40, required=False, allow_blank=True)
