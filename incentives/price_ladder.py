"""The price ladder of a part's sources: what a unit costs in orders of rising size.

Offers in other currencies are converted at the rate of today; those without a rate are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.leverage import TONES
from incentives.price_sight import PriceSight
from parts.models import Part
from secondsource.core import clock, formats
from secondsource.core.charts import Chart, Line, lines
from secondsource.core.money import PRICE_PLACES, round_half_up
from suppliers import services as sourcing
from suppliers.models import Offer, Source
from suppliers.price_facts import PriceFact, offers_of_part
from suppliers.quote_matrix import Rate, rates_of


@dataclass(frozen=True)
class Rung:
    """The best offer of a source today, with its price breaks; ``rate`` if it was converted."""

    source: Source
    offer: Offer
    fact: PriceFact
    breaks: Sequence[tuple[int, Decimal]]
    rate: Rate | None = None

    @property
    def name(self) -> str:
        """The manufacturer, and whether its prices were converted."""
        name = str(self.source.manufacturer_part.manufacturer.name)
        return f"{name}, converted" if self.rate else name

    def at(self, quantity: int) -> Decimal | None:
        """The tier price of a quantity; None below the first break."""
        place = bisect_right([least for least, _ in self.breaks], quantity)
        return self.breaks[place - 1][1] if place else None


def ladder_of(part: Part, quantity: int, currency: str) -> list[Rung]:
    """The cheapest valid offer of each source in a currency, incumbents first."""
    rows = offers_of_part(part, quantity=quantity)
    others = {offer.currency for offer, _, _ in rows} - {currency}
    rates = rates_of(others, currency, clock.business_day()) if others else {}
    best: dict[int, tuple[Offer, Source, PriceFact]] = {}
    for offer, source, fact in rows:
        if offer.currency == currency or offer.currency in rates:
            best.setdefault(source.pk, (offer, source, fact))
    rungs = [Rung(s, o, f, *_in_currency(o, rates.get(o.currency))) for o, s, f in best.values()]
    return sorted(rungs, key=lambda r: (r.source.role != Source.Role.INCUMBENT, r.source.pk))


def _in_currency(
    offer: Offer, rate: Rate | None
) -> tuple[Sequence[tuple[int, Decimal]], Rate | None]:
    breaks = sourcing.breaks_of(offer)
    if rate is None:
        return breaks, None
    return [(n, round_half_up(price * rate.rate, PRICE_PLACES)) for n, price in breaks], rate


def ladder_chart(rungs: Sequence[Rung], quantity: int, sight: PriceSight) -> Chart | None:
    """Steps from quantity to quantity, our lot as a band; None without offers."""
    steps = sorted({least for rung in rungs for least, _ in rung.breaks})
    if not steps:
        return None
    ours = max(0, bisect_right(steps, quantity) - 1)
    drawn = []
    tones = iter(TONES * 5)
    for rung in rungs:
        prices = [(place, rung.at(least)) for place, least in enumerate(steps)]
        known = [(float(place), sight.value(price)) for place, price in prices if price is not None]
        points = [*known, (float(len(steps)), known[-1][1])]
        incumbent = rung.source.role == Source.Role.INCUMBENT
        end = sight.show(rung.breaks[-1][1])
        drawn.append(Line(rung.name, "inc" if incumbent else next(tones), points, end=end))
    return lines(
        drawn, x=(0, len(steps)), label=sight.tick, dots=False,
        ticks=[(place + 0.5, f"{formats.number(n)}+") for place, n in enumerate(steps)],
        band=(ours, ours + 1, f"our lot, {formats.number(quantity)}"),
        sentence=_sentence(rungs, quantity, sight),
        head=["Quantity", *(rung.name for rung in rungs)],
        rows=[[f"{formats.number(n)}+", *(sight.show(rung.at(n)) for rung in rungs)]
              for n in steps],
    )  # fmt: skip


def _sentence(rungs: Sequence[Rung], quantity: int, sight: PriceSight) -> str:
    told = [f"{rung.name} {sight.show(rung.at(quantity))}" for rung in rungs]
    return f"At {formats.number(quantity)} pieces: {', '.join(told)}."
