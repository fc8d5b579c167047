"""Serializers of the introduction and of the lots in which sources were built."""

from __future__ import annotations

from parts.serializers import plants, products
from qualification.models import Introduction
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.serializers import sources

_MOST = 100_000_000


class IntroducedRevisionShape(Shape):
    """The revision of a product's bill of material in which the alternate comes in."""

    product = fields.Text(source="product.code")
    revision = fields.Whole(source="revision.number")


class IntroductionShape(RecordShape):
    """How the alternate comes in."""

    change_notice = fields.Text()
    cut_in = fields.Word(choices=Introduction.CutIn.choices)
    cut_in_on = fields.Day(allow_null=True)
    cut_in_serial = fields.Text()
    run_out_quantity = fields.Whole(allow_null=True)
    run_out_by = fields.Day(allow_null=True)
    run_out_done_on = fields.Day(allow_null=True)
    revisions = IntroducedRevisionShape(many=True)


class IntroducedRevisionInput(Input):
    """A product and the number of its revision."""

    product = fields.Key(products, "code")
    revision = fields.Whole(min_value=1, max_value=1_000_000)


class IntroductionChanges(Input):
    """Fields of the introduction; ``revisions`` sets those of the named products."""

    change_notice = fields.Text(max_length=60, required=False, allow_blank=True)
    cut_in = fields.Word(choices=Introduction.CutIn.choices, required=False)
    cut_in_on = fields.Day(required=False, allow_null=True)
    cut_in_serial = fields.Text(max_length=40, required=False, allow_blank=True)
    run_out_quantity = fields.Whole(required=False, allow_null=True, min_value=0, max_value=_MOST)
    run_out_by = fields.Day(required=False, allow_null=True)
    run_out_done_on = fields.Day(required=False, allow_null=True)
    revisions = IntroducedRevisionInput(  # type: ignore[call-arg]
        many=True, required=False, max_length=500
    )


class BuiltShape(RecordShape):
    """A lot of a product that holds a source; ``serials`` says the range in words."""

    product = fields.Text(source="product.code")
    plant = fields.Text(source="plant.code", allow_null=True, default=None)
    lot = fields.Text()
    serials = fields.Text()
    serial_prefix = fields.Text()
    serial_from = fields.Whole(allow_null=True)
    serial_to = fields.Whole(allow_null=True)
    part = fields.Text(source="part.ipn")
    source = fields.Text(source="source.key")  # type: ignore[assignment]
    manufacturer = fields.Text(source="source.manufacturer_part.manufacturer.name")
    mpn = fields.Text(source="source.manufacturer_part.mpn")
    part_lot = fields.Text()
    quantity = fields.Whole()
    failed = fields.Whole(allow_null=True)
    built_on = fields.Day()
    withdrawn_at = fields.Moment(allow_null=True)
    withdrawn_reason = fields.Text()


class BuiltInput(Input):
    """A lot of a product that took units of a source; serials are a prefix and a range."""

    product = fields.Key(products, "code")
    source = fields.Key(sources, "public_id")  # type: ignore[assignment]
    lot = fields.Text(max_length=60)
    quantity = fields.Whole(min_value=1, max_value=_MOST)
    built_on = fields.Day()
    plant = fields.Key(plants, required=False, allow_null=True)
    part_lot = fields.Text(max_length=60, required=False, allow_blank=True)
    failed = fields.Whole(required=False, allow_null=True, min_value=0, max_value=_MOST)
    serial_prefix = fields.Text(max_length=20, required=False, allow_blank=True)
    serial_from = fields.Whole(required=False, allow_null=True, min_value=0, max_value=10**15)
    serial_to = fields.Whole(required=False, allow_null=True, min_value=0, max_value=10**15)


class BuiltRows(Input):
    """Up to 1,000 lots, recorded all or none."""

    rows = BuiltInput(many=True, max_length=1000)  # type: ignore[call-arg]


class BuiltCount(Shape):
    """How many lots were recorded."""

    created = fields.Whole()
