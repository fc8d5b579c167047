"""Total cost of ownership by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers.tco import total_cost

D = Decimal
PRICE = st.decimals("0", "1000", places=6)
RATE = st.decimals("0", "0.5", places=4)


def test_cif() -> None:
    found = total_cost(
        price=D("2.40"),
        freight=D("0.08"),
        duty_rate=D("0.035"),
        carry_rate=D("0.18"),
        days_held=60,
        quality_cost_rate=D("0.015"),
        qualification_cost=D(45_000),
        amortise_units=150_000,
    )
    assert [str(x) for x in (found.duty, found.carrying, found.quality, found.qualification)] == [
        "0.086800",
        "0.075949",
        "0.036000",
        "0.300000",
    ]
    assert str(found.tco) == "2.978749"


def test_fob_puts_no_duty_on_freight() -> None:
    found = total_cost(price=D(2), freight=D(1), duty_rate=D("0.1"), duty_basis="fob")
    assert (found.duty, found.tco) == (D("0.200000"), D("3.200000"))


def test_price_alone() -> None:
    assert total_cost(price=D("1.25")).tco == D("1.250000")


def test_risk_premium_is_added() -> None:
    assert total_cost(price=D(1), risk_premium=D("0.05")).tco == D("1.050000")


@given(price=PRICE, freight=PRICE, duty=RATE, carry=RATE, quality=RATE, days=st.integers(0, 365))
def test_agrees_with_exact_fractions(price, freight, duty, carry, quality, days) -> None:
    found = total_cost(
        price=price,
        freight=freight,
        duty_rate=duty,
        carry_rate=carry,
        quality_cost_rate=quality,
        days_held=days,
    )
    p, f = Fraction(price), Fraction(freight)
    landed = p + f + Fraction(duty) * (p + f)
    exact = landed + Fraction(carry) * landed * days / 365 + Fraction(quality) * p
    assert abs(Fraction(found.tco) - exact) <= Fraction(1, 2_000_000) + Fraction(1, 10**15)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": D("-0.01")}, "price"),
        ({"price": "NaN"}, "price"),
        ({"freight": "-1"}, "freight"),
        ({"duty_rate": "11"}, "duty_rate"),
        ({"duty_basis": "exw"}, "duty_basis"),
        ({"days_held": -1}, "days_held"),
        ({"qualification_cost": "10"}, "amortise_units"),
        ({"qualification_cost": "10", "amortise_units": 0}, "amortise_units"),
    ],
)
def test_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        total_cost(**{"price": D(1), **change})
    assert refused.value.field == field
