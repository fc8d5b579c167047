"""What each source costs at one quantity, from offers that are valid today.

An expired offer never counts. Prices are in the company's currency; a rate that is missing makes
the price missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from parts.house_rules import CompanyPolicy
from parts.models import ExchangeRate
from secondsource.core import clock, policies
from suppliers.models import Offer, PriceBreak
from suppliers.price_break import average_price

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
    ids: Iterable[int],
    *,
    quantity: int = QUANTITY,
    day: dt.date | None = None,
    currency: str = "",
) -> dict[int, PriceFact]:
    """Price and lead time by manufacturer part; those without a valid offer are absent.

    ``currency`` is the company's, asked of its policy when not given.
    """
    currency = currency or policies.active(CompanyPolicy)[0].currency
    today = day or clock.business_day()
    found = _valid(ids, today)
    foreign = {offer.currency for offers in found.values() for offer in offers} - {currency}
    rates = {currency: Decimal(1)} | (_rates(today) if foreign else {})
    return {key: _fact(offers, rates, quantity, currency) for key, offers in found.items()}


_Breaks = dict[Offer, list[PriceBreak]]


def _valid(ids: Iterable[int], today: dt.date) -> dict[int, _Breaks]:
    """Valid offers with their breaks by manufacturer part; an offer has at least one break."""
    breaks = PriceBreak.objects.filter(
        Q(offer__valid_to=None) | Q(offer__valid_to__gte=today),
        offer__manufacturer_part__in=list(ids),
        offer__valid_from__lte=today,
    )
    found: dict[int, _Breaks] = {}
    for one in breaks.select_related("offer").order_by("offer", "quantity"):
        offers = found.setdefault(one.offer.manufacturer_part_id, {})
        offers.setdefault(one.offer, []).append(one)
    return found


def _rates(today: dt.date) -> dict[str, Decimal]:
    latest = (
        ExchangeRate.objects.filter(as_of__lte=today)
        .order_by("currency", "-as_of")
        .distinct("currency")
    )
    return dict(latest.values_list("currency", "rate"))


def _fact(offers: _Breaks, rates: dict[str, Decimal], quantity: int, currency: str) -> PriceFact:
    priced = [
        (price, offer)
        for offer, breaks in offers.items()
        if (price := _price(offer, breaks, rates, quantity)) is not None
    ]
    leads = [offer.lead_time_days_max for offer in offers if offer.lead_time_days_max is not None]
    lead = min(leads, default=None)
    if not priced:
        return PriceFact(lead_days=lead)
    best, offer = min(priced, key=lambda pair: pair[0])
    return PriceFact(best, currency, offer.valid_to, lead)


def _price(
    offer: Offer, breaks: list[PriceBreak], rates: dict[str, Decimal], quantity: int
) -> Decimal | None:
    """The break that ``quantity`` reaches, in the company's currency."""
    rate = rates.get(offer.currency)
    reached = [one for one in breaks if one.quantity <= quantity]
    if rate is None or not reached or offer.moq > quantity:
        return None
    if offer.break_type == Offer.BreakType.INCREMENTAL:
        ladder = [(one.quantity, one.price) for one in breaks]
        return average_price(quantity, ladder) * rate
    return max(reached, key=lambda one: one.quantity).price * rate
