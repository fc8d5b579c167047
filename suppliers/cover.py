"""Cover: time to survive, lost units and performance impact.

Source: Simchi-Levi, Schmidt, Wei, HBR 2014; Interfaces 45(5) 2015. The small form for one part with
alternates after their switch lead times is our own. Times in weeks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method

LONGEST_WK = 10_000.0
_MOMENT = 1e-12
MOST_ALTERNATES = 50


@dataclass(frozen=True, kw_only=True)
class Alternate:
    """A second source that delivers from its switch lead time on when the first is down.

    ``capacity_wk`` None means unlimited; ``quantity`` is the most that it may deliver in total,
    None without a cap. One that fails in the same event delivers nothing.
    """

    lead_wk: float = 0.0
    capacity_wk: float | None = None
    quantity: float | None = None
    independent: bool = True


@dataclass(frozen=True)
class Stretch:
    """A period in weeks and what supplies the demand in it. The last one has no end."""

    end: float
    kind: Literal["stock", "alternate", "part", "short"]


@dataclass(frozen=True, kw_only=True)
class SurvivalTime:
    """``tts_wk`` None means that the stock never runs out; ``lost_units`` is None without a TTR.

    ``stretches`` are the periods from week 0 on in their order.
    """

    tts_wk: float | None
    lost_units: float | None
    at_risk: bool | None
    stretches: tuple[Stretch, ...]
    method: Method


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Units lost by product and their margin."""

    lost_units: tuple[float, ...]
    performance_impact: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Node:
    """A node of the chain; ``tts_wk`` None = never runs out, ``units_wk`` the uncovered rate."""

    id: str
    ttr_wk: float
    tts_wk: float | None
    units_wk: float
    margin: float


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Performance impact by node and the index scaled by the largest (all 0 when none is hit)."""

    impact: dict[str, float]
    index: dict[str, float]
    method: Method


def time_to_survive(
    *,
    inventory: Sequence[float],
    demand_wk: Sequence[float],
    alternates: Sequence[Alternate] = (),
    ttr_wk: float | None = None,
) -> SurvivalTime:
    """How long demand is met with the first source down, and the units lost until it recovers.

    One entry of ``inventory`` and ``demand_wk`` per product that shares the alternates. Surplus
    deliveries are kept in stock. Units that were missed are lost even if full capacity comes later.
    """
    stock, demand = _stock_and_demand(inventory, demand_wk)
    sources = _delivering(alternates, math.fsum(demand))
    if ttr_wk is not None:
        ttr_wk = inputs.number("ttr_wk", ttr_wk, low=0, high=LONGEST_WK)
    tts, lost, stretches = _walk(stock, demand, sources, ttr_wk)
    return SurvivalTime(
        tts_wk=tts,
        lost_units=None if ttr_wk is None else lost,
        at_risk=None if ttr_wk is None else tts is not None and tts < ttr_wk,
        stretches=tuple(stretches),
        method=Method(
            name="Time to survive, closed form with switch lead times", design_choice=True
        ),
    )


def performance_impact(
    *,
    ttr_wk: float,
    demand_wk: Sequence[float],
    finished_inventory: Sequence[float],
    unit_margin: Sequence[float],
    alternative_capacity_wk: float = 0.0,
) -> Impact:
    """Least margin lost over TTR by products that share one alternate capacity (linear programme).

    min Σ margin·lost, 0 <= lost <= max(0, demand·TTR - inventory), Σ(need - lost) <= capacity·TTR.
    """
    ttr = inputs.number("ttr_wk", ttr_wk, low=0, high=LONGEST_WK)
    stock, demand = _stock_and_demand(finished_inventory, demand_wk, "finished_inventory")
    margins = inputs.sequence("unit_margin", unit_margin, least=len(demand), most=len(demand))
    margin = [inputs.number(f"unit_margin.{i}", m, low=0) for i, m in enumerate(margins)]
    capacity = inputs.number("alternative_capacity_wk", alternative_capacity_wk, low=0)
    need = [max(0.0, d * ttr - s) for d, s in zip(demand, stock, strict=True)]
    lost = _least_loss(need, margin, capacity * ttr)
    return Impact(
        lost_units=tuple(lost),
        performance_impact=math.fsum(m * x for m, x in zip(margin, lost, strict=True)),
        method=Method(name="Linear programme over the time to recover", libraries=("scipy",)),
    )


def exposure(nodes: Sequence[Node], *, ttr_factor: float = 1.0) -> Exposure:
    """Performance impact and risk exposure index by node.

    Impact = max(0, TTR - TTS)·units·margin. ``ttr_factor`` scales every TTR: suppliers state it
    optimistically, so show the results for 0.7 and 1.3 too.
    """
    inputs.sequence("nodes", nodes)
    factor = inputs.number("ttr_factor", ttr_factor, above=0, high=10)
    impact = {n.id: _node_impact(f"nodes.{i}", n, factor) for i, n in enumerate(nodes)}
    if len(impact) != len(nodes):
        inputs.refuse("nodes", "duplicate", "must have distinct ids")
    largest = max(impact.values())
    return Exposure(
        impact=impact,
        index={name: value / largest if largest else 0.0 for name, value in impact.items()},
        method=Method(name="Risk exposure index, single node", standard="Simchi-Levi et al. 2014"),
    )


def _stock_and_demand(
    inventory: Sequence[float], demand_wk: Sequence[float], stock_field: str = "inventory"
) -> tuple[list[float], list[float]]:
    rates = inputs.sequence("demand_wk", demand_wk)
    stocks = inputs.sequence(stock_field, inventory, least=len(rates), most=len(rates))
    demand = [inputs.number(f"demand_wk.{i}", d, low=0, high=1e12) for i, d in enumerate(rates)]
    stock = [inputs.number(f"{stock_field}.{i}", s, low=0) for i, s in enumerate(stocks)]
    return stock, demand


@dataclass(frozen=True)
class _Delivery:
    """A rate of units a week between two moments."""

    start: float
    end: float
    rate: float


def _delivering(alternates: Sequence[Alternate], demand: float) -> list[_Delivery]:
    inputs.sequence("alternates", alternates, least=0, most=MOST_ALTERNATES)
    found = []
    for i, one in enumerate(alternates):
        field = f"alternates.{i}"
        lead = inputs.number(f"{field}.lead_wk", one.lead_wk, low=0, high=LONGEST_WK)
        rate = demand
        if one.capacity_wk is not None:
            rate = inputs.number(f"{field}.capacity_wk", one.capacity_wk, low=0)
        end = math.inf
        if one.quantity is not None:
            quantity = inputs.number(f"{field}.quantity", one.quantity, low=0)
            end = lead + quantity / rate if rate else lead
        if inputs.flag(f"{field}.independent", one.independent) and rate and end > lead:
            found.append(_Delivery(lead, end, rate))
    return found


def _walk(
    stock: list[float], demand: list[float], sources: list[_Delivery], ttr: float | None
) -> tuple[float | None, float, list[Stretch]]:
    """Time of the first shortage (None = never), units short until ``ttr``, and the periods.

    Rates are constant between two corners, at which stock runs out or a source begins or ends.
    ``kept`` is the surplus of the sources.
    """
    out = [(s / d, d) for s, d in zip(stock, demand, strict=True) if d > 0]
    corners = [moment for moment, _ in out]
    corners += [moment for one in sources for moment in (one.start, one.end)]
    first, kept, lost = None, 0.0, 0.0
    stretches: list[Stretch] = []
    for left, right in _segments([*corners, ttr or 0.0]):
        need = math.fsum(d for moment, d in out if moment <= left)
        rate = math.fsum(one.rate for one in sources if one.start <= left < one.end)
        gap = need - rate
        lasts = math.inf if gap <= 1e-12 * need else kept / gap
        served = min(right, left + lasts)
        if served > left:
            stretches.append(Stretch(served, "alternate" if need else "stock"))
        if right - served > _MOMENT * served:
            first = served if first is None else first
            stretches.append(Stretch(right, "part" if rate else "short"))
            if ttr is not None and right <= ttr:
                lost += gap * (right - served)
        kept = max(0.0, kept - gap * (right - left)) if right < math.inf else 0.0
    return first, lost, stretches


def _segments(corners: Sequence[float]) -> Iterator[tuple[float, float]]:
    """The periods between corners from 0 on; the last one has no end."""
    points = sorted({0.0, *(corner for corner in corners if 0 < corner < math.inf)})
    yield from zip(points, [*points[1:], math.inf], strict=True)


def _least_loss(need: list[float], margin: list[float], capacity: float) -> list[float]:
    if sum(need) <= capacity:
        return [0.0] * len(need)
    from scipy.optimize import linprog

    solved = linprog(
        c=margin,
        A_ub=[[-1.0] * len(need)],
        b_ub=[capacity - math.fsum(need)],
        bounds=[(0.0, n) for n in need],
        method="highs",
    )
    return [float(x) + 0.0 for x in solved.x]


def _node_impact(field: str, node: Node, factor: float) -> float:
    ttr = inputs.number(f"{field}.ttr_wk", node.ttr_wk, low=0, high=LONGEST_WK) * factor
    units = inputs.number(f"{field}.units_wk", node.units_wk, low=0)
    margin = inputs.number(f"{field}.margin", node.margin, low=0)
    if node.tts_wk is None:
        return 0.0
    tts = inputs.number(f"{field}.tts_wk", node.tts_wk, low=0, high=LONGEST_WK)
    return max(0.0, ttr - tts) * units * margin
