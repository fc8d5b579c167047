"""The split of a demand over sources at least cost, and the cost of less risk.

Linear programme, with fixed costs or minimum quantities a mixed-integer one (HiGHS through scipy).
A demand that the bounds cannot meet is refused with the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NoReturn

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import SplitPolicy

DEFAULTS = SplitPolicy()
MOST_SOURCES = 20
_SLACK = 1e-9
_OUT_OF_TIME = 1
_TOO_HARD = "must be of fewer sources: no split was shown to be the cheapest within 2 s"


@dataclass(frozen=True, kw_only=True)
class Split:
    """Units by source in the order given, and the yearly cost with fixed costs."""

    x: tuple[float, ...]
    cost: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class FrontierPoint:
    """Yearly cost and exposure at one share of the second source."""

    share: Decimal
    yearly_tco: Decimal
    exposure: Decimal


@dataclass(frozen=True)
class _Source:
    price: float
    low: float
    high: float
    fixed: float
    moq: float


def sourcing_split(
    *,
    demand: float,
    price: Sequence[float],
    min_share: Sequence[float] | None = None,
    capacity: Sequence[float | None] | None = None,
    fixed: Sequence[float] | None = None,
    max_share: Sequence[float] | None = None,
    moq: Sequence[float] | None = None,
    warm_share: float = float(DEFAULTS.warm_share),
) -> Split:
    """Units from each of 1 to 20 sources that meet ``demand`` at least cost.

    ``price`` a unit, ``capacity`` units (None = no limit), shares as fractions of the demand,
    ``fixed`` a cost paid only when the source is used, ``moq`` the least units when it is. Without
    ``min_share`` the second source gets ``warm_share`` to stay able to deliver.
    """
    demand = inputs.number("demand", demand, above=0, high=1e12)
    prices = inputs.sequence("price", price, most=MOST_SOURCES)
    count = len(prices)
    lows = _column("min_share", min_share or _warm(count, warm_share), count, high=1)
    highs = _column("max_share", max_share or [1.0] * count, count, high=1)
    caps = _capacities(capacity, count)
    sources = [
        _Source(
            price=inputs.number(f"price.{i}", prices[i], low=0, high=1e9),
            low=lows[i] * demand,
            high=min(highs[i] * demand, caps[i], demand),
            fixed=_column("fixed", fixed or [0.0] * count, count)[i],
            moq=_column("moq", moq or [0.0] * count, count)[i],
        )
        for i in range(count)
    ]
    _feasible(sources, demand, lows, highs, caps)
    whole = any(source.fixed or source.moq for source in sources)
    x = _milp(sources, demand) if whole else _linear(sources, demand)
    return Split(
        x=tuple(x),
        cost=_cost(sources, x),
        method=Method(
            name="Mixed-integer programme, HiGHS" if whole else "Linear programme, HiGHS",
            libraries=("scipy",),
            design_choice=min_share is None,
        ),
    )


def frontier(
    *,
    demand: int,
    incumbent_tco: Decimal,
    second_tco: Decimal,
    share_cap: Decimal,
    exposure: Callable[[Decimal], Decimal],
    step: Decimal = DEFAULTS.frontier_step,
) -> list[FrontierPoint]:
    """Cost against risk: the second source's share from 0 to its cap in equal steps.

    ``exposure`` gives the money at risk for a share; the cap itself is always the last point.
    """
    demand = inputs.integer("demand", demand, low=1)
    cap = inputs.decimal("share_cap", share_cap, low=0, high=1)
    step = inputs.decimal("step", step, low="0.001", high=1)
    shares = [step * i for i in range(int(cap / step) + 1)]
    if shares[-1] != cap:
        shares.append(cap)
    return [
        FrontierPoint(
            share=share,
            yearly_tco=demand * ((1 - share) * incumbent_tco + share * second_tco),
            exposure=exposure(share),
        )
        for share in shares
    ]


def _warm(count: int, share: float) -> list[float]:
    share = inputs.probability("warm_share", share)
    return [share if place == 1 else 0.0 for place in range(count)]


def _column(field: str, values: Sequence[float], count: int, high: float = 1e12) -> list[float]:
    entries = inputs.sequence(field, values, least=count, most=count)
    return [
        inputs.number(f"{field}.{i}", entry, low=0, high=high) for i, entry in enumerate(entries)
    ]


def _capacities(capacity: Sequence[float | None] | None, count: int) -> list[float]:
    entries = inputs.sequence("capacity", capacity or [None] * count, least=count, most=count)
    return [
        math.inf if entry is None else inputs.number(f"capacity.{i}", entry, low=0)
        for i, entry in enumerate(entries)
    ]


def _feasible(
    sources: list[_Source],
    demand: float,
    lows: list[float],
    highs: list[float],
    caps: list[float],
) -> None:
    slack = demand * _SLACK
    for i, source in enumerate(sources):
        if source.low > highs[i] * demand + slack:
            inputs.refuse(f"min_share.{i}", "limit_order", f"must be at most {highs[i]:g}")
        if source.low > caps[i] + slack:
            inputs.refuse(
                f"capacity.{i}", "infeasible", f"must be at least the share's {source.low:g} units"
            )
    if sum(lows) > 1 + _SLACK:
        inputs.refuse("min_share", "infeasible", f"must sum to at most 1, not {sum(lows):g}")
    if sum(highs) < 1 - _SLACK:
        inputs.refuse("max_share", "infeasible", f"must sum to at least 1, not {sum(highs):g}")
    reachable = sum(source.high for source in sources)
    if reachable < demand - slack:
        inputs.refuse(
            "capacity", "infeasible", f"must reach the demand of {demand:g}, not {reachable:g}"
        )


def _linear(sources: list[_Source], demand: float) -> list[float]:
    """Units of each source: the programme is written in shares of the demand."""
    from scipy.optimize import linprog

    solved = linprog(
        c=_scaled([source.price for source in sources]),
        A_eq=[[1.0] * len(sources)],
        b_eq=[1.0],
        bounds=[(min(s.low, s.high) / demand, s.high / demand) for s in sources],
        method="highs",
    )
    return _tidy(solved.x if solved.success else None, demand)


def _milp(sources: list[_Source], demand: float) -> list[float]:
    """Units of each source when the choice of used sources is open: marks first, then units."""
    used = _used(sources, demand)
    chosen = [
        replace(source, low=max(source.low, source.moq)) if use else replace(source, low=0, high=0)
        for source, use in zip(sources, used, strict=True)
    ]
    return _linear(chosen, demand)


def _used(sources: list[_Source], demand: float) -> list[bool]:
    """A mark y for each source beside its share x of the demand: least·y <= x <= most·y.

    Shares are used because with units the solver's tolerance times a large demand is a delivery.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(sources)
    unit, shares = np.eye(count), np.array([source.high / demand for source in sources])
    least = np.diag([max(source.low, source.moq) / demand for source in sources])
    constraints = [
        LinearConstraint(np.hstack([np.ones(count), np.zeros(count)]), 1, 1),
        LinearConstraint(np.hstack([unit, -np.diag(shares)]), -np.inf, 0),
        LinearConstraint(np.hstack([unit, -least]), 0, np.inf),
    ]
    needed = [float(source.low > 0) for source in sources]
    solved = milp(
        c=_scaled([s.price * demand for s in sources] + [s.fixed for s in sources]),
        constraints=constraints,
        integrality=[0] * count + [1] * count,
        bounds=Bounds([0.0] * count + needed, [*shares, *([1.0] * count)]),
        options={"time_limit": 2.0, "mip_rel_gap": 0},
    )
    if solved.status == _OUT_OF_TIME:
        inputs.refuse("price", "too_hard", _TOO_HARD)
    if solved.x is None:
        _no_split()
    return [
        bool(must) or (mark > 0.5 and share > _SLACK)
        for must, share, mark in zip(needed, solved.x, solved.x[count:], strict=False)
    ]


def _scaled(costs: list[float]) -> list[float]:
    """Costs scaled to a similar size, because the solver's tolerances are absolute."""
    largest = max(costs)
    return [cost / largest * 1e6 for cost in costs] if largest else costs


def _no_split() -> NoReturn:
    inputs.refuse("moq", "infeasible", "must leave a split that meets the demand exactly")


def _tidy(x: Sequence[float] | None, demand: float) -> list[float]:
    """Units of shares; whole if the difference is only in the last digits."""
    if x is None:
        _no_split()
    units = [float(share) * demand for share in x]
    slack = demand * 1e-12
    return [float(round(u)) if abs(u - round(u)) <= slack else u for u in units]


def _cost(sources: list[_Source], x: Sequence[float]) -> float:
    return math.fsum(
        source.price * units + (source.fixed if units > 0 else 0.0)
        for source, units in zip(sources, x, strict=True)
    )
