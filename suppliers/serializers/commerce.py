"""Serializers of offers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape
from suppliers.models import Offer
from suppliers.serializers.companies import CompanyKey
from suppliers.serializers.goods import ManufacturerPartRef


class LeadTime(Input):
    """Days from order to arrival."""

    min = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)
    max = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)


class PriceBreakShape(serializers.Serializer[Any]):
    """The unit price from a quantity on, in the offer's currency."""

    quantity = fields.Whole(min_value=1, max_value=2_000_000_000)
    price = fields.DecimalText(places=6, low=0)


class PriceBreakInput(Input):
    """A price from a quantity on; its currency is the offer's."""

    quantity = fields.Whole(min_value=1, max_value=2_000_000_000)
    price = fields.DecimalText(places=6, low=0)


class OfferShape(RecordShape):
    """A supplier's prices for a manufacturer part."""

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
    break_type = fields.Word(choices=Offer.BreakType.choices)
    capacity_wk = fields.Quantity(allow_null=True)
    ncnr = fields.Flag(allow_null=True)
    incoterm = fields.Word(choices=["", *Offer.Incoterm.values])
    tariff_rate = fields.DecimalText(allow_null=True)
    stock = fields.Quantity(allow_null=True)
    valid_from = fields.Day()
    valid_to = fields.Day(allow_null=True)

    @extend_schema_field(LeadTime)
    def get_lead_time_days(self, offer: Offer) -> dict[str, int | None]:
        """From and to."""
        return {"min": offer.lead_time_days_min, "max": offer.lead_time_days_max}


class OfferChanges(Input):
    """Fields of an offer that can be changed; ``price_breaks`` replaces all of them."""

    hides = "suppliers.offer"

    sku = fields.Text(max_length=120, required=False, allow_blank=True)
    currency = fields.Currency()
    price_breaks = PriceBreakInput(many=True, max_length=100)
    moq = fields.Whole(required=False, min_value=1, max_value=2_000_000_000)
    multiple = fields.Whole(required=False, min_value=1, max_value=2_000_000_000)
    lead_time_days = LeadTime(required=False)
    channel = fields.Word(choices=Offer.Channel.choices, required=False)
    break_type = fields.Word(choices=Offer.BreakType.choices, required=False)
    capacity_wk = fields.Quantity(required=False, allow_null=True)
    ncnr = fields.Flag(required=False, allow_null=True)
    incoterm = fields.Word(choices=Offer.Incoterm.choices, required=False, allow_blank=True)
    tariff_rate = fields.DecimalText(required=False, allow_null=True, low=0, high=9)
    stock = fields.Quantity(required=False, allow_null=True)
    valid_from = fields.Day(required=False)
    valid_to = fields.Day(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Returns the values for the service."""
        days = attrs.pop("lead_time_days", None)
        if "price_breaks" in attrs:
            breaks = attrs["price_breaks"]
            attrs["price_breaks"] = [(row["quantity"], row["price"]) for row in breaks]
        if days is None:
            return attrs
        if None not in (days.get("min"), days.get("max")) and days["min"] > days["max"]:
            raise serializers.ValidationError(
                {"lead_time_days": {"max": ["Below the minimum."]}}, "limits_reversed"
            )
        return attrs | {
            "lead_time_days_min": days.get("min"),
            "lead_time_days_max": days.get("max"),
        }


class OfferInput(OfferChanges):
    """A new offer."""

    manufacturer_part = ManufacturerPartRef()
    supplier = CompanyKey()
