"""What each source costs at one quantity, from offers that are valid today.

An expired offer never counts. Prices are in the company's currency; a rate that is missing makes
the price missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from parts.models import ExchangeRate
from parts.policy import CompanyPolicy
from secondsource.core import clock, policies
from suppliers.models import Offer

#: The quantity at which pages compare prices.
QUANTITY = 10_000


@dataclass(frozen=True)
class PriceFact:
    """The best unit price with currency and end of validity; the shortest promised lead time."""

    price: Decimal | None = None
    currency: str = ""
    valid_to: dt.date | None = None
    lead_days: int | None = None

    @property
    def lead_weeks(self) -> Decimal | None:
        """The lead time in weeks, rounded up to whole ones."""
        return None if self.lead_days is None else Decimal(-(-self.lead_days // 7))


def relative(price: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """The difference as a fraction of the reference: −0.12 is 12 % cheaper; None when unknown."""
    if price is None or not reference:
        return None
    return (price - reference) / reference


def of_manufacturer_parts(
    ids: Iterable[int], *, quantity: int = QUANTITY, day: dt.date | None = None
) -> dict[int, PriceFact]:
    """Price and lead time by manufacturer part; those without a valid offer are absent."""
    company, _ = policies.active(CompanyPolicy)
    today = day or clock.today()
    rates = _rates(today) | {company.currency: Decimal(1)}
    found: dict[int, list[Offer]] = {}
    for offer in _valid(ids, today):
        found.setdefault(offer.manufacturer_part_id, []).append(offer)
    return {key: _fact(offers, rates, quantity, company.currency) for key, offers in found.items()}


def _valid(ids: Iterable[int], today: dt.date) -> QuerySet[Offer]:
    return (
        Offer.objects.filter(manufacturer_part__in=list(ids), valid_from__lte=today)
        .filter(Q(valid_to=None) | Q(valid_to__gte=today))
        .prefetch_related("price_breaks")
    )


def _rates(today: dt.date) -> dict[str, Decimal]:
    latest = (
        ExchangeRate.objects.filter(as_of__lte=today)
        .order_by("currency", "-as_of")
        .distinct("currency")
    )
    return dict(latest.values_list("currency", "rate"))


def _fact(
    offers: list[Offer], rates: dict[str, Decimal], quantity: int, currency: str
) -> PriceFact:
    priced = [
        (price, offer) for offer in offers if (price := _price(offer, rates, quantity)) is not None
    ]
    leads = [offer.lead_time_days_max for offer in offers if offer.lead_time_days_max is not None]
    lead = min(leads, default=None)
    if not priced:
        return PriceFact(lead_days=lead)
    best, offer = min(priced, key=lambda pair: pair[0])
    return PriceFact(best, currency, offer.valid_to, lead)


def _price(offer: Offer, rates: dict[str, Decimal], quantity: int) -> Decimal | None:
    """The break that ``quantity`` reaches, in the company's currency."""
    rate = rates.get(offer.currency)
    reached = [one for one in offer.price_breaks.all() if one.quantity <= quantity]
    if rate is None or not reached or offer.moq > quantity:
        return None
    return max(reached, key=lambda one: one.quantity).price * rate
