"""How suppliers, their sites and parts, sources, offers and receipts travel."""

from suppliers.serializers.commerce import (
    RECEIPT_ID,
    OfferInput,
    OfferShape,
    ReceiptInput,
    ReceiptShape,
    receipt_id,
    receipt_pk,
)
from suppliers.serializers.companies import (
    SiteInput,
    SiteShape,
    SupplierChanges,
    SupplierInput,
    SupplierShape,
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
    "OfferInput",
    "OfferShape",
    "ReceiptInput",
    "ReceiptShape",
    "SiteInput",
    "SiteShape",
    "SourceChanges",
    "SourceInput",
    "SourceShape",
    "SupplierChanges",
    "SupplierInput",
    "SupplierShape",
    "receipt_id",
    "receipt_pk",
    "sources",
]
