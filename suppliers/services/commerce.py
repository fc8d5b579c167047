"""Services for offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from secondsource.core.money import is_currency
from secondsource.core.records import change, create
from suppliers.models import ManufacturerPart, Offer, PriceBreak, Source, Supplier
from suppliers.price_break import MOST_PRICE
from suppliers.services.sources import send_sources_changed

OFFER_FIELDS = frozenset(
    {
        "sku", "currency", "moq", "multiple", "lead_time_days_min", "lead_time_days_max", "channel",
        "break_type", "capacity_wk", "ncnr", "incoterm", "tariff_rate", "stock", "valid_from",
        "valid_to",
    }
)  # fmt: skip
#: 900 %. A larger rate is a percentage that was not written as a fraction.
MOST_TARIFF = 9
Breaks = Sequence[tuple[int, Decimal]]


@transaction.atomic
def add_offer(
    *,
    manufacturer_part: ManufacturerPart,
    supplier: Supplier,
    currency: str,
    price_breaks: Breaks,
    actor: Actor,
    valid_from: dt.date | None = None,
    **fields: Any,
) -> Offer:
    """Add a supplier's offer; ``price_breaks`` are (from quantity, unit price), at least one."""
    actor.require("suppliers.write_offer")
    offer = Offer(
        manufacturer_part=manufacturer_part,
        supplier=supplier,
        currency=currency,
        valid_from=valid_from or clock.business_day(),
        **fields,
    )
    refuse_values([*break_problems(price_breaks), *offer_problems(offer)])
    create(offer, actor, duplicate="This offer is on record already.")
    _write_breaks(offer, price_breaks)
    audit.record("suppliers.offer.added", offer, actor)
    send_sources_changed(Source.objects.filter(manufacturer_part=manufacturer_part), actor)
    return offer


@transaction.atomic
def change_offer(
    *,
    offer: Offer,
    values: Mapping[str, Any],
    actor: Actor,
    price_breaks: Breaks | None = None,
    expected: int | None = None,
) -> Offer:
    """Change plain fields (``OFFER_FIELDS``) of an offer; ``price_breaks`` replaces all of them.

    The prices of earlier versions stay on record.
    """
    actor.require("suppliers.write_offer", offer)
    found = Offer.objects.get(pk=offer.pk)
    for name, value in values.items():
        setattr(found, name, value)
    refuse_values(
        [*(break_problems(price_breaks) if price_breaks is not None else ()),
         *offer_problems(found)]
    )  # fmt: skip
    row = change(offer, values, actor, allowed=OFFER_FIELDS, expected=expected)
    if price_breaks is not None:
        _change_breaks(row, price_breaks, actor)
    send_sources_changed(Source.objects.filter(manufacturer_part=row.manufacturer_part), actor)
    return row


def breaks_of(offer: Offer) -> list[tuple[int, Decimal]]:
    """(from quantity, unit price) of the present version, rising."""
    return list(offer.price_breaks.order_by("quantity").values_list("quantity", "price"))


def breaks_by_version(offer: Offer, versions: Iterable[int]) -> dict[int, list[Any]]:
    """(from quantity, unit price), rising, of each of these versions of an offer."""
    rows = list(PriceBreak.every_version.filter(offer=offer).order_by("quantity"))
    return {
        version: [
            (row.quantity, row.price)
            for row in rows
            if row.from_version <= version
            and (row.until_version is None or version < row.until_version)
        ]
        for version in versions
    }


def _change_breaks(offer: Offer, breaks: Breaks, actor: Actor) -> None:
    """Supersede the breaks that differ; rows with old prices stay on record."""
    old, new = dict(breaks_of(offer)), dict(breaks)
    if old == new:
        return
    audit.save_as(offer, actor, "price breaks")
    changed = [quantity for quantity, price in old.items() if new.get(quantity) != price]
    offer.price_breaks.filter(quantity__in=changed).update(until_version=offer.version)
    _write_breaks(offer, [(q, p) for q, p in breaks if old.get(q) != p])
    data = {side: _in_words(prices) for side, prices in (("from", old), ("to", new))}
    audit.record("suppliers.offer.prices", offer, actor, data=data)


def _in_words(prices: Mapping[int, Decimal]) -> list[list[Any]]:
    return [[quantity, str(price)] for quantity, price in sorted(prices.items())]


def _write_breaks(offer: Offer, breaks: Breaks) -> None:
    PriceBreak.objects.bulk_create(
        [
            PriceBreak(offer=offer, quantity=q, price=p, from_version=offer.version)
            for q, p in breaks
        ]
    )


def break_problems(breaks: Breaks) -> list[FieldProblem]:
    """Problems of price breaks."""
    problems = []
    if not breaks:
        problems.append(FieldProblem("/price_breaks", "required", "Give at least one price."))
    for index, (quantity, price) in enumerate(breaks):
        if quantity < 1:
            problems.append(
                FieldProblem(f"/price_breaks/{index}/quantity", "not_positive", "At least 1.")
            )
        if price < 0:
            problems.append(
                FieldProblem(f"/price_breaks/{index}/price", "negative", "A price is 0 or more.")
            )
        if price > MOST_PRICE:
            told = f"At most {MOST_PRICE:,.0f}."
            problems.append(FieldProblem(f"/price_breaks/{index}/price", "out_of_range", told))
    if len({quantity for quantity, _ in breaks}) != len(breaks):
        problems.append(FieldProblem("/price_breaks", "duplicate", "Give each quantity once."))
    return problems


def offer_problems(offer: Offer) -> list[FieldProblem]:
    """Problems of an offer: currency, order of days and lead times, signs."""
    found = []
    if not is_currency(offer.currency):
        detail = "Give the ISO 4217 code of the currency."
        found.append(FieldProblem("/currency", "unknown_currency", detail))
    if offer.valid_to and offer.valid_from and offer.valid_to < offer.valid_from:
        found.append(FieldProblem("/valid_to", "limits_reversed", "Ends before it begins."))
    low, high = offer.lead_time_days_min, offer.lead_time_days_max
    if low is not None and high is not None and low > high:
        found.append(FieldProblem("/lead_time_days/max", "limits_reversed", "Below the minimum."))
    found += [
        FieldProblem(f"/{name}", "negative", "0 or more.")
        for name in ("capacity_wk", "stock", "tariff_rate")
        if (getattr(offer, name) or 0) < 0
    ]
    if (offer.tariff_rate or 0) > MOST_TARIFF:
        detail = "A tariff rate is a fraction: 0.25 is 25 %."
        found.append(FieldProblem("/tariff_rate", "out_of_range", detail))
    for name in ("moq", "multiple"):
        value = getattr(offer, name)
        if value is not None and value < 1:
            found.append(FieldProblem(f"/{name}", "not_positive", "At least 1."))
    return found
