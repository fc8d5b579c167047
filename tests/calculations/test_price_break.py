"""Price ladders against trying every quantity."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers.price_break import cheapest_order, unit_price

D = Decimal
LADDER = [(1, D("1.00")), (1000, D("0.90")), (5000, D("0.80"))]


@pytest.mark.parametrize(
    ("need", "quantity", "cost"),
    [
        (950, 1000, "900.00"),
        (4600, 5000, "4000.00"),
        (5000, 5000, "4000.00"),
        (900, 900, "900.00"),
        (899, 899, "899.00"),
        (4444, 4444, "3999.60"),
    ],
)
def test_all_units(need: int, quantity: int, cost: str) -> None:
    found = cheapest_order(need=need, breaks=LADDER)
    assert (found.order_qty, str(found.cost), found.excess) == (quantity, cost, quantity - need)


def test_incremental_never_buys_more() -> None:
    found = cheapest_order(need=1500, breaks=LADDER, break_type="incremental")
    assert (found.order_qty, found.cost) == (1500, D("999.00") + D("450.90") + D("0.00"))


def test_minimum_and_multiple() -> None:
    found = cheapest_order(need=120, breaks=[(1, D("1.00"))], moq=250, multiple=100)
    assert (found.order_qty, found.excess) == (300, 180)


def test_multiple_can_lift_into_the_next_tier() -> None:
    found = cheapest_order(need=998, breaks=LADDER, multiple=500)
    assert (found.order_qty, found.unit_price) == (1000, D("0.90"))


def test_lowest_break_is_the_least() -> None:
    found = cheapest_order(need=3, breaks=[(10, D(2))])
    assert (found.order_qty, found.cost) == (10, D("20.00"))


def test_rounds_to_the_currency() -> None:
    assert cheapest_order(need=3, breaks=[(1, D("33.5"))], places=0).cost == D(101)


@given(
    need=st.integers(1, 400),
    steps=st.lists(st.tuples(st.integers(1, 100), st.integers(1, 300)), min_size=1, max_size=4),
    moq=st.integers(1, 200),
    multiple=st.integers(1, 60),
)
def test_no_quantity_is_cheaper(need, steps, moq, multiple) -> None:
    quantity, ladder = 0, []
    for step, cents in steps:
        quantity += step
        ladder.append((quantity, D(cents) / 100))
    found = cheapest_order(need=need, breaks=ladder, moq=moq, multiple=multiple)
    least = max(need, moq, ladder[0][0])
    allowed = [q for q in range(least, least + 1000) if q % multiple == 0]
    costs = {q: q * [p for k, p in ladder if k <= q][-1] for q in allowed}
    assert found.cost == min(costs.values())
    assert found.order_qty == min(q for q, c in costs.items() if c == found.cost)


def test_unit_price() -> None:
    assert unit_price(4999, LADDER) == D("0.90")
    with pytest.raises(InputError):
        unit_price(5, [(10, D(1))])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"need": 0}, "need"),
        ({"breaks": []}, "breaks"),
        ({"breaks": [(1, "1"), (1, "2")]}, "breaks.1.0"),
        ({"breaks": [(1, "-1")]}, "breaks.0.1"),
        ({"breaks": [(1, "1")] * 51}, "breaks"),
        ({"breaks": [(1,)]}, "breaks.0"),
        ({"moq": 0}, "moq"),
        ({"multiple": 0}, "multiple"),
        ({"break_type": "all"}, "type"),
    ],
)
def test_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        cheapest_order(**{"need": 10, "breaks": LADDER, **change})
    assert refused.value.field == field
