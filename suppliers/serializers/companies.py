"""Serializers of suppliers and sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import CodeField
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, ReasonShape, RecordShape
from suppliers.models import Site, Supplier

COUNTRY = r"^[A-Z]{2}\Z"


def suppliers(user: User | None) -> QuerySet[Supplier]:
    """All companies."""
    return Supplier.objects.companies()


def sites(user: User | None) -> QuerySet[Site]:
    """All sites."""
    return Site.objects.all()


class CompanyKey(fields.Key):
    """A company by code; the code of a merged company means the one it was merged into."""

    def __init__(self, **options: Any) -> None:
        super().__init__(suppliers, **options)

    def _find(self, wanted: Iterable[str]) -> dict[str, Any]:
        asked = set(wanted)
        found = super()._find(asked)
        if left := [text for text in asked - set(found) if text.isprintable()]:
            rows = Supplier.objects.filter(code__in=left, merged_into__isnull=False)
            merged = rows.select_related("merged_into")
            found |= {row.code: row.merged_into for row in merged}
        return found


class CountryField(serializers.RegexField, fields.Text):
    """An ISO 3166 code of two letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(COUNTRY, **options)


class SiteShape(RecordShape):
    """A site of a supplier."""

    supplier = fields.Text(source="supplier.code")
    name = fields.Text()
    activity = fields.Word(choices=Site.Activity.choices)
    country = fields.Text()
    latitude = fields.Number(allow_null=True)
    longitude = fields.Number(allow_null=True)
    recovery_days = fields.Whole(allow_null=True)


class SiteChanges(Input):
    """Fields of a site that can be changed."""

    name = fields.Text(max_length=120)
    activity = fields.Word(choices=Site.Activity.choices)
    country = CountryField()
    latitude = fields.Number(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = fields.Number(required=False, allow_null=True, min_value=-180, max_value=180)
    recovery_days = fields.Whole(required=False, allow_null=True, min_value=0, max_value=3650)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require both coordinates or none."""
        if (attrs.get("latitude") is None) != (attrs.get("longitude") is None):
            raise serializers.ValidationError(
                {"longitude": ["Give both coordinates or none."]}, "incomplete"
            )
        return attrs


class SiteInput(SiteChanges):
    """A new site."""

    supplier = CompanyKey()


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
        """All spellings of the name."""
        return sorted(alias.text for alias in supplier.aliases.all())


class SupplierChanges(Input):
    """Fields of a supplier that can be changed; ``aliases`` replaces all spellings but the name."""

    name = fields.Text(max_length=200)
    kinds = fields.Items(
        child=fields.Word(choices=Supplier.Kind.choices), min_length=1, max_length=2, required=False
    )
    country = CountryField(required=False, allow_blank=True)
    group = CompanyKey(required=False, allow_null=True)
    aliases = fields.Items(child=fields.Text(max_length=200), required=False, max_length=100)


class SupplierInput(SupplierChanges):
    """A new supplier; without ``code`` one is made from the name."""

    code = CodeField(required=False)


class MergeInput(Input):
    """The company to be merged, and the reason."""

    gone = CompanyKey()
    reason = fields.Text(max_length=2_000)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class MergeShape(serializers.Serializer[Any]):
    """The effects of a merger (``dry_run``); ``reasons`` prevent it."""

    kept = fields.Text(source="kept.code")
    gone = fields.Text(source="gone.code")
    counts = serializers.DictField(child=serializers.IntegerField())
    joined = serializers.ListField(child=serializers.CharField(), help_text="MPNs of both.")
    reasons = ReasonShape(many=True)


class StandingInput(Input):
    """A standing given by quality; ``expected`` is the version that the caller saw."""

    standing = fields.Word(choices=Supplier.Standing.choices)
    reason = fields.Text(max_length=2_000)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)
