"""Serializers of price agreements."""

from __future__ import annotations

from typing import Any

from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape
from suppliers.models import Offer, PriceAgreement
from suppliers.serializers.commerce import PriceBreakInput, PriceBreakShape
from suppliers.serializers.companies import CompanyKey
from suppliers.serializers.goods import ManufacturerPartRef

_MOST = 2_000_000_000


class AgreementShape(RecordShape):
    """Prices that a supplier granted for a time, with the clauses beside them."""

    hides = "suppliers.priceagreement"

    reference = fields.Text()
    supplier = fields.Text(source="supplier.code")
    manufacturer_part = ManufacturerPartRef()
    document = fields.Text()
    valid_from = fields.Day()
    valid_to = fields.Day()
    currency = fields.Text()
    price_breaks = PriceBreakShape(many=True, source="breaks")
    break_type = fields.Word(choices=Offer.BreakType.choices)
    volume_commitment = fields.Whole(allow_null=True)
    allocation = fields.DecimalText(allow_null=True)
    rebate_threshold = fields.Whole(allow_null=True)
    rebate_rate = fields.DecimalText(allow_null=True)
    rebate_on = fields.Word(choices=PriceAgreement.RebateOn.choices)
    last_time_buy_months = fields.Whole(allow_null=True)
    last_time_buy = fields.Text()
    ip_clause = fields.Text()
    note = fields.Text()
    offer = fields.Text(source="offer.key", allow_null=True)


class AgreementChanges(Input):
    """Terms that can change; other prices are another agreement."""

    hides = "suppliers.priceagreement"

    document = fields.Text(max_length=120, required=False)
    valid_to = fields.Day(required=False)
    volume_commitment = fields.Whole(required=False, allow_null=True, min_value=1, max_value=_MOST)
    allocation = fields.DecimalText(required=False, allow_null=True, places=4, low=0, high=1)
    rebate_threshold = fields.Whole(required=False, allow_null=True, min_value=0, max_value=_MOST)
    rebate_rate = fields.DecimalText(required=False, allow_null=True, places=5, low=0, high=1)
    rebate_on = fields.Word(choices=PriceAgreement.RebateOn.choices, required=False)
    last_time_buy_months = fields.Whole(required=False, allow_null=True, min_value=0, max_value=120)
    last_time_buy = fields.Text(required=False, allow_blank=True, max_length=4000)
    ip_clause = fields.Text(required=False, allow_blank=True, max_length=4000)
    note = fields.Text(required=False, allow_blank=True, max_length=4000)


class AgreementInput(AgreementChanges):
    """A new agreement."""

    supplier = CompanyKey()
    manufacturer_part = ManufacturerPartRef()
    document = fields.Text(max_length=120)
    valid_from = fields.Day()
    valid_to = fields.Day()
    currency = fields.Currency()
    price_breaks = PriceBreakInput(many=True, max_length=50)
    break_type = fields.Word(choices=Offer.BreakType.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Returns the values for the service."""
        breaks = [(row["quantity"], row["price"]) for row in attrs["price_breaks"]]
        return attrs | {"price_breaks": sorted(breaks)}
