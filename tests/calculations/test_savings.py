"""Savings and exchange rates: exact, apart, and summing to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives import fx, savings
from secondsource.core.inputs import InputError

D = Decimal
PRICE = st.decimals("0.01", "100", places=4)


def test_price_variance() -> None:
    found = savings.price_variance(standard=D("1.2500"), actual=D("1.1875"), qty=40_000)
    assert (str(found.ppv), found.favourable) == ("-2500.0000", True)


def test_unfavourable_variance() -> None:
    found = savings.price_variance(standard=D(1), actual=D("1.1"), qty=10)
    assert (found.ppv, found.favourable) == (D("1.0"), False)


def test_split() -> None:
    found = savings.savings_split(
        baseline=D("1.00"),
        incumbent_new=D("0.95"),
        second=D("0.88"),
        qty=100_000,
        second_share=D("0.40"),
    )
    assert [str(x) for x in (found.negotiated, found.volume_shift, found.total, found.pct)] == [
        "3000.00",
        "4800.00",
        "7800.00",
        "7.80",
    ]
    assert found.in_band is True


@given(
    base=PRICE,
    new=PRICE,
    second=PRICE,
    qty=st.integers(1, 10**6),
    share=st.decimals("0", "1", places=3),
)
def test_parts_sum_to_the_total(base, new, second, qty, share) -> None:
    found = savings.savings_split(
        baseline=base, incumbent_new=new, second=second, qty=qty, second_share=share
    )
    assert found.negotiated + found.volume_shift == found.total
    exact = (base - new) * qty * (1 - share) + (base - second) * qty * share
    assert abs(found.total - exact) <= D("0.01")


def test_avoidance_stays_apart() -> None:
    found = savings.cost_avoidance(
        last_paid=D("2.00"), market_offer=D("2.30"), paid=D("2.10"), qty=10_000
    )
    assert (found.hard, found.avoidance) == (D("-1000.00"), D("2000.00"))


def realised(receipts, **more):
    values = {"baseline": D("1.00"), "contract_price": D("0.88"), "annual_forecast": 60_000}
    return savings.realised_savings(**{**values, **more}, receipts=receipts)


def test_realised() -> None:
    found = realised([(3000, D("0.88")), (4500, D("0.88")), (2500, D("0.90"))])
    assert [str(x) for x in (found.annualised, found.realised, found.realisation_pct)] == [
        "7200.00",
        "1150.00",
        "15.97",
    ]


def test_a_return_takes_its_saving_back() -> None:
    found = realised([(3000, D("0.88")), (-3000, D("0.88"))])
    assert (found.realised, found.realisation_pct) == (D("0.00"), D("0.00"))


def test_receipts_above_the_baseline_subtract() -> None:
    assert realised([(100, D("1.20"))]).realised == D("-20.00")


def test_no_planned_saving_has_no_percentage() -> None:
    assert realised([(1, D("0.5"))], contract_price=D("1.00")).realisation_pct is None


def test_cost_reduction() -> None:
    found = savings.cost_reduction(baseline_spend=D(2_400_000), current_spend=D(2_274_000))
    assert (str(found.pct), found.target_met) == ("5.25", True)
    just_below = savings.cost_reduction(baseline_spend=D(100_000), current_spend=D("95000.01"))
    assert (str(just_below.pct), just_below.target_met) == ("4.99999", False)


@pytest.mark.parametrize(
    ("pct", "word"),
    [("4.99", "below"), ("5", "inside"), ("15", "inside"), ("15.01", "above"), ("-3", "below")],
)
def test_band(pct: str, word: str) -> None:
    assert savings.band(D(pct)) == word


def test_window_is_clamped_to_the_month_end() -> None:
    found = savings.savings_window(first_receipt=date(2026, 8, 31), months=6)
    assert found == (date(2026, 8, 31), date(2027, 2, 28))


@pytest.mark.parametrize("months", [5, 25])
def test_window_refuses_other_lengths(months: int) -> None:
    with pytest.raises(InputError) as refused:
        savings.savings_window(first_receipt=date(2026, 1, 1), months=months)
    assert refused.value.field == "months"


def test_leakage_is_split_into_price_and_volume() -> None:
    found = savings.leakage(
        baseline=D("1.00"),
        contract_price=D("0.90"),
        contracted_qty=1000,
        receipts=[(600, D("0.92"))],
    )
    assert (found.contracted, found.realised, found.total) == (D("100.00"), D("48.00"), D("52.00"))
    assert (found.price, found.volume) == (D("12.00"), D("40.00"))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: savings.price_variance(standard=D(-1), actual=D(1), qty=1), "standard"),
        (lambda: savings.price_variance(standard=D(1), actual=D(1), qty=-1), "qty"),
        (lambda: realised([(1.5, D(1))]), "receipts.0.0"),
        (lambda: realised([(1, "NaN")]), "receipts.0.1"),
        (lambda: realised([(1, D(1))] * 100_001), "receipts"),
        (
            lambda: savings.cost_reduction(baseline_spend=D(0), current_spend=D(1)),
            "baseline_spend",
        ),
        (lambda: savings.band("abc"), "pct"),
        (
            lambda: savings.savings_split(
                baseline=D(1), incumbent_new=D(1), second=D(1), qty=1, second_share=D("1.01")
            ),
            "second_share",
        ),
    ],
)
def test_refuses(call, field: str) -> None:
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.field == field


def test_currency_split() -> None:
    found = fx.currency_split(
        baseline=D("10.00"),
        new_price=D("10.45"),
        budget_rate=D("1.10"),
        actual_rate=D("1.045"),
        qty=1000,
    )
    assert [str(x) for x in (found.price_saving, found.fx_effect, found.total)] == [
        "500.00",
        "-500.00",
        "0.00",
    ]


@given(base=PRICE, foreign=PRICE, budget=PRICE, actual=PRICE, qty=st.integers(0, 10**6))
def test_price_and_currency_sum_to_the_total(base, foreign, budget, actual, qty) -> None:
    found = fx.currency_split(
        baseline=base, new_price=foreign, budget_rate=budget, actual_rate=actual, qty=qty
    )
    assert found.price_saving + found.fx_effect == found.total
    assert abs(found.total - (base - foreign / actual) * qty) <= D("0.01")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN"])
def test_currency_split_refuses_a_rate(rate: str) -> None:
    with pytest.raises(InputError) as refused:
        fx.currency_split(baseline=1, new_price=1, budget_rate=rate, actual_rate=1, qty=1)
    assert refused.value.field == "budget_rate"


def test_an_indexed_baseline_follows_its_index() -> None:
    found = savings.indexed_baseline(baseline=D("2.00"), index_then=D(80), index_now=D(100))
    assert found == D("2.500000")
    assert savings.indexed_baseline(baseline=D(1), index_then=D(3), index_now=D(1)) == D("0.333333")


def test_only_the_linked_share_follows_the_index() -> None:
    given = {"baseline": D("2.00"), "index_then": D(80), "index_now": D(100)}
    assert savings.indexed_baseline(**given, linked_share=D("0.4")) == D("2.2")
    assert savings.indexed_baseline(**given, linked_share=D(0)) == D(2)
    with pytest.raises(InputError) as refused:
        savings.indexed_baseline(**given, linked_share=D("1.1"))
    assert refused.value.field == "linked_share"


@pytest.mark.parametrize("field", ["index_then", "index_now"])
def test_an_index_of_zero_is_refused(field: str) -> None:
    given = {"baseline": D(1), "index_then": D(1), "index_now": D(1), field: D(0)}
    with pytest.raises(InputError) as refused:
        savings.indexed_baseline(**given)
    assert refused.value.field == field
