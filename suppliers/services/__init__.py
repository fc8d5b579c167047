"""Writes of suppliers, manufacturer parts, sources, offers and receipts."""

from suppliers.services.commerce import add_offer, record_receipt, record_receipts
from suppliers.services.companies import (
    add_manufacturer_part,
    add_site,
    add_supplier,
    change_manufacturer_part,
    change_supplier,
    find_manufacturer,
    set_parameters,
)
from suppliers.services.sources import (
    add_source,
    approve_legacy,
    approve_source,
    change_source,
    end_approval,
    set_status,
)

__all__ = [
    "add_manufacturer_part",
    "add_offer",
    "add_site",
    "add_source",
    "add_supplier",
    "approve_legacy",
    "approve_source",
    "change_manufacturer_part",
    "change_source",
    "change_supplier",
    "end_approval",
    "find_manufacturer",
    "record_receipt",
    "record_receipts",
    "set_parameters",
    "set_status",
]
