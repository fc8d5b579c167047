"""Suppliers, manufacturer parts, sources with their approvals, offers and receipts."""

from suppliers.models.commerce import Offer, PriceBreak, Receipt
from suppliers.models.companies import Site, Supplier, SupplierAlias
from suppliers.models.manufacturer_parts import ManufacturerPart, ManufacturerPartSite, Parameter
from suppliers.models.sources import Approval, Source

__all__ = [
    "Approval",
    "ManufacturerPart",
    "ManufacturerPartSite",
    "Offer",
    "Parameter",
    "PriceBreak",
    "Receipt",
    "Site",
    "Source",
    "Supplier",
    "SupplierAlias",
]
