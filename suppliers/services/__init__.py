"""Writes of suppliers, manufacturer parts, sources, offers, orders and receipts."""

from suppliers.services.approvals import (
    approve_legacy,
    approve_source,
    revoke_approvals,
    withdraw_approval,
    write_approval,
)
from suppliers.services.commerce import add_offer, breaks_by_version, change_offer
from suppliers.services.companies import (
    add_aliases,
    add_manufacturer_part,
    add_site,
    add_supplier,
    change_manufacturer_part,
    change_site,
    change_supplier,
    find_manufacturer,
    send_specification_changed,
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
from suppliers.services.reviews import keep_approvals, withdraw_approvals
from suppliers.services.sources import add_source, change_source, set_scope
from suppliers.services.sourcing import (
    AS_CANDIDATE,
    AS_INCUMBENT,
    NO_MAKER_CODE,
    NO_MAKER_NAME,
    add_makers,
    approve_as_legacy,
    free_codes,
)
from suppliers.services.takeovers import (
    MOST_ROWS,
    Finding,
    Proposal,
    judge_proposals,
    propose_takeover,
)

__all__ = [
    "AS_CANDIDATE",
    "AS_INCUMBENT",
    "MOST_ROWS",
    "NO_MAKER_CODE",
    "NO_MAKER_NAME",
    "Finding",
    "Proposal",
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
    "breaks_by_version",
    "change_manufacturer_part",
    "change_offer",
    "change_order_line",
    "change_site",
    "change_source",
    "change_supplier",
    "find_manufacturer",
    "free_codes",
    "judge_proposals",
    "keep_approvals",
    "propose_takeover",
    "reasons_against_taking_back",
    "record_receipt",
    "record_receipts",
    "revoke_approvals",
    "send_specification_changed",
    "set_parameters",
    "set_scope",
    "take_back_batch",
    "withdraw_approval",
    "withdraw_approvals",
    "write_approval",
]
