"""What suppliers quote for the part of a negotiation, at its quantity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F

from incentives.models import Negotiation
from secondsource.core import clock, formats
from secondsource.core.inputs import InputError
from secondsource.core.money import PRICE_PLACES, round_half_up
from suppliers.models import QuoteLine, Rfq, Source, Supplier
from suppliers.price_break import price_of

if TYPE_CHECKING:
    from secondsource.accounts.models import User

_ASKED = (Rfq.State.SENT, Rfq.State.CLOSED, Rfq.State.AWARDED)


@dataclass(frozen=True)
class Quoted:
    """The newest quoted line of a supplier for a source.

    ``price`` of a unit at the negotiation's quantity, in the currency of the quote; ``why`` says
    why a round cannot take it, '' if it can.
    """

    source: Source
    supplier: Supplier
    line: QuoteLine
    price: Decimal | None
    why: str

    @property
    def at_price(self) -> Decimal:
        """The price of a line that can be taken."""
        assert self.price is not None
        return self.price

    @property
    def reference(self) -> str:
        """``RFQ-0007, quote 2``."""
        quote = self.line.quote
        return f"{quote.invitation.rfq.reference}, quote {quote.revision}"


def quoted_price(line: QuoteLine, quantity: int) -> Decimal | None:
    """The quoted price of a unit in an order of ``quantity``; None below the lowest break."""
    kind: Any = line.break_type
    try:
        found = price_of(
            quantity=quantity, breaks=[(row.quantity, row.price) for row in line.breaks.all()],
            break_type=kind, moq=line.moq, multiple=line.multiple,
        )  # fmt: skip
    except InputError:
        return None
    return round_half_up(found.unit_price, PRICE_PLACES) if found else None


def newest_quotes(negotiation: Negotiation, user: User | None) -> list[Quoted]:
    """The newest quoted line of each source and supplier, of requests that the person sees."""
    sources = Source.objects.filter(part=negotiation.part_id).with_manufacturers().in_order()
    by_number = {source.manufacturer_part_id: source for source in sources}
    seen: Any = Rfq.objects.visible_to(user)
    rows = QuoteLine.objects.filter(
        line__part=negotiation.part_id, manufacturer_part__in=by_number, declined=False,
        quote__revision=F("quote__invitation__revision"),
        quote__invitation__rfq__in=seen.filter(state__in=_ASKED),
    ).select_related(
        "quote__invitation__rfq", "quote__invitation__supplier__merged_into"
    )  # fmt: skip
    newest: dict[tuple[int, int], Quoted] = {}
    for line in rows.prefetch_related("breaks").order_by("quote_id"):
        asked = line.quote.invitation.supplier
        supplier = asked.merged_into or asked
        source = by_number[line.manufacturer_part_id or 0]
        price = quoted_price(line, negotiation.quantity)
        newest[source.pk, supplier.pk] = Quoted(
            source, supplier, line, price, _against(negotiation, line, price)
        )
    order = {source.pk: place for place, source in enumerate(by_number.values())}
    return sorted(newest.values(), key=lambda one: (order[one.source.pk], one.supplier.name))


def _against(negotiation: Negotiation, line: QuoteLine, price: Decimal | None) -> str:
    if line.quote.is_expired(clock.business_day()):
        return f"the quote ended on {formats.day(line.quote.valid_to)}"
    if line.quote.currency != negotiation.currency:
        return f"quoted in {line.quote.currency}, the rounds are in {negotiation.currency}"
    if price is None:
        return f"no price at {formats.number(negotiation.quantity)}"
    return ""
