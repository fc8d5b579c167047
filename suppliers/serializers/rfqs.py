"""Serializers of requests for quotation, quotes and their comparison."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.models import Part
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import Offer, Quote, QuoteLine, Rfq
from suppliers.models.rfqs import MOST_VOLUMES
from suppliers.serializers.commerce import LeadTime, PriceBreakInput, PriceBreakShape
from suppliers.serializers.companies import CompanyKey
from suppliers.serializers.goods import ManufacturerPartRef
from suppliers.services.rfqs import MOST_LINES, MOST_SUPPLIERS

MOST_UNITS = 2_000_000_000


def seen_parts(user: User | None) -> QuerySet[Part]:
    """The parts that the caller sees."""
    found: QuerySet[Part] = Part.objects.visible_to(user)
    return found


def seen_rfqs(user: User | None) -> QuerySet[Rfq]:
    """The requests of which the caller sees every part."""
    found: QuerySet[Rfq] = Rfq.objects.visible_to(user)
    return found


class RfqLineShape(Shape):
    """A part and the volumes that are asked."""

    hides = "suppliers.rfqline"

    position = fields.Whole()
    part = fields.Text(source="part.ipn")
    volumes = serializers.ListField(child=fields.Whole())
    qualification_cost = fields.DecimalText(allow_null=True)
    amortise_units = fields.Whole(allow_null=True)
    note = fields.Text()


class InvitationShape(Shape):
    """A supplier that is asked, and the number of its last quote; 0 without one."""

    supplier = fields.Text(source="supplier.code")
    revision = fields.Whole()


class RfqShape(RecordShape):
    """A request for quotation. Only moves change its ``state``."""

    reference = fields.Text()
    title = fields.Text()
    state = fields.Word(choices=Rfq.State.choices)
    due = fields.Day()
    currency = fields.Text()
    note = fields.Text()
    buyer = fields.Text(source="buyer.email", allow_null=True)
    sent_on = fields.Day(allow_null=True)
    closed_on = fields.Day(allow_null=True)
    lines = RfqLineShape(many=True)
    suppliers = InvitationShape(many=True, source="invitations")


class RfqLineInput(Input):
    """A part and the volumes that are asked, rising."""

    hides = "suppliers.rfqline"

    part = fields.Key(seen_parts, lookup="ipn")
    volumes = fields.Items(
        child=fields.Whole(min_value=1, max_value=MOST_UNITS), max_length=MOST_VOLUMES
    )
    qualification_cost = fields.DecimalText(required=False, allow_null=True, places=4, low=0)
    amortise_units = fields.Whole(
        required=False, allow_null=True, min_value=1, max_value=MOST_UNITS
    )
    note = fields.Text(required=False, allow_blank=True, max_length=300)


class RfqInput(Input):
    """A draft."""

    title = fields.Text(max_length=120)
    due = fields.Day()
    currency = fields.Currency()
    note = fields.Text(required=False, allow_blank=True, max_length=4000)
    lines = RfqLineInput(many=True, required=False, max_length=MOST_LINES)
    suppliers = fields.Items(child=CompanyKey(), required=False, max_length=MOST_SUPPLIERS)


class RfqChanges(Input):
    """Fields that can be changed; ``lines`` replaces all, ``suppliers`` are asked in addition."""

    title = fields.Text(max_length=120, required=False)
    due = fields.Day(required=False)
    currency = fields.Currency(required=False)
    note = fields.Text(required=False, allow_blank=True, max_length=4000)
    lines = RfqLineInput(many=True, required=False, max_length=MOST_LINES)
    suppliers = fields.Items(child=CompanyKey(), required=False, max_length=MOST_SUPPLIERS)


class AskedSupplierInput(Input):
    """An asked supplier."""

    supplier = CompanyKey()


class QuoteSheetInput(AskedSupplierInput):
    """A filled-in sheet of a supplier; ``expected`` is the revision that the caller saw."""

    file = serializers.FileField(max_length=200)
    # A field of a form, so it arrives as text.
    expected = serializers.IntegerField(required=False, min_value=0, max_value=32_767)


class LinkShape(Shape):
    """The address by which a supplier quotes; it is shown once."""

    address = fields.Text()
    expires_at = fields.Moment()


class QuoteLineShape(Shape):
    """What is quoted for a part."""

    hides = "suppliers.quoteline"

    id = fields.PublicId()
    part = fields.Text(source="line.part.ipn")
    declined = fields.Flag()
    manufacturer = fields.Text()
    mpn = fields.Text()
    manufacturer_part = ManufacturerPartRef(allow_null=True)
    price_breaks = PriceBreakShape(many=True, source="breaks")
    break_type = fields.Word(choices=Offer.BreakType.choices)
    moq = fields.Whole()
    multiple = fields.Whole()
    lead_time_days = serializers.SerializerMethodField()
    capacity_wk = fields.Quantity(allow_null=True)
    ncnr = fields.Flag(allow_null=True)
    freight = fields.DecimalText(allow_null=True)
    tariff_rate = fields.DecimalText(allow_null=True)
    nre = fields.DecimalText(allow_null=True)
    tooling = fields.DecimalText(allow_null=True)
    tooling_owner = fields.Word(choices=["", *QuoteLine.Owner.values])
    note = fields.Text()
    accepted_on = fields.Day(allow_null=True)
    accepted_why = fields.Text()
    offer = fields.Text(source="offer.key", allow_null=True)

    @extend_schema_field(LeadTime)
    def get_lead_time_days(self, line: QuoteLine) -> dict[str, int | None]:
        """From and to."""
        return {"min": line.lead_time_days_min, "max": line.lead_time_days_max}


class QuoteShape(RecordShape):
    """A revision of a supplier's quote; ``rate``: its currency in that of the RFQ that day."""

    hides = "suppliers.quote"

    rfq = fields.Text(source="invitation.rfq.key")
    supplier = fields.Text(source="invitation.supplier.code")
    revision = fields.Whole()
    channel = fields.Word(choices=Quote.Channel.choices)
    received_on = fields.Day()
    currency = fields.Text()
    rate = fields.DecimalText(allow_null=True)
    rate_date = fields.Day(allow_null=True)
    rate_publisher = fields.Text()
    incoterm = fields.Word(choices=["", *Offer.Incoterm.values])
    place = fields.Text()
    valid_to = fields.Day(allow_null=True)
    reference = fields.Text()
    note = fields.Text()
    esg_kind = fields.Word(choices=["", *Quote.Esg.values])
    esg_result = fields.Text()
    esg_valid_to = fields.Day(allow_null=True)
    lines = QuoteLineShape(many=True)


class QuoteLineInput(Input):
    """A quoted part; ``declined`` needs nothing else."""

    hides = "suppliers.quoteline"

    part = fields.Key(seen_parts, lookup="ipn")
    declined = fields.Flag(required=False, default=False)
    manufacturer = fields.Text(required=False, allow_blank=True, max_length=200)
    mpn = fields.Text(required=False, allow_blank=True, max_length=200)
    price_breaks = PriceBreakInput(many=True, required=False, max_length=50)
    break_type = fields.Word(choices=Offer.BreakType.choices, required=False)
    moq = fields.Whole(required=False, min_value=1, max_value=MOST_UNITS)
    multiple = fields.Whole(required=False, min_value=1, max_value=MOST_UNITS)
    lead_time_days = LeadTime(required=False)
    capacity_wk = fields.Quantity(required=False, allow_null=True)
    ncnr = fields.Flag(required=False, allow_null=True)
    freight = fields.DecimalText(required=False, allow_null=True, places=6, low=0)
    tariff_rate = fields.DecimalText(required=False, allow_null=True, low=0, high=9)
    nre = fields.DecimalText(required=False, allow_null=True, places=4, low=0)
    tooling = fields.DecimalText(required=False, allow_null=True, places=4, low=0)
    tooling_owner = fields.Word(choices=QuoteLine.Owner.choices, required=False, allow_blank=True)
    note = fields.Text(required=False, allow_blank=True, max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Returns the values for the service."""
        days = attrs.pop("lead_time_days", None) or {}
        breaks = [(row["quantity"], row["price"]) for row in attrs.get("price_breaks", ())]
        return attrs | {
            "price_breaks": sorted(breaks),
            "lead_time_days_min": days.get("min"),
            "lead_time_days_max": days.get("max"),
        }


class QuoteInput(Input):
    """A quote; ``expected`` is the revision that the caller saw, 0 for none."""

    hides = "suppliers.quote"

    rfq = fields.Key(seen_rfqs, lookup="public_id")
    supplier = CompanyKey()
    expected = fields.Whole(required=False, allow_null=True, min_value=0)
    currency = fields.Currency()
    incoterm = fields.Word(choices=Offer.Incoterm.choices, required=False, allow_blank=True)
    place = fields.Text(required=False, allow_blank=True, max_length=120)
    valid_to = fields.Day()
    reference = fields.Text(required=False, allow_blank=True, max_length=80)
    note = fields.Text(required=False, allow_blank=True, max_length=4000)
    esg_kind = fields.Word(choices=Quote.Esg.choices, required=False, allow_blank=True)
    esg_result = fields.Text(required=False, allow_blank=True, max_length=40)
    esg_valid_to = fields.Day(required=False, allow_null=True)
    lines = QuoteLineInput(many=True, max_length=MOST_LINES)
