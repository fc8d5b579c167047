"""How offers and receipts travel."""

from __future__ import annotations

from typing import Any

from django.utils.http import base36_to_int, int_to_base36
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import parts
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import Offer, Receipt
from suppliers.serializers.companies import suppliers
from suppliers.serializers.goods import ManufacturerPartRef
from suppliers.serializers.sources import sources


class LeadTime(serializers.Serializer[Any]):
    """Days from order to arrival."""

    min = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)
    max = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)


class PriceBreakShape(serializers.Serializer[Any]):
    """The unit price from a quantity on, in the offer's currency."""

    quantity = fields.Whole(min_value=1, max_value=2_000_000_000)
    price = fields.DecimalText(places=6, low=0)


class OfferShape(RecordShape):
    """A supplier's prices for a maker's part."""

    hides = "suppliers.offer"

    manufacturer_part = ManufacturerPartRef()
    supplier = fields.Text(source="supplier.code")
    sku = fields.Text()
    currency = fields.Text()
    price_breaks = PriceBreakShape(many=True)
    moq = fields.Whole()
    multiple = fields.Whole()
    lead_time_days = serializers.SerializerMethodField()
    channel = fields.Word(choices=Offer.Channel.choices)
    valid_from = fields.Day()
    valid_to = fields.Day(allow_null=True)

    @extend_schema_field(LeadTime)
    def get_lead_time_days(self, offer: Offer) -> dict[str, int | None]:
        """From and to."""
        return {"min": offer.lead_time_days_min, "max": offer.lead_time_days_max}


class OfferInput(Input):
    """A new offer."""

    manufacturer_part = ManufacturerPartRef()
    supplier = fields.Key(suppliers)
    sku = fields.Text(max_length=120, required=False, allow_blank=True)
    currency = serializers.RegexField(r"^[A-Z]{3}\Z")
    price_breaks = PriceBreakShape(many=True, max_length=100)
    moq = fields.Whole(required=False, min_value=1, max_value=2_000_000_000)
    multiple = fields.Whole(required=False, min_value=1, max_value=2_000_000_000)
    lead_time_days = LeadTime(required=False)
    channel = fields.Word(choices=Offer.Channel.choices, required=False)
    valid_from = fields.Day(required=False)
    valid_to = fields.Day(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In the shape that the service takes."""
        days = attrs.pop("lead_time_days", {})
        if None not in (days.get("min"), days.get("max")) and days["min"] > days["max"]:
            raise serializers.ValidationError(
                {"lead_time_days": {"max": ["Below the minimum."]}}, "limits_reversed"
            )
        attrs["price_breaks"] = [(row["quantity"], row["price"]) for row in attrs["price_breaks"]]
        return attrs | {
            "lead_time_days_min": days.get("min"),
            "lead_time_days_max": days.get("max"),
        }


class ReceiptShape(Shape):
    """What arrived; a return has a negative quantity."""

    hides = "suppliers.receipt"

    id = serializers.SerializerMethodField()
    source = fields.Text(source="source.key")
    part = fields.Text(source="source.part.ipn")
    manufacturer_part = ManufacturerPartRef(source="source.manufacturer_part")
    supplier = fields.Text(source="supplier.code", allow_null=True)
    po = fields.Text()
    received_date = fields.Day()
    received_qty = fields.Quantity()
    rejected_qty = fields.Quantity()
    lot = fields.Text()
    date_code = fields.Text()
    unit_price = fields.Money("unit_price", allow_null=True)
    purpose = fields.Word(choices=Receipt.Purpose.choices)
    created_at = fields.Moment()

    def get_id(self, receipt: Receipt) -> str:
        """Its opaque id."""
        return receipt_id(receipt.pk)


RECEIPT_ID = r"rcp-[0-9a-z]{1,12}"


def receipt_id(pk: int) -> str:
    """The opaque id of a receipt, a fact without a key of its own."""
    return f"rcp-{int_to_base36(pk)}"


def receipt_pk(public: str) -> int:
    """The row behind an opaque id. Raises ``ValueError``."""
    return base36_to_int(public.removeprefix("rcp-"))


class ReceiptInput(Input):
    """An arrival of a source, by its id or by part and maker's part."""

    source = fields.Key(sources, "public_id", required=False)
    part = fields.Key(parts, "ipn", required=False)
    manufacturer_part = ManufacturerPartRef(required=False)
    supplier = fields.Key(suppliers, required=False, allow_null=True)
    po = fields.Text(max_length=60, required=False, allow_blank=True)
    received_date = fields.Day()
    received_qty = fields.Quantity(signed=True)
    rejected_qty = fields.Quantity(required=False)
    lot = fields.Text(max_length=60, required=False, allow_blank=True)
    date_code = fields.Text(max_length=20, required=False, allow_blank=True)
    unit_price = fields.Money("unit_price", required=False, allow_null=True)
    purpose = fields.Word(choices=Receipt.Purpose.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the source."""
        part, made = attrs.pop("part", None), attrs.pop("manufacturer_part", None)
        if "source" not in attrs and (part is None or made is None):
            raise serializers.ValidationError(
                {"source": ["Name the source, or part and manufacturer part."]}, "required"
            )
        if "source" not in attrs:
            found = sources(None).filter(part=part, manufacturer_part=made).first()
            if found is None:
                raise serializers.ValidationError(
                    {"manufacturer_part": [f"{made} is not a source of {part}."]}, "does_not_exist"
                )
            attrs["source"] = found
        return attrs
