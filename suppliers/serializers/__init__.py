"""Serializers of suppliers, sites, manufacturer parts, sources, offers, orders and receipts."""

from suppliers.serializers.commerce import OfferChanges, OfferInput, OfferShape
from suppliers.serializers.companies import (
    MergeInput,
    MergeShape,
    SiteChanges,
    SiteInput,
    SiteShape,
    StandingInput,
    SupplierChanges,
    SupplierInput,
    SupplierShape,
)
from suppliers.serializers.deliveries import (
    RECEIPT_ID,
    OrderLineChanges,
    OrderLineInput,
    OrderLineShape,
    ReasonInput,
    ReceiptInput,
    ReceiptShape,
    receipt_id,
    receipt_pk,
)
from suppliers.serializers.goods import (
    ManufacturerPartChanges,
    ManufacturerPartInput,
    ManufacturerPartRef,
    ManufacturerPartShape,
)
from suppliers.serializers.sources import (
    CheckQuery,
    CheckShape,
    SourceChanges,
    SourceInput,
    SourceShape,
    sources,
)

__all__ = [
    "RECEIPT_ID",
    "CheckQuery",
    "CheckShape",
    "ManufacturerPartChanges",
    "ManufacturerPartInput",
    "ManufacturerPartRef",
    "ManufacturerPartShape",
    "MergeInput",
    "MergeShape",
    "OfferChanges",
    "OfferInput",
    "OfferShape",
    "OrderLineChanges",
    "OrderLineInput",
    "OrderLineShape",
    "ReasonInput",
    "ReceiptInput",
    "ReceiptShape",
    "SiteChanges",
    "SiteInput",
    "SiteShape",
    "SourceChanges",
    "SourceInput",
    "SourceShape",
    "StandingInput",
    "SupplierChanges",
    "SupplierInput",
    "SupplierShape",
    "receipt_id",
    "receipt_pk",
    "sources",
]
