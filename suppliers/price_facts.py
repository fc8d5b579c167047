"""Prices of sources at a quantity from offers that are valid today.

Prices are in the company's currency. Without a rate there is no price.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parts.house_rules import CompanyPolicy
from parts.models import Part
from secondsource.core import clock, policies, queries
from secondsource.core.money import round_half_up
from suppliers.models import Offer, Source
from suppliers.prices import PRICED

#: The quantity at which pages compare prices.
QUANTITY = 10_000

_BEST = f"""
WITH asked AS (
    SELECT manufacturer_part_id AS key, id AS offer_id, %(quantity)s::numeric AS quantity
      FROM suppliers_offer WHERE manufacturer_part_id = ANY(%(ids)s)
), {PRICED.strip()}
SELECT DISTINCT ON (p.key) p.key, p.price, p.valid_to, p.order_qty, p.unit_price AS offered,
       p.currency AS offered_in, p.rate, p.rate_day, p.publisher,
       min(p.lead_days) OVER (PARTITION BY p.key) AS lead_days,
       max(o.capacity_wk) OVER (PARTITION BY p.key) AS capacity_wk
  FROM priced p JOIN suppliers_offer o ON o.id = p.offer_id
 ORDER BY p.key, p.price NULLS LAST, p.offer_id
"""  # noqa: S608 (a constant)


@dataclass(frozen=True)
class PriceFact:
    """The best unit price with its basis, the shortest promised lead time and the largest capacity.

    ``price`` is in ``currency``, the company's, for an order of ``order_qty``; it is None without
    an offer, and without a rate for ``offered_in``, the offer's own currency. ``offered`` is the
    price there, ``rate`` one unit of it in the company's currency on ``rate_day``.
    """

    price: Decimal | None = None
    currency: str = ""
    valid_to: dt.date | None = None
    lead_days: int | None = None
    capacity_wk: Decimal | None = None
    order_qty: Decimal | None = None
    offered: Decimal | None = None
    offered_in: str = ""
    rate: Decimal | None = None
    rate_day: dt.date | None = None
    publisher: str = ""

    @property
    def lead_weeks(self) -> Decimal | None:
        """The lead time in weeks, rounded up to whole ones."""
        return None if self.lead_days is None else Decimal(-(-self.lead_days // 7))

    @property
    def is_converted(self) -> bool:
        """Whether an exchange rate is part of the price."""
        return self.price is not None and self.offered_in != self.currency


def relative(price: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """The difference as a fraction of the reference: −0.12 is 12 % cheaper; None when unknown.

    It has four decimals: readers without prices see it, and an exact fraction of two prices gives
    both of them away.
    """
    if price is None or not reference:
        return None
    return round_half_up((price - reference) / reference, 4)


def of_manufacturer_parts(
    ids: Iterable[int],
    *,
    quantity: int = QUANTITY,
    day: dt.date | None = None,
    currency: str = "",
) -> dict[int, PriceFact]:
    """Price and lead time by manufacturer part; parts without a valid offer are absent.

    ``currency`` is by default that of the company's policy.
    """
    return _facts(_BEST, ids=list(ids), quantity=quantity, day=day, currency=currency)


def _facts(
    query: str, *, ids: list[int], quantity: int, day: dt.date | None = None, currency: str = ""
) -> dict[int, PriceFact]:
    """The result of a query of priced offers by its ``key``."""
    currency = currency or policies.active(CompanyPolicy)[0].currency
    given: dict[str, Any] = {
        "ids": ids,
        "quantity": quantity,
        "today": day or clock.business_day(),
        "currency": currency,
    }
    return {row.pop("key"): _fact(row, currency) for row in queries.records(query, given)}


_EACH = f"""
WITH asked AS (
    SELECT id AS key, id AS offer_id, %(quantity)s::numeric AS quantity
      FROM suppliers_offer WHERE id = ANY(%(ids)s)
), {PRICED.strip()}
SELECT key, price, valid_to, lead_days, order_qty, unit_price AS offered, currency AS offered_in,
       rate, rate_day, publisher
  FROM priced
"""  # noqa: S608 (a constant)


def offers_of_part(part: Part, *, quantity: int) -> list[tuple[Offer, Source, PriceFact]]:
    """The valid offers of a part's sources at a quantity: cheapest first, unpriced last."""
    sources = {
        source.manufacturer_part_id: source
        for source in Source.objects.filter(part=part).with_manufacturers()
    }
    offers = {
        offer.pk: offer
        for offer in Offer.objects.filter(manufacturer_part__in=sources).select_related(
            "manufacturer_part__manufacturer", "supplier"
        )
    }
    facts = _facts(_EACH, ids=list(offers), quantity=quantity)
    rows = [
        (offers[pk], sources[offers[pk].manufacturer_part_id], fact) for pk, fact in facts.items()
    ]
    return sorted(rows, key=lambda row: (row[2].price is None, row[2].price or 0, row[0].pk))


def _fact(row: dict[str, Any], currency: str) -> PriceFact:
    publisher = row.pop("publisher") or ""
    return PriceFact(currency=currency, publisher=publisher, **row)
