"""Who can be asked for a price: the suppliers of a part's sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.leverage import Bidder
from incentives.quoted import Quoted
from parts.models import Part
from secondsource.core import clock
from secondsource.core.inputs import InputError
from suppliers.models import Offer, Source, Supplier
from suppliers.price_break import price_of


@dataclass(frozen=True)
class Pair:
    """A source and a supplier of it, with the supplier's offers and its newest quote."""

    source: Source
    supplier: Supplier
    offers: Sequence[Offer] = ()
    quoted: Quoted | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.source.pk, self.supplier.pk

    @property
    def name(self) -> str:
        """``Novosense NSI1050``, ``… via Distributor``."""
        number = self.source.manufacturer_part
        via = "" if self.supplier.pk == number.manufacturer_id else f" via {self.supplier.name}"
        return f"{number.manufacturer.name} {number.mpn}{via}"

    def field(self, what: str) -> str:
        """The name of a form's field about the pair."""
        return f"{what}_{self.source.pk}_{self.supplier.pk}"

    def offer_at(self, price: Decimal, quantity: int, currency: str) -> Offer | None:
        """A valid offer of exactly this price."""
        return next(
            (o for o in self.offers if o.currency == currency and _unit(o, quantity) == price), None
        )


def _unit(offer: Offer, quantity: int) -> Decimal | None:
    ladder = [(row.quantity, row.price) for row in offer.price_breaks.all()]
    try:
        found = price_of(
            quantity=quantity, breaks=ladder, break_type=offer.break_type,  # type: ignore[arg-type]
            moq=offer.moq, multiple=offer.multiple, day=clock.business_day(),
            valid_from=offer.valid_from, valid_to=offer.valid_to,
        )  # fmt: skip
    except InputError:
        return None
    return found.unit_price if found else None


def pairs_of(
    part: Part, quoted: Sequence[Quoted] = (), also: Collection[tuple[int, int]] = ()
) -> list[Pair]:
    """The sources of a part, each with its manufacturer and everybody who offers or quotes it.

    ``also``: ids of further sources and suppliers, such as those that gave a price before.
    """
    sources = list(Source.objects.filter(part=part).with_manufacturers().in_order())
    numbers = [source.manufacturer_part_id for source in sources]
    offers = Offer.objects.filter(manufacturer_part__in=numbers).select_related("supplier")
    by_number: dict[int, dict[int, list[Offer]]] = {}
    for offer in offers.prefetch_related("price_breaks").order_by("supplier__name", "pk"):
        mine = by_number.setdefault(offer.manufacturer_part_id, {})
        mine.setdefault(offer.supplier_id, []).append(offer)
    quotes = {(one.source.pk, one.supplier.pk): one for one in quoted}
    others = Supplier.objects.in_bulk({supplier for _, supplier in also})
    found = []
    for source in sources:
        manufacturer = source.manufacturer_part.manufacturer
        offered = by_number.get(source.manufacturer_part_id, {})
        asked = {} if manufacturer.placeholder else {manufacturer.pk: manufacturer}
        asked |= {pk: rows[0].supplier for pk, rows in offered.items() if pk not in asked}
        for one in quoted:
            if one.source.pk == source.pk:
                asked.setdefault(one.supplier.pk, one.supplier)
        for of_source, pk in also:
            if of_source == source.pk:
                asked.setdefault(pk, others[pk])
        found += [
            Pair(source, supplier, offered.get(pk, []), quotes.get((source.pk, pk)))
            for pk, supplier in asked.items()
        ]
    return found


def pairs_among(part: Part, bidders: Sequence[Bidder]) -> list[Pair]:
    """The pairs of those who gave a price."""
    wanted = {bidder.pair for bidder in bidders}
    return [pair for pair in pairs_of(part, also=wanted) if pair.key in wanted]
