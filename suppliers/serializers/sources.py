"""Serializers of sources and of the check before an order."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import parts, plants, products
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, ReasonShape, RecordShape
from suppliers.models import Approval, Source
from suppliers.serializers.companies import CompanyKey
from suppliers.serializers.goods import ManufacturerPartRef


def sources(user: User | None) -> QuerySet[Source]:
    """Sources in the caller's scope."""
    found: QuerySet[Source] = Source.objects.visible_to(user).select_related("part")
    return found


class ApprovalShape(serializers.Serializer[Any]):
    """The approval of a source."""

    kind = fields.Word(choices=Approval.Kind.choices)
    evidence_ref = fields.Text()
    actor = fields.Text(allow_null=True)
    valid_from = fields.Day()
    valid_to = fields.Day(allow_null=True)
    conditions = fields.Text()
    accepted_risks = fields.Text()


class SourceShape(RecordShape):
    """One manufacturer part as a source of one of our parts; empty ``scope`` = all products."""

    part = fields.Text(source="part.ipn")
    manufacturer_part = ManufacturerPartRef()
    role = fields.Word(choices=Source.Role.choices)
    status = fields.Word(choices=Source.Status.choices)
    scope = fields.Codes()
    share = fields.DecimalText(allow_null=True)
    share_cap = fields.DecimalText(allow_null=True)
    quantity_cap = fields.Quantity(allow_null=True)
    capacity_wk = fields.Quantity(allow_null=True)
    valid_from = fields.Day(allow_null=True)
    valid_to = fields.Day(allow_null=True)
    independence = fields.Word(choices=Source.Independence.choices)
    shared = fields.Texts()
    reasons = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    conditions = fields.Text()
    origin = fields.Text()
    approval = serializers.SerializerMethodField()

    @extend_schema_field(ApprovalShape(allow_null=True))
    def get_approval(self, source: Source) -> dict[str, Any] | None:
        """The approval with its actor (null: a job)."""
        given = source.approval
        if given is None:
            return None
        return {
            "kind": given.kind,
            "evidence_ref": given.evidence_ref,
            "actor": getattr(source, "approved_by", None),
            "valid_from": given.valid_from.isoformat(),
            "valid_to": given.valid_to and given.valid_to.isoformat(),
            "conditions": given.conditions,
            "accepted_risks": given.accepted_risks,
        }


class SourceChanges(Input):
    """Fields of a source that can be changed; its status depends on qualification.

    ``scope`` names products, none = all; it can be changed while the source is a candidate.
    """

    share = fields.DecimalText(required=False, allow_null=True, low=0, high=1)
    capacity_wk = fields.Quantity(required=False, allow_null=True)
    valid_from = fields.Day(required=False, allow_null=True)
    valid_to = fields.Day(required=False, allow_null=True)
    conditions = fields.Text(max_length=10_000, required=False, allow_blank=True)
    scope = fields.Items(child=fields.Key(products), required=False, max_length=500)


class SourceInput(SourceChanges):
    """A new candidate."""

    part = fields.Key(parts, "ipn")
    manufacturer_part = ManufacturerPartRef()
    origin = fields.Text(max_length=200, required=False)


class CheckSource(serializers.Serializer[Any]):
    """The source of the order."""

    id = fields.Text(source="key")
    part = fields.Text(source="part.ipn")
    manufacturer_part = ManufacturerPartRef()
    status = fields.Word(choices=Source.Status.choices)
    share_cap = fields.DecimalText(allow_null=True)
    quantity_cap = fields.Quantity(allow_null=True)


class CheckShape(serializers.Serializer[Any]):
    """The answer to a check."""

    verdict = serializers.ChoiceField(choices=["allow", "warn", "block"])
    reasons = ReasonShape(many=True)
    source = CheckSource(allow_null=True)


class CheckQuery(Input):
    """The order to check."""

    part = fields.Key(parts, "ipn")
    mpn = fields.Text(max_length=200, required=False)
    manufacturer = fields.Text(max_length=200, required=False)
    supplier = CompanyKey(required=False)
    product = fields.Key(products, required=False)
    plant = fields.Key(plants, required=False)
    date = fields.Day(required=False)
    quantity = fields.Quantity(required=False)
