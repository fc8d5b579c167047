"""Serializers of order lines and receipts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.http import base36_to_int, int_to_base36
from rest_framework import serializers

from parts.serializers import parts
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.models import OrderLine, Receipt
from suppliers.serializers.companies import CompanyKey
from suppliers.serializers.goods import ManufacturerPartRef
from suppliers.serializers.sources import sources


def order_lines(user: User | None) -> QuerySet[OrderLine]:
    """Order lines in the caller's scope."""
    found: QuerySet[OrderLine] = OrderLine.objects.visible_to(user).select_related("source__part")
    return found


class SourceReference(Input):
    """Input about a source: by its id, or by part and manufacturer part."""

    source = fields.Key(sources, "public_id", required=False)
    part = fields.Key(parts, "ipn", required=False)
    manufacturer_part = ManufacturerPartRef(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the source within the caller's scope."""
        part, made = attrs.pop("part", None), attrs.pop("manufacturer_part", None)
        if "source" in attrs or attrs.get("order_line"):
            return attrs
        if part is None or made is None:
            raise serializers.ValidationError({"source": [self.needed()]}, "required")
        found = sources(None).filter(part=part, manufacturer_part=made).first()
        if found is None:
            raise serializers.ValidationError(
                {"manufacturer_part": [f"{made} is not a source of {part}."]}, "does_not_exist"
            )
        return attrs | {"source": found}

    def needed(self) -> str:
        """The problem of missing fields."""
        return "Name the source, or part and manufacturer part."


class OrderLineShape(RecordShape):
    """A line of a purchase order; ``open_qty`` is the quantity that has not arrived."""

    hides = "suppliers.orderline"

    source = fields.Text(source="source.key")
    part = fields.Text(source="source.part.ipn")
    manufacturer_part = ManufacturerPartRef(source="source.manufacturer_part")
    supplier = fields.Text(source="supplier.code")
    po = fields.Text()
    line = fields.Text()
    ordered_on = fields.Day(allow_null=True)
    ordered_qty = fields.Quantity()
    agreed_date = fields.Day(allow_null=True)
    open_qty = fields.Quantity()
    open_as_of = fields.Day(allow_null=True)
    unit_price = fields.Money("unit_price", allow_null=True)
    cancelled_on = fields.Day(allow_null=True)


class ReasonInput(Input):
    """A reason, which is kept in the record."""

    reason = fields.Text(max_length=300)


class OrderLineChanges(Input):
    """Fields of an order line that can be changed.

    ``open_qty`` is the open quantity in the sender's system on ``open_as_of`` (default: today);
    null means the ordered less the received quantity.
    """

    hides = "suppliers.orderline"

    ordered_on = fields.Day(required=False, allow_null=True)
    ordered_qty = fields.Quantity()
    agreed_date = fields.Day(required=False, allow_null=True)
    open_qty = fields.Quantity(source="open_given", required=False, allow_null=True)
    open_as_of = fields.Day(required=False, allow_null=True)
    unit_price = fields.Money("unit_price", required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require a quantity with its day."""
        if attrs.get("open_as_of") and attrs.get("open_given") is None:
            raise serializers.ValidationError(
                {"open_as_of": ["Give the open quantity of this day too."]}, "incomplete"
            )
        return attrs


class OrderLineInput(OrderLineChanges, SourceReference):
    """A new line of a purchase order; ``supplier`` is the manufacturer when none is named."""

    supplier = CompanyKey(required=False)
    po = fields.Text(max_length=60)
    line = fields.Text(max_length=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Apply the rules of both bases."""
        return SourceReference.validate(self, OrderLineChanges.validate(self, attrs))


class ReceiptShape(Shape):
    """A receipt; a return has a negative quantity.

    ``corrects`` is the wrong receipt of a counter-entry, ``note`` its reason; ``corrected``: the
    receipt has a counter-entry.
    """

    hides = "suppliers.receipt"

    id = serializers.SerializerMethodField()
    source = fields.Text(source="source.key")
    part = fields.Text(source="source.part.ipn")
    manufacturer_part = ManufacturerPartRef(source="source.manufacturer_part")
    order_line = fields.Text(source="order_line.key", allow_null=True)
    supplier = fields.Text(source="supplier.code", allow_null=True)
    po = fields.Text()
    received_date = fields.Day()
    received_qty = fields.Quantity()
    rejected_qty = fields.Quantity()
    lot = fields.Text()
    date_code = fields.Text()
    reference = fields.Text()
    unit_price = fields.Money("unit_price", allow_null=True)
    purpose = fields.Word(choices=Receipt.Purpose.choices)
    batch = fields.Text(source="batch.ref", allow_null=True)
    corrects = serializers.SerializerMethodField()
    corrected = fields.Flag(source="is_corrected")
    note = fields.Text()
    created_at = fields.Moment()

    def get_corrects(self, receipt: Receipt) -> str | None:
        """The opaque id of the wrong receipt."""
        return receipt_id(receipt.corrects_id) if receipt.corrects_id else None

    def get_id(self, receipt: Receipt) -> str:
        """The opaque id of the receipt."""
        return receipt_id(receipt.pk)


RECEIPT_ID = r"rcp-[0-9a-z]{1,12}"


def receipt_id(pk: int) -> str:
    """The opaque id of a receipt, a fact without a key of its own."""
    return f"rcp-{int_to_base36(pk)}"


def receipt_pk(public: str) -> int:
    """The row behind an opaque id. Raises ``ValueError``."""
    return base36_to_int(public.removeprefix("rcp-"))


class ReceiptInput(SourceReference):
    """A receipt of an order line, else of a source by its id or by part and manufacturer part."""

    hides = "suppliers.receipt"

    order_line = fields.Key(order_lines, "public_id", required=False, allow_null=True)
    supplier = CompanyKey(required=False, allow_null=True)
    po = fields.Text(max_length=60, required=False, allow_blank=True)
    received_date = fields.Day()
    received_qty = fields.Quantity(signed=True)
    rejected_qty = fields.Quantity(required=False)
    lot = fields.Text(max_length=60, required=False, allow_blank=True)
    date_code = fields.Text(max_length=20, required=False, allow_blank=True)
    reference = fields.Text(max_length=80, required=False, allow_blank=True)
    unit_price = fields.Money("unit_price", required=False, allow_null=True)
    purpose = fields.Word(choices=Receipt.Purpose.choices, required=False)
    confirm = fields.Flag(
        required=False,
        help_text="The quantity is right although it is far above the usual.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without an order line find the source."""
        found = super().validate(attrs)
        line = found.get("order_line")
        return found | ({"source": found.get("source", line.source)} if line else {})

    def needed(self) -> str:
        """The problem of missing fields."""
        return "Name the order line, the source, or part and manufacturer part."
