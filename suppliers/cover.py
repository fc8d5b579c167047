"""How long stock and surviving sources last: time to survive, lost units, performance impact.

Source: Simchi-Levi, Schmidt, Wei, HBR 2014; Interfaces 45(5) 2015. The small form for one part with
an alternate that delivers only from its switch lead time on is our own. Times in weeks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.provenance import Method

LONGEST_WK = 10_000.0


@dataclass(frozen=True, kw_only=True)
class Survival:
    """``tts_wk`` None means that the stock never runs out; ``lost_units`` None without a TTR."""

    tts_wk: float | None
    lost_units: float | None
    at_risk: bool | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Units lost by product and what they cost at the given margins."""

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
    alternative_capacity_wk: float = 0.0,
    alternative_independent: bool = True,
    alternative_lead_wk: float = 0.0,
    ttr_wk: float | None = None,
) -> Survival:
    """How long demand is met with the first source down, and what is lost until it recovers.

    One entry of ``inventory`` and ``demand_wk`` per product that shares the alternate. The
    alternate delivers ``alternative_capacity_wk`` units a week from ``alternative_lead_wk`` on,
    and nothing when it fails in the same event. Full capacity that comes too late does not save
    the line.
    """
    stock, demand = _stock_and_demand(inventory, demand_wk)
    capacity = inputs.number("alternative_capacity_wk", alternative_capacity_wk, low=0)
    if not inputs.flag("alternative_independent", alternative_independent):
        capacity = 0.0
    lead = inputs.number("alternative_lead_wk", alternative_lead_wk, low=0, high=LONGEST_WK)
    if ttr_wk is not None:
        ttr_wk = inputs.number("ttr_wk", ttr_wk, low=0, high=LONGEST_WK)
    tts = _first_shortage(stock, demand, capacity, lead)
    return Survival(
        tts_wk=tts,
        lost_units=None if ttr_wk is None else _lost(stock, demand, capacity, lead, ttr_wk),
        at_risk=None if ttr_wk is None else tts is not None and tts < ttr_wk,
        method=Method(
            name="Time to survive, closed form with switch lead time", design_choice=True
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
    optimistically, so show 0.7 and 1.3 beside it.
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


def _first_shortage(
    stock: list[float], demand: list[float], capacity: float, lead: float
) -> float | None:
    """First time at which the shortage exceeds what the alternate has delivered."""
    runs_out = [s / d for s, d in zip(stock, demand, strict=True) if d > 0]
    if not runs_out:
        return None

    def gap(t: float) -> float:
        short = math.fsum(max(0.0, d * t - s) for s, d in zip(stock, demand, strict=True))
        return short - capacity * max(0.0, t - lead)

    start = min(runs_out)
    if start < lead:
        return start
    for left, right in _segments(start, [*runs_out, lead]):
        slope = (
            gap(left + 1) - gap(left)
            if right is None
            else (gap(right) - gap(left)) / (right - left)
        )
        if slope > 1e-12:
            crossing = left - gap(left) / slope
            if right is None or crossing < right:
                return max(left, crossing)
    return None


def _segments(start: float, corners: list[float]) -> list[tuple[float, float | None]]:
    points = sorted({start, *(corner for corner in corners if corner > start)})
    ends: list[float | None] = [*points[1:], None]
    return list(zip(points, ends, strict=True))


def _lost(
    stock: list[float], demand: list[float], capacity: float, lead: float, ttr: float
) -> float:
    alone = min(lead, ttr)
    before = after = 0.0
    for s, d in zip(stock, demand, strict=True):
        before += max(0.0, d * alone - s)
        after += max(0.0, d * (ttr - alone) - max(0.0, s - d * alone))
    return before + max(0.0, after - capacity * (ttr - alone))


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
