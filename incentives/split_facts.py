"""The basis of a split of a part's yearly volume: sources with their bounds, costs and stock.

A source takes part when it may be ordered today and has a valid offer. Everything is read for many
parts at once; ``suppliers.split`` solves and ``suppliers.cover`` says what an outage would lose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from incentives.split_costs import UnitCost
from parts.models import Part
from qualification import survival
from secondsource.core import clock, formats
from secondsource.core.errors import Reason
from secondsource.core.inputs import InputError
from secondsource.core.money import round_half_up
from suppliers import cover
from suppliers.cover import Alternate
from suppliers.models import Receipt, Source
from suppliers.split import FrontierPoint, Split, frontier, sourcing_split

WEEKS = survival.WEEKS_A_YEAR
#: Sources that may be ordered; each within the caps that its status gives.
ORDERABLE = {
    Source.Status.APPROVED: "the ramp's share of this month",
    Source.Status.INTERIM: "the share of its interim approval",
    Source.Status.REQUALIFY: "its last share until it is qualified again",
    Source.Status.PHASE_OUT: "the ramp-down of its supplier",
}
_SURVIVES = (Source.Independence.INDEPENDENT, Source.Independence.PARTLY)
#: Lead times are those of receipts of the last two years, the newest ones.
LEAD_DAYS, MOST_RECEIPTS = 730, 20_000
_ROUNDING = Decimal("0.00005")


@dataclass(frozen=True)
class SourceTerms:
    """A source with what a unit costs, the most that it may deliver, and why not more.

    ``unit_cost`` is the sum of the known parts of ``cost``, which says what is not known.
    ``most`` is a fraction of the year's demand. ``bounds`` are all limits in words with theirs.
    ``recovery_wk`` is the time until it delivers again after an outage.
    """

    source: Source
    unit_cost: Decimal
    most: Decimal
    cost: UnitCost | None = None
    bounds: Sequence[tuple[Decimal, str]] = ()
    lead_wk: float | None = None
    moq: int = 1
    recovery_wk: float = 0.0

    @property
    def name(self) -> str:
        """Manufacturer and number."""
        number = self.source.manufacturer_part
        return f"{number.manufacturer.name} {number.mpn}"

    @property
    def lacks(self) -> str:
        """``freight (EXW), duty rate``: what is not in the cost; '' for nothing."""
        return ", ".join(self.cost.lacks) if self.cost else ""

    @property
    def bound(self) -> str:
        """The tightest limit; '' without one."""
        return min(self.bounds, default=(Decimal(1), ""))[1]


@dataclass(frozen=True)
class PricedSplit:
    """Yearly cost, and what the worst outage of a source with a share would lose.

    ``exposure`` is in money; None without margins, and then ``lost`` still has the pieces.
    """

    cost: Decimal | None
    lost: Decimal | None
    exposure: Decimal | None


@dataclass
class SplitFacts:
    """The facts of one part. ``left_out`` are its other sources with the reason."""

    part: Part
    demand: Decimal | None
    warm_share: Decimal
    currency: str
    sources: list[SourceTerms] = field(default_factory=list)
    left_out: list[tuple[Source, str]] = field(default_factory=list)
    margin_wk: Decimal | None = None

    def of(self, source_id: int) -> SourceTerms:
        """The terms of a source that takes part."""
        return next(one for one in self.sources if one.source.pk == source_id)

    @property
    def per_week(self) -> float:
        return float(self.demand or 0) / WEEKS

    @property
    def first(self) -> SourceTerms | None:
        """The incumbent, else the source that may deliver most."""
        return self.sources[0] if self.sources else None

    @property
    def second(self) -> SourceTerms | None:
        """Of the others the independent one that may deliver most, then the cheapest."""
        rest = self.sources[1:]
        return min(
            rest, default=None,
            key=lambda one: (one.source.independence not in _SURVIVES, -one.most, one.unit_cost),
        )  # fmt: skip

    def obstacles(self) -> list[Reason]:
        """Every reason why the year's demand cannot be split at all."""
        found = []
        if not self.demand:
            fix = "Give the products their monthly volume, or the part its demand."
            found.append(Reason("no_demand", f"The demand of {self.part.ipn} is not known.", fix))
        if not self.sources:
            detail = f"{self.part.ipn} has no source that may be ordered and has a valid offer."
            found.append(Reason("no_source", detail, "Approve a source, or enter its offer."))
        elif self.demand and self.reach < 1 - _ROUNDING:
            limits = "; ".join(f"{one.name} {self._most_in_words(one)}" for one in self.sources)
            reach, _ = formats.apart(self.reach, 1, formats.percent)
            detail = f"Only {reach} of the demand can be bought: {limits}."
            fix = "Raise one of these limits, or lower the demand."
            found.append(Reason("bounds_below_demand", detail, fix))
        return found

    def _most_in_words(self, one: SourceTerms) -> str:
        return f"at most {formats.percent(one.most)}" + (f" ({one.bound})" if one.bound else "")

    @property
    def reach(self) -> Decimal:
        """The fraction of the demand that all sources may deliver together."""
        return sum((one.most for one in self.sources), Decimal(0))

    def least(self) -> dict[int, Decimal]:
        """The warm share of the first and the second source, where their bounds allow it."""
        warm = [one for one in (self.first, self.second) if one and self.second]
        return {one.source.pk: min(self.warm_share, one.most) for one in warm}

    def cheapest(self) -> dict[int, Decimal] | InputError:
        """Source → share at least cost within all bounds, else the refusal."""
        least, demand = self.least(), float(self.demand or 0)
        try:
            found: Split = sourcing_split(
                demand=demand,
                price=[float(one.unit_cost) for one in self.sources],
                min_share=[float(least.get(one.source.pk, 0)) for one in self.sources],
                max_share=[float(one.most) for one in self.sources],
                moq=self._moqs(),
            )
        except InputError as error:
            return error
        shares = [round_half_up(Decimal(units / demand), 4) for units in found.x]
        rest = 1 - sum(shares)
        room = [one.most - share if rest > 0 else share for one, share in
                zip(self.sources, shares, strict=True)]  # fmt: skip
        shares[room.index(max(room))] += rest
        return {one.source.pk: share for one, share in zip(self.sources, shares, strict=True)}

    def _moqs(self) -> list[float] | None:
        """Least quantities, only where one is above what a warm source would get anyway."""
        asked = [float(one.moq) for one in self.sources]
        matters = any(moq > 0.01 * float(self.demand or 0) for moq in asked)
        return asked if matters else None

    def against(self, source_id: int, share: Decimal) -> Iterator[tuple[str, str, str]]:
        """Field, code and detail of what a share of a source breaks."""
        known = {one.source.pk: one for one in self.sources}
        if not 0 <= share <= 1:
            yield "share", "out_of_range", "A share is a fraction, 0 to 1."
        elif source_id not in known:
            why = {source.pk: why for source, why in self.left_out}
            detail = f"It takes no part: {why.get(source_id, f'no source of {self.part.ipn}')}."
            yield "source", "not_orderable", detail
        elif share > known[source_id].most + _ROUNDING:
            one = known[source_id]
            yield "share", "above_bound", f"{one.name} gets {self._most_in_words(one)}."

    def warm_missing(self, shares: Mapping[int, Decimal]) -> str:
        """Why the second source would not stay warm; '' if it does."""
        mosts = sorted((one.most for one in self.sources), reverse=True)
        if len(mosts) < 2:
            return ""
        needed, got = min(self.warm_share, mosts[1]), sorted(shares.values(), reverse=True)
        second = got[1] if len(got) > 1 else Decimal(0)
        if second >= needed - _ROUNDING:
            return ""
        return (
            f"The second source gets {formats.percent(second)}; it needs "
            f"{formats.percent(needed)} to stay able to deliver."
        )

    def priced(self, shares: Mapping[int, Decimal]) -> PricedSplit:
        """Cost and exposure of a split over sources that take part."""
        demand = self.demand or Decimal(0)
        cost = sum(
            (self.of(pk).unit_cost * share * demand for pk, share in shares.items() if share),
            Decimal(0),
        )
        lost = self._lost(shares)
        money = None
        if lost is not None and self.margin_wk is not None and self.per_week:
            money = round_half_up(lost / Decimal(str(self.per_week)) * self.margin_wk)
        return PricedSplit(round_half_up(cost), lost, money)

    def _lost(self, shares: Mapping[int, Decimal]) -> Decimal | None:
        """Pieces that the worst outage of one source would lose; None without stock on record."""
        stock = self.part.stock_qty
        if stock is None or not self.per_week:
            return None
        lost, kept = 0.0, max(float(stock), 0.0)
        for down in self.sources:
            if not shares.get(down.source.pk):
                continue
            found = cover.time_to_survive(
                inventory=[kept], demand_wk=[self.per_week],
                alternates=list(self._helpers(down, shares)), ttr_wk=down.recovery_wk,
            )  # fmt: skip
            lost = max(lost, found.lost_units or 0.0)
        return round_half_up(Decimal(str(lost)), 0)

    def _helpers(self, down: SourceTerms, shares: Mapping[int, Decimal]) -> Iterator[Alternate]:
        """The others: at once with their share, after their lead time with all they may deliver."""
        for one in self.sources:
            if one is down or not _independent(down.source, one.source):
                continue
            share = float(shares.get(one.source.pk, 0))
            if share:
                yield Alternate(capacity_wk=share * self.per_week)
            more = float(one.most) - share
            if more > 0 and one.lead_wk is not None:
                yield Alternate(lead_wk=one.lead_wk, capacity_wk=more * self.per_week)

    def frontier(self, step: Decimal) -> list[FrontierPoint]:
        """Cost against risk of the first and the second source; empty without two.

        The exposure is money where margins are known, else pieces.
        """
        first, second = self.first, self.second
        if first is None or second is None or not self.demand or self._lost({}) is None:
            return []

        def risk(share: Decimal) -> Decimal:
            found = self.priced({first.source.pk: 1 - share, second.source.pk: share})
            return (found.exposure if self.margin_wk is not None else found.lost) or Decimal(0)

        return frontier(
            demand=max(1, round(self.demand)), incumbent_tco=first.unit_cost,
            second_tco=second.unit_cost, share_cap=second.most, exposure=risk, step=step,
        )  # fmt: skip

    @cached_property
    def lead_samples(self) -> dict[int, list[float]]:
        """Source → days from order to receipt, of the part's own receipts."""
        return lead_samples([one.source.pk for one in self.sources])


def _independent(a: Source, b: Source) -> bool:
    """Whether neither is tied to the incumbent."""
    others = [one for one in (a, b) if one.role != Source.Role.INCUMBENT]
    return all(one.independence in _SURVIVES for one in others)


def lead_samples(source_ids: Iterable[int]) -> dict[int, list[float]]:
    """Days from order to receipt by source; receipts without order day are left out."""
    since = clock.business_day() - dt.timedelta(days=LEAD_DAYS)
    rows = Receipt.objects.standing().filter(
        source__in=list(source_ids), received_qty__gt=0, received_date__gte=since,
        order_line__ordered_on__isnull=False,
    )  # fmt: skip
    newest = rows.order_by("-received_date", "-id")[:MOST_RECEIPTS]
    found: dict[int, list[float]] = {}
    for source, came, ordered in newest.values_list(
        "source_id", "received_date", "order_line__ordered_on"
    ):
        found.setdefault(source, []).append(float(max(0, (came - ordered).days)))
    return found
