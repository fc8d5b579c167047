"""How suppliers and their sites travel."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import Code
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape
from suppliers.models import Site, Supplier

COUNTRY = r"^[A-Z]{2}\Z"


def suppliers(user: User | None) -> QuerySet[Supplier]:
    """All suppliers: everybody sees them."""
    return Supplier.objects.all()


def sites(user: User | None) -> QuerySet[Site]:
    """All sites."""
    return Site.objects.all()


class Country(serializers.RegexField, fields.Text):
    """An ISO 3166 code of two letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(COUNTRY, **options)


class SiteShape(RecordShape):
    """A place where a supplier works."""

    supplier = fields.Text(source="supplier.code")
    name = fields.Text()
    activity = fields.Word(choices=Site.Activity.choices)
    country = fields.Text()
    latitude = fields.Number(allow_null=True)
    longitude = fields.Number(allow_null=True)
    recovery_days = fields.Whole(allow_null=True)


class SiteInput(Input):
    """A new site."""

    supplier = fields.Key(suppliers)
    name = fields.Text(max_length=120)
    activity = fields.Word(choices=Site.Activity.choices)
    country = Country()
    latitude = fields.Number(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = fields.Number(required=False, allow_null=True, min_value=-180, max_value=180)
    recovery_days = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A point has both coordinates or none."""
        if (attrs.get("latitude") is None) != (attrs.get("longitude") is None):
            raise serializers.ValidationError(
                {"longitude": ["Give both coordinates or none."]}, "incomplete"
            )
        return attrs


class SupplierShape(RecordShape):
    """A manufacturer or distributor."""

    code = fields.Text()
    name = fields.Text()
    aliases = serializers.SerializerMethodField()
    kinds = serializers.ListField(child=fields.Word(choices=Supplier.Kind.choices))
    country = fields.Text()
    standing = fields.Word(choices=Supplier.Standing.choices)
    group = fields.Text(source="group.code", allow_null=True)
    sites = SiteShape(many=True)

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_aliases(self, supplier: Supplier) -> list[str]:
        """Every spelling of the name."""
        return sorted(alias.text for alias in supplier.aliases.all())


class SupplierChanges(Input):
    """What can be changed of a supplier."""

    name = fields.Text(max_length=200)
    kinds = fields.Items(
        child=fields.Word(choices=Supplier.Kind.choices), min_length=1, max_length=2, required=False
    )
    country = Country(required=False, allow_blank=True)
    group = fields.Key(suppliers, required=False, allow_null=True)


class SupplierInput(SupplierChanges):
    """A new supplier; without ``code`` one is made of the name."""

    code = Code(required=False)
    aliases = fields.Items(child=fields.Text(max_length=200), required=False, max_length=100)
