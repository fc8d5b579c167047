"""The split meets its bounds or names the bound that cannot be met."""

import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers.split import frontier, sourcing_split


def test_linear() -> None:
    found = sourcing_split(
        demand=100_000, price=[1.0, 0.88], min_share=[0.3, 0], capacity=[None, 60_000]
    )
    assert found.x == (40_000, 60_000)
    assert found.cost == pytest.approx(92_800)


def test_second_source_stays_warm_without_a_given_share() -> None:
    found = sourcing_split(demand=1000, price=[1.0, 2.0])
    assert found.x == (800, 200)
    assert found.method.design_choice is True


def test_fixed_cost_can_close_a_source() -> None:
    dear = sourcing_split(demand=1000, price=[1.0, 0.8], min_share=[0, 0], fixed=[0, 500])
    assert dear.x == (1000, 0)
    cheap = sourcing_split(demand=1000, price=[1.0, 0.8], min_share=[0, 0], fixed=[0, 100])
    assert (cheap.x, cheap.cost) == ((0, 1000), 900)


def test_minimum_order_quantity() -> None:
    found = sourcing_split(
        demand=1000, price=[1.0, 0.8], min_share=[0, 0], capacity=[None, 300], moq=[0, 400]
    )
    assert found.x == (1000, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capacity": [400, 500]}, "capacity"),
        ({"min_share": [0.7, 0.4]}, "min_share"),
        ({"max_share": [0.4, 0.4], "min_share": [0, 0]}, "max_share"),
        ({"min_share": [0.5, 0], "max_share": [0.4, 1]}, "min_share.0"),
        ({"min_share": [0.5, 0], "capacity": [400, None]}, "capacity.0"),
        ({"moq": [600, 600], "min_share": [0.1, 0.1]}, "moq"),
    ],
)
def test_names_the_bound_that_cannot_be_met(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        sourcing_split(**{"demand": 1000, "price": [1.0, 0.9], **change})
    assert refused.value.field == field
    assert refused.value.code in {"infeasible", "limit_order"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"demand": 0}, "demand"),
        ({"price": [-1, 1]}, "price.0"),
        ({"price": [1.0] * 21}, "price"),
        ({"min_share": [0.3]}, "min_share"),
        ({"capacity": [None, float("nan")]}, "capacity.1"),
        ({"fixed": [0, -1]}, "fixed.1"),
    ],
)
def test_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        sourcing_split(**{"demand": 1000, "price": [1.0, 0.9], **change})
    assert refused.value.field == field


SOURCE = st.tuples(st.integers(1, 100), st.integers(0, 5), st.integers(1, 10))


@settings(max_examples=60)
@given(sources=st.lists(SOURCE, min_size=1, max_size=4))
def test_meets_every_bound_or_names_one(sources) -> None:
    prices = [p / 10 for p, _, _ in sources]
    lows = [low / 10 for _, low, _ in sources]
    caps = [cap * 100.0 for _, _, cap in sources]
    try:
        found = sourcing_split(demand=1000, price=prices, min_share=lows, capacity=caps)
    except InputError as refused:
        field = refused.field.split(".")[0]
        assert field in {"capacity", "min_share"}
        names = {"capacity": sum(caps) < 1000, "min_share": sum(lows) > 1}
        short = any(cap < low * 1000 for cap, low in zip(caps, lows, strict=True))
        assert names[field] or short
        return
    assert sum(found.x) == pytest.approx(1000)
    for units, low, cap in zip(found.x, lows, caps, strict=True):
        assert low * 1000 - 1e-6 <= units <= cap + 1e-6


@settings(max_examples=25, deadline=None)
@given(
    prices=st.lists(st.integers(5, 15), min_size=2, max_size=3),
    fixed=st.lists(st.integers(0, 300), min_size=3, max_size=3),
)
def test_mixed_integer_beats_every_grid_point(prices: list[int], fixed: list[int]) -> None:
    count = len(prices)
    found = sourcing_split(
        demand=100, price=prices, min_share=[0] * count, capacity=[70] * count, fixed=fixed[:count]
    )
    best = min(
        sum(p * x + (f if x else 0) for p, x, f in zip(prices, xs, fixed, strict=False))
        for xs in itertools.product(range(0, 71, 10), repeat=count)
        if sum(xs) == 100
    )
    assert found.cost <= best + 1e-6


SOURCES = st.lists(
    st.tuples(st.integers(50, 200), st.integers(0, 9), st.integers(0, 4), st.integers(2, 9)),
    min_size=2,
    max_size=4,
)


def cheapest(demand: float, sources: list[tuple[float, ...]]) -> float:
    """Least cost by trying every set of sources and filling the cheapest of it first."""
    costs = [math.inf]
    for used in itertools.product((False, True), repeat=len(sources)):
        chosen = sorted(s for s, use in zip(sources, used, strict=True) if use)
        left = demand - sum(least for _, _, least, _ in chosen)
        room = sum(most - least for _, _, least, most in chosen)
        if not -1e-9 * demand <= left <= room + 1e-9 * demand or any(
            least > most for _, _, least, most in chosen
        ):
            continue
        cost = sum(price * least + fixed for price, fixed, least, _ in chosen)
        for price, _, least, most in chosen:
            taken = min(left, most - least)
            cost, left = cost + price * taken, left - taken
        costs.append(cost)
    return min(costs)


@settings(max_examples=60, deadline=None)
@given(drawn=SOURCES, demand=st.sampled_from([0.001, 1.0, 1e3, 1e6, 1e9, 1e12]))
def test_the_size_of_the_demand_does_not_change_the_choice(drawn, demand: float) -> None:
    sources = [
        (price / 100, fixed * demand / 20, least * demand / 10, most * demand / 10)
        for price, fixed, least, most in drawn
    ]
    price, fixed, moq, capacity = (list(column) for column in zip(*sources, strict=True))
    asked = {"price": price, "fixed": fixed, "moq": moq, "capacity": capacity}
    best = cheapest(demand, sources)
    if best == math.inf:
        with pytest.raises(InputError, match=r"capacity|moq"):
            sourcing_split(demand=demand, min_share=[0.0] * len(price), **asked)
        return
    found = sourcing_split(demand=demand, min_share=[0.0] * len(price), **asked)
    assert found.cost == pytest.approx(best, rel=1e-9)
    assert sum(found.x) == pytest.approx(demand, rel=1e-12)


def test_a_large_demand_leaves_no_fixed_cost_unseen() -> None:
    found = sourcing_split(
        demand=10**9,
        price=[1.729, 0.803, 1.966, 1.827, 1.84],
        capacity=[648_329_966, 655_069_579, 739_882_702, None, None],
        fixed=[32_477_266, 0, 134_525_392, 0, 0],
        moq=[0, 0, 0, 0, 135_527_389],
        min_share=[0, 0, 0, 0, 0.1],
    )
    assert found.x == (0, 655_069_579, 0, 209_403_032, 135_527_389)


def test_a_least_order_below_the_solvers_tolerance_is_not_placed() -> None:
    found = sourcing_split(demand=1e9, price=[2.0, 1.0], min_share=[0, 0], moq=[400, 0])
    assert found.x == (0, 1e9)


def test_what_cannot_be_solved_in_time_is_refused_and_not_guessed() -> None:
    lots = [2.0 * (1_000_003 + 48_271 * i * i % 999_983) for i in range(20)]
    with pytest.raises(InputError) as refused:
        sourcing_split(
            demand=sum(lots) // 4 * 2 + 1,
            price=[1.0] * 20,
            min_share=[0] * 20,
            capacity=lots,
            moq=lots,
        )
    assert (refused.value.field, refused.value.code) == ("price", "too_hard")


def test_frontier_ends_at_the_cap() -> None:
    points = frontier(
        demand=1000,
        incumbent_tco=Decimal("1.00"),
        second_tco=Decimal("0.90"),
        share_cap=Decimal("0.12"),
        exposure=lambda share: 500 * (1 - share),
    )
    assert [p.share for p in points] == [Decimal(s) for s in ("0", "0.05", "0.10", "0.12")]
    assert points[-1].yearly_tco == Decimal("988.0000")
    assert points[-1].exposure == Decimal("440.00")
