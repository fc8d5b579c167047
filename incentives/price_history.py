"""How the prices of a part's offers changed, from the versions of their price breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parts.models import Part
from secondsource.core.inputs import InputError
from suppliers.models import Offer, PriceBreak, Source
from suppliers.price_break import price_of

#: The newest changes that a page shows.
MOST_SHOWN = 30


@dataclass(frozen=True)
class PriceChange:
    """The price of an offer at the quantity in one of its versions, and in the one before."""

    at: dt.datetime
    offer: Offer
    price: Decimal | None
    before: Decimal | None
    currency: str


def price_history(part: Part, quantity: int) -> list[PriceChange]:
    """Every version of the part's offers that changed the price at a quantity, the newest first.

    Three statements; offers that were removed are not shown.
    """
    numbers = Source.objects.filter(part=part).values("manufacturer_part")
    offers = Offer.objects.filter(manufacturer_part__in=numbers).select_related(
        "supplier", "manufacturer_part__manufacturer"
    )
    by_id = {offer.pk: offer for offer in offers}
    breaks: dict[int, list[PriceBreak]] = {}
    for row in PriceBreak.every_version.filter(offer__in=by_id).order_by("quantity"):
        breaks.setdefault(row.offer_id, []).append(row)
    entries = Offer.history.filter(id__in=by_id).order_by("id", "version")
    changes = list(_changes(entries, by_id, breaks, quantity))
    return sorted(changes, key=lambda one: one.at, reverse=True)


def _changes(
    entries: Iterable[Any],
    offers: dict[int, Offer],
    breaks: dict[int, list[PriceBreak]],
    quantity: int,
) -> Iterable[PriceChange]:
    last: dict[int, Decimal | None] = {}
    for entry in entries:
        ladder = [
            (row.quantity, row.price)
            for row in breaks.get(entry.id, ())
            if row.from_version <= entry.version
            and (row.until_version is None or entry.version < row.until_version)
        ]
        price = _price(ladder, entry, quantity)
        if entry.id not in last or last[entry.id] != price:
            yield PriceChange(
                entry.history_date, offers[entry.id], price, last.get(entry.id), entry.currency
            )
        last[entry.id] = price


def _price(ladder: list[tuple[int, Decimal]], entry: Any, quantity: int) -> Decimal | None:
    """The unit price in a version; None where the quantity is below its ladder."""
    if not ladder:
        return None
    try:
        found = price_of(
            quantity=quantity, breaks=ladder, break_type=entry.break_type, moq=entry.moq,
            multiple=entry.multiple,
        )  # fmt: skip
    except InputError:
        return None
    return found.unit_price if found else None
