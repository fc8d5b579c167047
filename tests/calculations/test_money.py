"""Money: exact, one currency, rounded half up, split to the last minor unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from secondsource.core.money import allocate, minor_units, posted, round_apart, round_half_up

D = Decimal


@pytest.mark.parametrize(
    ("currency", "places"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3)]
)
def test_minor_units(currency: str, places: int) -> None:
    assert minor_units(currency) == places


@pytest.mark.parametrize("currency", ["XXX", "eur", "", None, "EURO"])
def test_minor_units_refuses_unknown_codes(currency) -> None:
    with pytest.raises(InputError) as refused:
        minor_units(currency)
    assert refused.value.code == "unknown_currency"


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("2.005", "2.01"), ("2.004999", "2.00"), ("-2.005", "-2.01"), ("-0.001", "0.00")],
)
def test_round_half_up(amount: str, rounded: str) -> None:
    assert str(round_half_up(D(amount))) == rounded


@pytest.mark.parametrize(
    ("value", "bound", "shown"),
    [("4.9999", "5", "4.9999"), ("5", "5", "5.00"), ("5.0001", "5", "5.0001"), ("4.9", "5", "4.90"),
     ("4.9951", "4.996", "4.995"), ("0.9684", "0.96845", "0.968")],
)  # fmt: skip
def test_a_rounded_value_stays_on_its_side_of_a_bound(value: str, bound: str, shown: str) -> None:
    assert str(round_apart(D(value), D(bound))) == shown


def test_posted_knows_the_currency() -> None:
    assert posted(D("100.5"), "JPY") == D("101")
    assert posted(D("1.23456"), "KWD") == D("1.235")


def test_allocate_ties_by_listed_order() -> None:
    assert allocate(D("100.00"), [1, 1, 1]) == [D("33.34"), D("33.33"), D("33.33")]


def test_allocate_gives_left_cents_to_the_largest_fractions() -> None:
    parts = allocate(D("8641.97"), [D(50), D(30), D(20)])
    assert parts == [D("4320.99"), D("2592.59"), D("1728.39")]


def test_allocate_mirrors_a_negative_total() -> None:
    assert allocate(D("-0.05"), [1, 1]) == [D("-0.03"), D("-0.02")]


def test_allocate_refuses_all_zero() -> None:
    with pytest.raises(InputError) as refused:
        allocate(D(1), [0, 0])
    assert (refused.value.field, refused.value.code) == ("weights", "all_zero")


def test_allocate_refuses_a_negative_weight() -> None:
    with pytest.raises(InputError) as refused:
        allocate(D(1), [2, -1])
    assert refused.value.code == "negative"


def test_allocate_refuses_an_amount_that_is_not_posted() -> None:
    with pytest.raises(InputError) as refused:
        allocate(D("0.005"), [1])
    assert refused.value.code == "not_rounded"


@given(
    cents=st.integers(-(10**14), 10**14),
    weights=st.lists(
        st.decimals("0", "1000000", places=3, allow_nan=False), min_size=1, max_size=40
    ).filter(any),
    places=st.sampled_from([0, 2, 3]),
)
def test_parts_always_sum_to_the_total(cents: int, weights: list[D], places: int) -> None:
    total = D(cents).scaleb(-places)
    parts = allocate(total, weights, places=places)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) <= D(1).scaleb(-places)
