"""Serializers of splits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from incentives.models import Negotiation, SplitProposal
from incentives.serializers.negotiations import MOST_LINES, CaseKey, cases, sources
from parts.serializers import parts
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape

#: Parts of one request.
MOST_PARTS = 100


def negotiations(user: Any) -> Any:
    """Negotiations within the caller's scope."""
    return Negotiation.objects.visible_to(user)


class SplitShareShape(Shape):
    """The share of a source; ``unit_cost`` in the split's currency is without what it ``lacks``."""

    hides = "incentives.splitshare"

    source = fields.PublicId(source="source.public_id")
    mpn = fields.Text(source="source.manufacturer_part.mpn")
    share = fields.DecimalText()
    quantity = fields.Quantity()
    unit_cost = fields.DecimalText(places=6, allow_null=True)
    bound = fields.Text()
    lacks = fields.Text()


class SplitShape(RecordShape):
    """A proposed split; ``in_force`` until another one is accepted."""

    hides = "incentives.splitproposal"

    part = fields.Text(source="part.ipn")
    case = fields.Key(allow_null=True)
    state = fields.Word(choices=SplitProposal.State.choices)
    in_force = serializers.SerializerMethodField()
    demand = fields.Quantity()
    warm_share = fields.DecimalText()
    currency = fields.Text()
    yearly_cost = fields.DecimalText(places=2, allow_null=True)
    exposure = fields.DecimalText(places=2, allow_null=True)
    reason = fields.Text()
    proposed_by = fields.Text(source="proposed_by.email", allow_null=True, default=None)
    decided_by = fields.Text(source="decided_by.email", allow_null=True, default=None)
    decided_at = fields.Moment(allow_null=True)
    decision_note = fields.Text()
    ended_at = fields.Moment(allow_null=True)
    shares = SplitShareShape(many=True)

    def get_in_force(self, split: SplitProposal) -> bool:
        """Whether it was accepted and did not end."""
        return split.state == SplitProposal.State.ACCEPTED and split.ended_at is None


class NewShareInput(Input):
    """The share of a source, a fraction of the year's demand."""

    source = fields.Key(sources, "public_id")
    share = fields.DecimalText(places=4, low=0, high=1)


class SplitInput(Input):
    """A split to propose; ``demand`` and ``warm_share`` by default those of figures and policy."""

    hides = "incentives.splitproposal"

    part = fields.Key(parts, "ipn")
    shares = NewShareInput(many=True, max_length=MOST_LINES)
    reason = fields.Text(max_length=4000)
    demand = fields.Quantity(required=False, allow_null=True)
    warm_share = fields.DecimalText(places=4, low=0, high=Decimal("0.5"), required=False)
    case = CaseKey(cases, "number", required=False, allow_null=True)


class DecisionInput(Input):
    """A decision with a note; a refusal needs one."""

    note = fields.Text(max_length=4000, required=False, allow_blank=True, default="")
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class BoughtShape(serializers.Serializer[Any]):
    """What was bought of a source since a split was accepted."""

    source = fields.PublicId(source="source.public_id")
    units = fields.Quantity(signed=True)
    share = fields.DecimalText(places=4, allow_null=True)
    agreed = fields.DecimalText(places=4)


class TrackedShape(serializers.Serializer[Any]):
    """Production receipts of the part since a split was accepted."""

    since = fields.Day()
    until = fields.Day(allow_null=True)
    units = fields.Quantity(signed=True)
    rows = BoughtShape(many=True)


class CalculateInput(Input):
    """Parts whose cheapest split is calculated."""

    parts = fields.Items(child=fields.Key(parts, "ipn"), max_length=MOST_PARTS, min_length=1)
    warm_share = fields.DecimalText(places=4, low=0, high=Decimal("0.5"), required=False)


class CalculatedSource(Shape):
    """A source with its limit and its share in the cheapest split."""

    hides = "incentives.splitshare"

    source = fields.PublicId(source="source.public_id")
    mpn = fields.Text()
    most = fields.DecimalText(places=4)
    bounds = fields.Texts()
    share = fields.DecimalText(places=4, allow_null=True)
    unit_cost = fields.DecimalText(places=6)
    lacks = fields.Text()


class CalculatedShape(Shape):
    """The cheapest split of a part; ``problems`` say why there is none."""

    hides = "incentives.splitproposal"

    part = fields.Text()
    demand = fields.Quantity(allow_null=True)
    currency = fields.Text()
    sources = CalculatedSource(many=True)
    yearly_cost = fields.DecimalText(places=2, allow_null=True)
    problems = fields.Texts()
