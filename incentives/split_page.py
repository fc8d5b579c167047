"""What the page of a split shows: the frontier, the lead times of the mix, the bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from incentives.lead_mix import MixedLeadTime, mixed
from incentives.price_sight import PriceSight
from incentives.split_facts import SplitFacts
from secondsource.core import formats
from secondsource.core.charts import (
    Chart,
    Dot,
    Dots,
    Line,
    Mark,
    Series,
    columns,
    dots,
    lines,
)
from suppliers.split import FrontierPoint

#: Days by which a mix should have arrived: the article's aim is 40 to 80 days, down to 20 to 60.
AIM_DAYS = 60.0


def frontier_chart(
    facts: SplitFacts, points: Sequence[FrontierPoint], chosen: Decimal | None, sight: PriceSight
) -> Chart | None:
    """Exposure over yearly cost, from all of the first source to the cap of the second.

    None without two sources, and where no outage of one source loses anything.
    """
    if len(points) < 2 or not any(point.exposure for point in points):
        return None
    base = points[0].yearly_tco
    costs = [float(p.yearly_tco) if sight.exact else _of_base(p, base) for p in points]
    exposures = [float(p.exposure) for p in points]
    second = facts.second
    assert second is not None
    marks = []
    if chosen is not None:
        near = min(range(len(points)), key=lambda i: abs(points[i].share - chosen))
        marks = [Mark(costs[near], f"this split, {formats.percent(points[near].share)}")]
    line = Line(f"Share of {second.name}", "alt", sorted(zip(costs, exposures, strict=True)))
    low, high = min(costs), max(costs)
    if low == high:
        low, high = low - 1, high + 1
    money = facts.margin_wk is not None
    return lines(
        [line], x=(low, high), stepped=False, marks=marks,
        label=lambda value: _exposure(value, facts.currency, money=money),
        ticks=[(low, _cost(low, sight)), (high, _cost(high, sight))],
        sentence=_sentence(facts, points, sight, money=money),
        head=["Share of the second source", "Yearly cost", "Worst outage"],
        rows=[
            [formats.percent(p.share), _cost(cost, sight),
             _exposure(float(p.exposure), facts.currency, money=money)]
            for p, cost in zip(points, costs, strict=True)
        ],
    )  # fmt: skip


def _of_base(point: FrontierPoint, base: Decimal) -> float:
    return float(point.yearly_tco / base * 100) if base else 100.0


def _cost(value: float, sight: PriceSight) -> str:
    if sight.exact:
        return formats.money(value, sight.currency)
    return formats.percent(value / 100, 1)


def _exposure(value: float, currency: str, *, money: bool) -> str:
    return formats.money_short(value, currency) if money else formats.number(value, 0)


def _sentence(
    facts: SplitFacts, points: Sequence[FrontierPoint], sight: PriceSight, *, money: bool
) -> str:
    least = min(points, key=lambda p: (p.exposure, p.yearly_tco))
    cheap = min(points, key=lambda p: p.yearly_tco)
    shown = _exposure(float(least.exposure), facts.currency, money=money)
    what = shown if money else f"{shown} pieces"
    assert facts.second is not None
    return (
        f"The worst outage loses least, {what}, at {formats.percent(least.share)} of "
        f"{facts.second.name}; the cost is least at {formats.percent(cheap.share)}."
    )


def lead_lanes(facts: SplitFacts, shares: Mapping[int, Decimal]) -> tuple[Dots | None, list[Any]]:
    """p10 to p90 of each source and of the mix, as lanes; and the sources without receipts."""
    samples = facts.lead_samples
    lanes: list[tuple[str, MixedLeadTime, str]] = []
    missing = []
    for one in facts.sources:
        found = mixed(samples, {one.source.pk: 1.0}, aim=AIM_DAYS)
        if found is None:
            missing.append((one, len(samples.get(one.source.pk, ()))))
        else:
            lanes.append((f"{one.name} alone", found, "neu"))
    mix = mixed(samples, {pk: float(share) for pk, share in shares.items()}, aim=AIM_DAYS)
    if mix is not None:
        tone = "good" if mix.p90 <= AIM_DAYS else "warn"
        lanes.append(("This split", mix, tone))
    if not lanes:
        return None, missing
    drawn = [_lane(name, found, tone) for name, found, tone in lanes]
    days = lambda value: f"{value:.0f} days"  # noqa: E731 (a format)
    return dots(drawn, label=days, tick=days, ends=(0.0, 3650.0)), missing


def _lane(name: str, found: MixedLeadTime, tone: str) -> Dot:
    by_aim = formats.percent(found.by_aim)
    sentence = (
        f"{name}: half within {found.p50:.0f} days, from {found.p10:.0f} to {found.p90:.0f} days "
        f"(p10 to p90), {by_aim} within {AIM_DAYS:.0f} days."
    )
    note = f"{by_aim} within {AIM_DAYS:.0f} days, {formats.number(found.receipts)} receipts"
    return Dot(
        name, sentence, point=found.p50, lower=found.p10, upper=found.p90, tone=tone, note=note,
        ring=AIM_DAYS,
    )  # fmt: skip


def histogram(facts: SplitFacts, shares: Mapping[int, Decimal]) -> Chart | None:
    """How many of the mix's units arrive in each span of days, before and with the split.

    None where no source with a share has ten receipts.
    """
    samples, first = facts.lead_samples, facts.first
    mix = mixed(samples, {pk: float(share) for pk, share in shares.items()}, aim=AIM_DAYS)
    if mix is None or first is None:
        return None
    alone = mixed(samples, {first.source.pk: 1.0}, aim=AIM_DAYS)
    width = _span(max([*mix.points, *(alone.points if alone else ())]))
    series = [Series("This split", "f-alt")]
    groups = [_counted(mix.points, width)]
    if alone is not None and len([share for share in shares.values() if share]) > 1:
        series.insert(0, Series(f"{first.name} alone", "f-inc"))
        groups.insert(0, _counted(alone.points, width))
    spans = max(len(group) for group in groups)
    periods = [
        (f"{place * width}", [group[place] if place < len(group) else 0.0 for group in groups])
        for place in range(spans)
    ]
    table = [
        [f"{place * width} to {(place + 1) * width - 1}", *(formats.percent(v) for v in values)]
        for place, (_, values) in enumerate(periods)
    ]
    sentence = (
        f"{formats.percent(mix.by_aim)} of the units of this split arrive within"
        f" {AIM_DAYS:.0f} days"
    )
    if alone is not None:
        sentence += f"; of {first.name} alone {formats.percent(alone.by_aim)}"
    return columns(periods, series, sentence=f"{sentence}.", table=table, first="Days")


def _span(longest: float) -> int:
    """Days of a column, so that there are at most sixteen."""
    return next((days for days in (5, 10, 20, 50, 100) if longest < days * 16), 250)


def _counted(points: Sequence[float], width: int) -> list[float]:
    """The fraction of the points in each span of days."""
    counts = [0] * (int(max(points) // width) + 1)
    for day in points:
        counts[int(day // width)] += 1
    return [count / len(points) for count in counts]


def source_rows(
    facts: SplitFacts, shares: Mapping[int, Decimal], sight: PriceSight
) -> list[dict[str, Any]]:
    """A row for each source that takes part."""
    demand = facts.demand or Decimal(0)
    return [
        {
            "terms": one, "share": shares.get(one.source.pk),
            "units": (shares.get(one.source.pk) or Decimal(0)) * demand,
            "cost": sight.show(one.unit_cost), "bounds": one.bounds, "lacks": one.lacks,
            "parts": [(name, sight.show(amount)) for name, amount in one.cost.parts]
            if sight.exact and one.cost else [],
        }
        for one in facts.sources
    ]  # fmt: skip
