"""Suppliers, manufacturer parts, sources with their approvals, offers, orders and receipts."""

from suppliers.models.agreements import AgreedPrice, PriceAgreement
from suppliers.models.approvals import Approval, Revocation
from suppliers.models.commerce import Offer, PriceBreak
from suppliers.models.companies import Site, Supplier, SupplierAlias
from suppliers.models.datasheets import Datasheet, DatasheetLine
from suppliers.models.declarations import Declaration
from suppliers.models.deliveries import OrderLine, Receipt, ReceiptBatch
from suppliers.models.figures import SupplierFigures
from suppliers.models.manufacturer_parts import ManufacturerPart, ManufacturerPartSite, Parameter
from suppliers.models.quotes import Quote, QuoteBreak, QuoteLine
from suppliers.models.rfqs import QuoteLink, Rfq, RfqInvitation, RfqLine
from suppliers.models.sources import Source
from suppliers.models.takeovers import ApprovalReview, Takeover, TakeoverRow

__all__ = [
    "AgreedPrice",
    "Approval",
    "ApprovalReview",
    "Datasheet",
    "DatasheetLine",
    "Declaration",
    "ManufacturerPart",
    "ManufacturerPartSite",
    "Offer",
    "OrderLine",
    "Parameter",
    "PriceAgreement",
    "PriceBreak",
    "Quote",
    "QuoteBreak",
    "QuoteLine",
    "QuoteLink",
    "Receipt",
    "ReceiptBatch",
    "Revocation",
    "Rfq",
    "RfqInvitation",
    "RfqLine",
    "Site",
    "Source",
    "Supplier",
    "SupplierAlias",
    "SupplierFigures",
    "Takeover",
    "TakeoverRow",
]
