"""Leverage: which gates alternates had passed when a round was sent, and what moved after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.models import Negotiation, NegotiationRound, RoundPrice
from incentives.price_sight import PriceSight
from qualification.models import GatePassage
from qualification.models.cases import State
from secondsource.core import clock, formats
from secondsource.core.charts import Chart, Line, Mark, lines
from suppliers.models import Source
from suppliers.price_facts import relative

#: The colours of sources: the incumbent, then alternates in their order.
TONES = ("alt", "3", "4", "5")


@dataclass(frozen=True)
class Bidder:
    """A supplier of one of the part's sources."""

    source_id: int
    supplier_id: int
    name: str
    mpn: str
    tone: str
    is_incumbent: bool

    @property
    def pair(self) -> tuple[int, int]:
        return self.source_id, self.supplier_id


@dataclass(frozen=True)
class GatePassed:
    """A gate that the alternate of a source passed."""

    source_id: int
    mpn: str
    gate: str
    day: dt.date

    @property
    def label(self) -> str:
        """``Pilot build``."""
        words = str(State(self.gate).label)
        return words[0].upper() + words[1:]


@dataclass(frozen=True)
class PriceMove:
    """A price that differs from the supplier's price of an earlier round."""

    bidder: Bidder
    round: NegotiationRound
    before: Decimal
    after: Decimal
    gates: Sequence[GatePassed]

    @property
    def change(self) -> str:
        """``−13 %``."""
        return formats.change(relative(self.after, self.before))

    @property
    def sentence(self) -> str:
        """``TI cut its price (−13 %) in R2, after NSI1050 passed spec review.``"""
        verb = "cut its price" if self.after < self.before else "raised its price"
        by_number: dict[str, list[str]] = {}
        for gate in self.gates:
            by_number.setdefault(gate.mpn, []).append(str(State(gate.gate).label))
        passed = " and ".join(f"{mpn} passed {', '.join(g)}" for mpn, g in by_number.items())
        after = f"after {passed}" if passed else "without another gate"
        return f"{self.bidder.name} {verb} ({self.change}) in {self.round}, {after}."


@dataclass(frozen=True)
class RoundRow:
    """A round with its price of each bidder, and the last gate of each alternate on that day."""

    round: NegotiationRound
    prices: Sequence[RoundPrice | None]
    standing: Sequence[GatePassed]
    moves: Sequence[PriceMove]


@dataclass(frozen=True)
class Leverage:
    """The rounds of a negotiation beside the gates of the alternates."""

    negotiation: Negotiation
    bidders: Sequence[Bidder]
    rows: Sequence[RoundRow]
    gates: Sequence[GatePassed]

    @property
    def moves(self) -> list[PriceMove]:
        """All moves in the order of the rounds."""
        return [move for row in self.rows for move in row.moves]

    @property
    def reference(self) -> Decimal | None:
        """The first price of the incumbent, else the first price at all."""
        first: dict[tuple[int, int], Decimal] = {}
        for row in self.rows:
            for bidder, price in zip(self.bidders, row.prices, strict=True):
                if price is not None:
                    first.setdefault(bidder.pair, price.price)
        for bidder in self.bidders:
            if bidder.pair in first:
                return first[bidder.pair]
        return None

    def last(self, bidder: Bidder) -> RoundPrice | None:
        """The last price of a bidder."""
        place = self.bidders.index(bidder)
        given = [row.prices[place] for row in self.rows]
        return next((price for price in reversed(given) if price is not None), None)

    def last_prices(self) -> dict[tuple[int, int], Decimal]:
        """The last price of each bidder."""
        found = {bidder.pair: self.last(bidder) for bidder in self.bidders}
        return {pair: price.price for pair, price in found.items() if price is not None}


def read_leverage(negotiation: Negotiation) -> Leverage:
    """Rounds, prices and gates of a negotiation in a fixed number of statements."""
    rounds = list(negotiation.rounds.prefetch_related(
        "prices__source__manufacturer_part__manufacturer", "prices__supplier"
    ))  # fmt: skip
    bidders = bidders_of([price for row in rounds for price in row.prices.all()])
    gates = gates_passed({bidder.source_id for bidder in bidders})
    return Leverage(negotiation, bidders, list(_rows(rounds, bidders, gates)), gates)


def bidders_of(prices: Sequence[RoundPrice]) -> list[Bidder]:
    """The suppliers behind prices: the incumbent first, then as the sources were added."""
    pairs = {(p.source_id, p.supplier_id): p for p in prices}
    ordered = sorted(
        pairs.values(),
        key=lambda p: (p.source.role != Source.Role.INCUMBENT, p.source_id, p.supplier_id),
    )
    found: list[Bidder] = []
    for price in ordered:
        number, incumbent = price.source.manufacturer_part, _is_incumbent(price.source)
        tone = (
            "inc" if incumbent else TONES[len([b for b in found if b.tone != "inc"]) % len(TONES)]
        )
        via = "" if price.supplier_id == number.manufacturer_id else f" via {price.supplier.name}"
        found.append(
            Bidder(price.source_id, price.supplier_id, f"{number.manufacturer.name}{via}",
                   number.mpn, tone, incumbent)
        )  # fmt: skip
    return found


def _is_incumbent(source: Source) -> bool:
    return source.role == Source.Role.INCUMBENT


def gates_passed(source_ids: set[int]) -> list[GatePassed]:
    """Gates that cases on these sources passed, in the order of days."""
    rows = GatePassage.objects.filter(
        case__source__in=source_ids, passed=True, left_at__isnull=False
    ).order_by("left_at", "pk")
    return [
        GatePassed(source, mpn, gate, clock.day_of(left_at))
        for source, mpn, gate, left_at in rows.values_list(
            "case__source_id", "case__source__manufacturer_part__mpn", "gate", "left_at"
        )
        if left_at is not None
    ]


def _rows(
    rounds: Sequence[NegotiationRound], bidders: Sequence[Bidder], gates: Sequence[GatePassed]
) -> Iterator[RoundRow]:
    last: dict[tuple[int, int], RoundPrice] = {}
    sent: dict[int, dt.date] = {row.pk: row.sent_on for row in rounds}
    for row in rounds:
        given = {(price.source_id, price.supplier_id): price for price in row.prices.all()}
        moves = []
        for bidder in bidders:
            price, before = given.get(bidder.pair), last.get(bidder.pair)
            if price and before and price.price != before.price:
                between = [g for g in gates if sent[before.round_id] < g.day <= row.sent_on]
                moves.append(PriceMove(bidder, row, before.price, price.price, between))
            if price:
                last[bidder.pair] = price
        standing = {g.source_id: g for g in gates if g.day <= row.sent_on}
        yield RoundRow(
            row, [given.get(one.pair) for one in bidders], list(standing.values()), moves
        )


def time_line(leverage: Leverage, sight: PriceSight) -> Chart | None:
    """Price steps over the gates of the alternates; None without a price."""
    drawn = []
    end = clock.business_day()
    for place, bidder in enumerate(leverage.bidders):
        points = [
            (float(row.round.sent_on.toordinal()), sight.value(price.price))
            for row in leverage.rows
            if (price := row.prices[place]) is not None
        ]
        last = leverage.last(bidder)
        if last is not None:
            points.append((float(end.toordinal()), points[-1][1]))
            drawn.append(Line(bidder.name, bidder.tone, points, end=sight.show(last.price)))
    if not drawn:
        return None
    first = min(row.round.sent_on for row in leverage.rows)
    gates = [g for g in leverage.gates if g.day <= end]
    low = min([first, *(g.day for g in gates)])
    span = (low.toordinal(), max(end, low + dt.timedelta(days=1)).toordinal())
    return lines(
        drawn, x=span, label=sight.tick,
        ticks=[(row.round.sent_on.toordinal(), str(row.round)) for row in leverage.rows],
        marks=[Mark(g.day.toordinal(), g.label) for g in gates],
        sentence=" ".join(move.sentence for move in leverage.moves) or "No price moved yet.",
        head=["When", "What", *(bidder.name for bidder in leverage.bidders)],
        rows=_table(leverage, gates, sight),
    )  # fmt: skip


def _table(leverage: Leverage, gates: Sequence[GatePassed], sight: PriceSight) -> list[list[str]]:
    nothing = [formats.MISSING] * len(leverage.bidders)
    told = [(g.day, 0, [formats.day(g.day), f"{g.label} of {g.mpn}", *nothing]) for g in gates]
    told += [
        (row.round.sent_on, 1, [
            formats.day(row.round.sent_on), f"{row.round}: {row.round.put_on_table}",
            *(sight.show(price.price if price else None) for price in row.prices),
        ])
        for row in leverage.rows
    ]  # fmt: skip
    return [cells for _, _, cells in sorted(told, key=lambda one: one[:2])]
