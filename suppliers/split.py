"""How to split a demand over sources at least cost, and the price of less risk.

Linear programme, with fixed costs or minimum quantities a mixed-integer one (HiGHS through scipy).
A demand that the bounds cannot meet is refused by naming the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import SplitPolicy

DEFAULTS = SplitPolicy()
MOST_SOURCES = 20
_SLACK = 1e-9


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
    ``min_share`` the second source keeps ``warm_share`` so that it stays able to deliver.
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
    from scipy.optimize import linprog

    solved = linprog(
        c=[source.price for source in sources],
        A_eq=[[1.0] * len(sources)],
        b_eq=[demand],
        bounds=[(min(source.low, source.high), source.high) for source in sources],
        method="highs",
    )
    return _tidy(solved.x if solved.success else None)


def _milp(sources: list[_Source], demand: float) -> list[float]:
    """Units x and a used mark y for each source: least·y <= x <= high·y."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(sources)
    least = np.diag([max(source.low, source.moq) for source in sources])
    most = np.diag([source.high for source in sources])
    unit = np.eye(count)
    constraints = [
        LinearConstraint(np.hstack([np.ones(count), np.zeros(count)]), demand, demand),
        LinearConstraint(np.hstack([unit, -most]), -np.inf, 0),
        LinearConstraint(np.hstack([unit, -least]), 0, np.inf),
    ]
    used = [float(source.low > 0) for source in sources]
    solved = milp(
        c=[s.price for s in sources] + [s.fixed for s in sources],
        constraints=constraints,
        integrality=[0] * count + [1] * count,
        bounds=Bounds([0.0] * count + used, [s.high for s in sources] + [1.0] * count),
        options={"time_limit": 2.0},
    )
    return _tidy(None if solved.x is None else solved.x[:count])


def _tidy(x: Sequence[float] | None) -> list[float]:
    if x is None:
        inputs.refuse("moq", "infeasible", "must leave a split that meets the demand exactly")
    nearest = [round(float(value)) for value in x]
    return [
        float(n) if abs(value - n) < 1e-6 * max(1, abs(n)) else float(value)
        for value, n in zip(x, nearest, strict=True)
    ]


def _cost(sources: list[_Source], x: Sequence[float]) -> float:
    return math.fsum(
        source.price * units + (source.fixed if units > 0 else 0.0)
        for source, units in zip(sources, x, strict=True)
    )
