"""Serializers of negotiations, rounds and awards."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incentives.models import Negotiation
from parts.serializers import parts
from qualification.models import Case
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import Offer, QuoteLine, Rfq, Source, Supplier

MOST_LINES = 50
_MOST_QUANTITY = 2_000_000_000


def cases(user: Any) -> Any:
    """Cases within the caller's scope."""
    return Case.objects.visible_to(user)


def sources(user: Any) -> Any:
    """Sources within the caller's scope."""
    return Source.objects.visible_to(user).with_manufacturers()


def companies(user: Any) -> Any:
    """Companies."""
    return Supplier.objects.companies()


def quote_lines(user: Any) -> Any:
    """Quoted lines of requests within the caller's scope."""
    seen: Any = Rfq.objects.visible_to(user)
    rows = QuoteLine.objects.filter(quote__invitation__rfq__in=seen)
    return rows.select_related("quote__invitation__supplier").prefetch_related("breaks")


class CaseKey(fields.Key):
    """A case by its key."""

    def _value(self, rows: Any, text: str) -> Any:
        digits = text.removeprefix("SSQ-")
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None

    def _find(self, wanted: Any) -> dict[str, Any]:
        return {key: row for key, row in super()._find(wanted).items() if row.key == key}


class RoundPriceShape(Shape):
    """The price of a supplier for a source; ``offer`` or ``quote_line`` is what it comes from."""

    hides = "incentives.roundprice"

    source = fields.PublicId(source="source.public_id")
    supplier = fields.Text(source="supplier.code")
    price = fields.DecimalText(places=6)
    valid_from = fields.Day(allow_null=True)
    offer = fields.Text(source="offer.key", allow_null=True, default=None)
    quote_line = fields.Text(source="quote_line.key", allow_null=True, default=None)


class RoundShape(RecordShape):
    """A round with its prices, in the currency of the negotiation."""

    hides = "incentives.negotiationround"

    number = fields.Whole()
    sent_on = fields.Day()
    answer_by = fields.Day(allow_null=True)
    put_on_table = fields.Text()
    note = fields.Text()
    target_price = fields.DecimalText(places=6, allow_null=True)
    should_cost = fields.Text()
    held_by = fields.Text(source="held_by.email", allow_null=True, default=None)
    prices = RoundPriceShape(many=True)


class RoundPriceInput(Input):
    """The price of a supplier for a source of the part."""

    hides = "incentives.roundprice"

    source = fields.Key(sources, "public_id")
    supplier = fields.Key(companies, "code")
    price = fields.DecimalText(places=6, low=0)
    valid_from = fields.Day(required=False, allow_null=True)
    offer = fields.Key(lambda user: Offer.objects.all(), "public_id", required=False)
    quote_line = fields.Key(quote_lines, "public_id", required=False, allow_null=True)


class RoundChanges(Input):
    """Fields of a round; ``prices`` replaces all of them."""

    hides = "incentives.negotiationround"

    sent_on = fields.Day(required=False)
    answer_by = fields.Day(required=False, allow_null=True)
    put_on_table = fields.Text(max_length=300, required=False)
    note = fields.Text(max_length=300, required=False, allow_blank=True)
    target_price = fields.DecimalText(places=6, low=0, required=False, allow_null=True)
    should_cost = fields.Text(max_length=4000, required=False, allow_blank=True)
    prices = RoundPriceInput(many=True, required=False, max_length=MOST_LINES)


class QuotedShape(Shape):
    """The newest quote of a supplier for a source, at the quantity of the negotiation.

    ``problem`` says why a round cannot take it.
    """

    hides = "incentives.roundprice"

    quote_line = fields.Text(source="line.key")
    quote = fields.Text(source="line.quote.key")
    source = fields.PublicId(source="source.public_id")
    supplier = fields.Text(source="supplier.code")
    price = fields.DecimalText(places=6, allow_null=True)
    currency = fields.Text(source="line.quote.currency")
    valid_to = fields.Day(source="line.quote.valid_to", allow_null=True)
    problem = fields.Text(source="why")


class QuotesInput(Input):
    """Quoted lines for a round: ``round`` is its number, without one they begin the next."""

    quote_lines = fields.Items(child=fields.Key(quote_lines, "public_id"), max_length=MOST_LINES)
    round = fields.Whole(required=False, allow_null=True, min_value=1)
    sent_on = fields.Day(required=False, allow_null=True)
    put_on_table = fields.Text(max_length=300, required=False, allow_blank=True)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class RoundInput(RoundChanges):
    """A new round."""

    sent_on = fields.Day()
    put_on_table = fields.Text(max_length=300)


class AwardShape(Shape):
    """An awarded share."""

    hides = "incentives.awardline"

    source = fields.PublicId(source="source.public_id")
    supplier = fields.Text(source="supplier.code")
    share = fields.DecimalText()
    price = fields.DecimalText(places=6)


class AwardLineInput(Input):
    """A share of the volume, a fraction."""

    source = fields.Key(sources, "public_id")
    supplier = fields.Key(companies, "code")
    share = fields.DecimalText(places=4, low=0, high=1)


class AwardInput(Input):
    """The shares of an award, which sum to 1, and why."""

    hides = "incentives.awardline"

    lines = AwardLineInput(many=True, max_length=MOST_LINES)
    reason = fields.Text(max_length=4000)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class AbandonInput(Input):
    """Why a negotiation ends without an award."""

    reason = fields.Text(max_length=4000)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class NegotiationShape(RecordShape):
    """A negotiation."""

    key = fields.Text()
    part = fields.Text(source="part.ipn")
    case = fields.Key(allow_null=True)
    state = fields.Word(choices=Negotiation.State.choices)
    currency = fields.Text()
    quantity = fields.Whole()
    terms = fields.Text()
    opened_by = fields.Text(source="opened_by.email", allow_null=True, default=None)
    decided_by = fields.Text(source="decided_by.email", allow_null=True, default=None)
    decided_at = fields.Moment(allow_null=True)
    reason = fields.Text()
    award = AwardShape(many=True)


class NegotiationChanges(Input):
    """Terms of a negotiation; quantity and currency until its first round."""

    currency = fields.Currency(required=False)
    quantity = fields.Whole(required=False, min_value=1, max_value=_MOST_QUANTITY)
    terms = fields.Text(max_length=120, required=False, allow_blank=True)


class NegotiationInput(NegotiationChanges):
    """A new negotiation."""

    part = fields.Key(parts, "ipn")
    case = CaseKey(cases, "number", required=False, allow_null=True)
    currency = fields.Currency()
    quantity = fields.Whole(min_value=1, max_value=_MOST_QUANTITY)


class GateShape(serializers.Serializer[Any]):
    """A gate that the alternate of a source passed."""

    mpn = fields.Text()
    gate = fields.Text()
    day = fields.Day()


class PriceMoveShape(serializers.Serializer[Any]):
    """A price that moved from one round to a later one, as a fraction of the price before.

    ``change`` is absent for callers who see no prices, not even relative ones.
    """

    round = fields.Whole(source="round.number")
    supplier = fields.Text(source="bidder.name")
    mpn = fields.Text(source="bidder.mpn")
    change = serializers.SerializerMethodField()
    gates = GateShape(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave the change out for callers who do not compare prices."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not self.context["compares"]:
            del shown["change"]
        return shown

    @extend_schema_field({"type": "string", "nullable": True})
    def get_change(self, move: Any) -> str | None:
        """``-0.1290``; null without a price before."""
        return f"{(move.after - move.before) / move.before:.4f}" if move.before else None


class LeverageShape(serializers.Serializer[Any]):
    """The gates of the alternates, and what moved in which round."""

    gates = GateShape(many=True)
    moves = PriceMoveShape(many=True)
