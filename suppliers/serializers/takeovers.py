"""Serializers of take-overs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import plants, products
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import Takeover, TakeoverRow
from suppliers.serializers.goods import ManufacturerPartRef
from suppliers.services import MOST_ROWS


class ReferenceShape(Shape):
    """The document of a take-over."""

    document = fields.Text()
    revision = fields.Text()
    date = fields.Day(source="dated", allow_null=True)


class TakeoverRowShape(RecordShape):
    """A source of the document; an empty ``scope`` means that of the batch."""

    part = fields.Text(source="source.part.ipn")
    manufacturer_part = ManufacturerPartRef(source="source.manufacturer_part")
    source = fields.Text(source="source.key")
    scope = fields.Codes(source="products")
    valid_to = fields.Day(allow_null=True)
    evidence = fields.Text()
    state = fields.Word(choices=TakeoverRow.State.choices)
    reason = fields.Text()
    confirmed_by = fields.Text(source="confirmed_by.email", allow_null=True)
    confirmed_at = fields.Moment(allow_null=True)
    decided_by = fields.Text(source="decided_by.email", allow_null=True)
    decided_at = fields.Moment(allow_null=True)
    approved_until = fields.Day(source="approval.valid_to", allow_null=True)


class RowCounts(Shape):
    """The number of rows of a batch in each state."""

    proposed = fields.Whole(source="proposed_rows")
    confirmed = fields.Whole(source="confirmed_rows")
    approved = fields.Whole(source="approved_rows")
    refused = fields.Whole(source="refused_rows")


class TakeoverListShape(RecordShape):
    """A batch of proposed approvals without its rows; empty ``scope`` and ``plants`` mean all.

    Only moves change its ``state``.
    """

    reference = ReferenceShape(source="*")
    state = fields.Word(choices=Takeover.State.choices)
    scope = fields.Codes(source="products")
    plants = fields.Codes()
    origin = fields.Text()
    proposed_by = fields.Text(source="proposed_by.email", allow_null=True)
    counts = RowCounts(source="*")


class TakeoverShape(TakeoverListShape):
    """A batch with the rows that the caller sees."""

    rows = serializers.SerializerMethodField()

    @extend_schema_field(TakeoverRowShape(many=True))
    def get_rows(self, takeover: Takeover) -> list[dict[str, Any]]:
        """The rows in the order of the document."""
        actor = self.context.get("actor")
        rows = takeover.rows.visible_to(actor.user if actor else None).with_names()
        shape = TakeoverRowShape.for_reader({**self.context, "only": None})
        return [shape.to_representation(row) for row in rows]


class ReferenceInput(Input):
    """The document of a take-over."""

    document = fields.Text(max_length=200)
    revision = fields.Text(max_length=60, required=False, allow_blank=True)
    date = fields.Day(required=False, allow_null=True, source="dated")


class NumberInput(Input):
    """A manufacturer part by any spelling of its manufacturer and number."""

    manufacturer = fields.Text(max_length=200)
    mpn = fields.Text(max_length=200)


class TakeoverRowInput(Input):
    """A source of the document."""

    part = fields.Text(max_length=40)
    manufacturer_part = NumberInput()
    scope = fields.Items(child=fields.Text(max_length=40), required=False, max_length=500)
    valid_to = fields.Day(required=False, allow_null=True)
    evidence = fields.Text(max_length=200, required=False, allow_blank=True)


class TakeoverChanges(Input):
    """Fields of a batch that can be changed until a row is confirmed."""

    reference = ReferenceInput()
    scope = fields.Items(child=fields.Key(products), max_length=500)
    plants = fields.Items(child=fields.Key(plants), max_length=200)


class TakeoverInput(Input):
    """A new batch."""

    reference = ReferenceInput()
    scope = fields.Items(child=fields.Key(products), required=False, max_length=500)
    plants = fields.Items(child=fields.Key(plants), required=False, max_length=200)
    rows = TakeoverRowInput(many=True, max_length=MOST_ROWS)
