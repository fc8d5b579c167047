"""Writes of suppliers, manufacturer parts, sources, offers, orders and receipts."""

from suppliers.services.commerce import add_offer, change_offer
from suppliers.services.companies import (
    add_aliases,
    add_manufacturer_part,
    add_site,
    add_supplier,
    change_manufacturer_part,
    change_site,
    change_supplier,
    find_manufacturer,
    set_parameters,
)
from suppliers.services.deliveries import (
    add_order_line,
    change_order_line,
    reasons_against_taking_back,
    record_receipt,
    record_receipts,
    take_back_batch,
)
from suppliers.services.sources import (
    add_source,
    approve_legacy,
    approve_source,
    change_source,
    end_approval,
    set_scope,
    set_status,
)
from suppliers.services.sourcing import (
    AS_CANDIDATE,
    AS_INCUMBENT,
    NO_MAKER_CODE,
    NO_MAKER_NAME,
    add_makers,
    approve_as_legacy,
    free_codes,
)

__all__ = [
    "AS_CANDIDATE",
    "AS_INCUMBENT",
    "NO_MAKER_CODE",
    "NO_MAKER_NAME",
    "add_aliases",
    "add_makers",
    "add_manufacturer_part",
    "add_offer",
    "add_order_line",
    "add_site",
    "add_source",
    "add_supplier",
    "approve_as_legacy",
    "approve_legacy",
    "approve_source",
    "change_manufacturer_part",
    "change_offer",
    "change_order_line",
    "change_site",
    "change_source",
    "change_supplier",
    "end_approval",
    "find_manufacturer",
    "free_codes",
    "reasons_against_taking_back",
    "record_receipt",
    "record_receipts",
    "set_parameters",
    "set_scope",
    "set_status",
    "take_back_batch",
]
