"""Serializers of manufacturer parts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.models.catalogue import Lifecycle
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import ManufacturerPart, Site
from suppliers.names import normal_mpn
from suppliers.serializers.companies import CountryField, sites
from suppliers.services import find_supplier


class ManufacturerPartRef(serializers.Serializer[Any]):
    """A manufacturer part by manufacturer (any of its names or its code) and MPN in any form."""

    manufacturer = fields.Text(source="manufacturer.name", max_length=200)
    mpn = fields.Text(max_length=200)

    def to_internal_value(self, data: Any) -> Any:
        """The manufacturer part. Raises ``ValidationError`` when there is none."""
        if isinstance(data, dict) and (unknown := set(data) - {"manufacturer", "mpn"}):
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in unknown}, "unknown_field"
            )
        values = super().to_internal_value(data)
        name, number = values["manufacturer"]["name"], normal_mpn(values["mpn"])
        manufacturer = find_supplier(name)
        if manufacturer is None:
            raise serializers.ValidationError(
                {"manufacturer": [f"No manufacturer has the name {name}."]}, "does_not_exist"
            )
        part = ManufacturerPart.objects.filter(manufacturer=manufacturer, mpn_normal=number).first()
        if part is None:
            raise serializers.ValidationError(
                {"mpn": [f"{manufacturer.name} has no part {values['mpn']} here."]},
                "does_not_exist",
            )
        return part

    def to_representation(self, part: ManufacturerPart) -> dict[str, str]:
        return {"manufacturer": part.manufacturer.name, "mpn": part.mpn}


class ParameterShape(Shape):
    """A line of a manufacturer's datasheet."""

    name = fields.Text()
    min = fields.Number(source="minimum", allow_null=True)
    typ = fields.Number(source="typical", allow_null=True)
    max = fields.Number(source="maximum", allow_null=True)
    value = fields.Text(source="text")
    unit = fields.Text()
    condition = fields.Text()


class ParameterInput(Input):
    """A line of a manufacturer's datasheet: numbers with a unit, or a text."""

    name = fields.Text(max_length=80)
    min = fields.Number(source="minimum", required=False, allow_null=True)
    typ = fields.Number(source="typical", required=False, allow_null=True)
    max = fields.Number(source="maximum", required=False, allow_null=True)
    value = fields.Text(source="text", max_length=200, required=False, allow_blank=True)
    unit = fields.Text(max_length=20, required=False, allow_blank=True)
    condition = fields.Text(max_length=120, required=False, allow_blank=True)


class PartSiteShape(serializers.Serializer[Any]):
    """A site of a manufacturer part and its activity."""

    site = fields.Text()
    name = fields.Text()
    activity = fields.Text()
    country = fields.Text()


class ManufacturerPartShape(RecordShape):
    """A manufacturer's orderable part."""

    manufacturer = fields.Text(source="manufacturer.name")
    manufacturer_code = serializers.SerializerMethodField()
    mpn = fields.Text()
    description = fields.Text()
    lifecycle = fields.Word(choices=Lifecycle.choices)
    lifecycle_as_of = fields.Day(allow_null=True)
    lifecycle_source = fields.Text()
    datasheet_url = fields.Text()
    die = fields.Text()
    fit = fields.DecimalText(allow_null=True)
    fit_confidence = fields.DecimalText(allow_null=True)
    msl = fields.Word(choices=["", *ManufacturerPart.Msl.values])
    rohs = fields.Word(choices=["", *ManufacturerPart.Rohs.values])
    reach = fields.Word(choices=["", *ManufacturerPart.Reach.values])
    pcf_kg = fields.DecimalText(allow_null=True)
    country_of_origin = fields.Text()
    hts_code = fields.Text()
    eccn = fields.Text()
    sanctions_flag = fields.Flag(allow_null=True)
    parameters = ParameterShape(many=True)
    sites = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string"})
    def get_manufacturer_code(self, part: ManufacturerPart) -> str:
        """The company's code; empty without a named manufacturer."""
        return "" if part.manufacturer.placeholder else part.manufacturer.code

    @extend_schema_field(PartSiteShape(many=True))
    def get_sites(self, part: ManufacturerPart) -> list[dict[str, str]]:
        """The sites of production, test and storage."""
        return [
            {
                "site": str(made.site.public_id),
                "name": made.site.name,
                "activity": made.site.activity,
                "country": made.site.country,
            }
            for made in part.part_sites.all()
        ]


class PartSiteInput(Input):
    """A site by its id; ``activity`` must be that of the site."""

    site = fields.Key(sites, "public_id")
    activity = fields.Word(choices=Site.Activity.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A place with several activities is several sites."""
        site = attrs["site"]
        if attrs.get("activity", site.activity) != site.activity:
            detail = f"{site.name} is on record as {site.activity}: add a site for the other."
            raise serializers.ValidationError({"activity": [detail]}, "other_activity")
        return attrs


class ManufacturerPartChanges(Input):
    """Fields of a manufacturer part that can be changed; ``parameters`` and ``sites`` replace all.

    ``manufacturer`` names the manufacturer of a part that has none.
    """

    manufacturer = fields.Text(max_length=200, required=False)
    sites = PartSiteInput(many=True, required=False, max_length=50)

    description = fields.Text(max_length=300, required=False, allow_blank=True)
    lifecycle = fields.Word(choices=Lifecycle.choices, required=False)
    lifecycle_as_of = fields.Day(required=False, allow_null=True)
    lifecycle_source = fields.Text(max_length=120, required=False, allow_blank=True)
    datasheet_url = fields.Text(max_length=500, required=False, allow_blank=True)
    die = fields.Text(max_length=80, required=False, allow_blank=True)
    fit = fields.DecimalText(required=False, allow_null=True, low=0)
    fit_confidence = fields.DecimalText(required=False, allow_null=True, low=0, high=1)
    msl = fields.Word(choices=ManufacturerPart.Msl.choices, required=False, allow_blank=True)
    rohs = fields.Word(choices=ManufacturerPart.Rohs.choices, required=False, allow_blank=True)
    reach = fields.Word(choices=ManufacturerPart.Reach.choices, required=False, allow_blank=True)
    pcf_kg = fields.DecimalText(required=False, allow_null=True, low=0)
    country_of_origin = CountryField(required=False, allow_blank=True)
    hts_code = fields.Text(max_length=15, required=False, allow_blank=True)
    eccn = fields.Text(max_length=15, required=False, allow_blank=True)
    sanctions_flag = fields.Flag(required=False, allow_null=True)
    parameters = ParameterInput(many=True, required=False, max_length=500)


class ManufacturerPartInput(ManufacturerPartChanges):
    """A new manufacturer part."""

    manufacturer = fields.Text(max_length=200)
    mpn = fields.Text(max_length=200)
