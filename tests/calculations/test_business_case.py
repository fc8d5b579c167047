"""Payback, present value, timing, where to start."""

from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import business_case as b
from secondsource.core.inputs import InputError

D = Decimal


def test_payback() -> None:
    assert b.payback_months(one_time_cost=60_000, net_saving_per_month=7500) == 8.0


@pytest.mark.parametrize("saving", [0, -100])
def test_payback_is_never_without_a_saving(saving: float) -> None:
    assert b.payback_months(one_time_cost=60_000, net_saving_per_month=saving) is None


def test_payback_refuses_a_saving_too_small_to_divide_by() -> None:
    with pytest.raises(InputError) as refused:
        b.payback_months(one_time_cost=1, net_saving_per_month=5e-324)
    assert refused.value.field == "net_saving_per_month"


def test_payback_refuses_a_negative_cost() -> None:
    with pytest.raises(InputError) as refused:
        b.payback_months(one_time_cost=-1, net_saving_per_month=1)
    assert refused.value.field == "one_time_cost"


def test_npv_by_hand() -> None:
    found = b.present_value(cashflows=[-100, 60, 60], rate=0.1)
    assert found.npv == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert found.irr == pytest.approx(numpy_financial.irr([-100, 60, 60]))
    assert found.discounted_payback_years == pytest.approx(
        1 + (100 - 60 / 1.1) / (60 / 1.21), abs=0.005
    )


def test_npv_mid_year_is_half_a_year_earlier() -> None:
    found = b.present_value(cashflows=[-100, 60, 60], rate=0.1, timing="mid-year")
    assert found.npv == pytest.approx(-100 + 60 / 1.1**0.5 + 60 / 1.1**1.5)


@pytest.mark.parametrize("flows", [[100, 100], [-100, 300, -200], [0, 0]])
def test_irr_only_with_one_change_of_sign(flows: list[float]) -> None:
    assert b.present_value(cashflows=flows, rate=0.1).irr is None


@given(
    cost=st.floats(1, 1e6),
    flows=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=20),
)
def test_irr_makes_the_value_zero(cost: float, flows: list[float]) -> None:
    irr = b.present_value(cashflows=[-cost, *flows], rate=0.1).irr
    if irr is not None:
        value = sum(f / (1 + irr) ** t for t, f in enumerate([-cost, *flows]))
        assert value == pytest.approx(0, abs=1e-6 * (cost + sum(flows)))


def test_never_paid_back() -> None:
    assert b.present_value(cashflows=[-100, 10], rate=0.1).discounted_payback_years is None


def test_monthly_value() -> None:
    found = b.monthly_value(cost=60_000, monthly=7500, months=24, annual_rate=0.1)
    i = 1.1 ** (1 / 12) - 1
    annuity = 7500 * (1 - (1 + i) ** -24) / i
    assert found.npv == pytest.approx(annuity - 60_000)
    assert found.npv == pytest.approx(103_234.2576, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cashflows": []}, "cashflows"),
        ({"cashflows": [1, float("nan")]}, "cashflows.1"),
        ({"cashflows": [1.0] * 601}, "cashflows"),
        ({"rate": -1}, "rate"),
        ({"timing": "daily"}, "timing"),
    ],
)
def test_npv_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        b.present_value(**{"cashflows": [-1, 2], "rate": 0.1, **change})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("phase", "factor", "best", "reason"),
    [
        ("concept", 1, False, False),
        ("development", 1, True, False),
        ("design_freeze", 3, False, True),
        ("pilot", 5, False, True),
        ("mass_production", 10, False, True),
    ],
)
def test_timing(phase: str, factor: int, best: bool, reason: bool) -> None:
    found = b.timing(phase=phase)
    assert (found.cost_factor, found.best_time, found.needs_reason) == (factor, best, reason)


def candidate(key: str, **more) -> b.StartCandidate:
    values = {
        "risk_class": "low",
        "lifecycle_active": True,
        "has_clear_candidate": True,
        "spend": D(10_000),
        "exposure": D(0),
    }
    return b.StartCandidate(key=key, **{**values, **more})


def test_start_small_ranks_by_gain_per_effort() -> None:
    few = candidate("A")
    more = candidate("B", exposure=D(100_000))
    quoted = candidate("C", saving=D(20_000))
    found = b.start_small([few, more, quoted])
    assert [(c.key, rank) for c, rank in found] == [
        ("C", D(2000)),
        ("B", D(580)),
        ("A", D(80)),
    ]


def test_start_small_leaves_out_what_is_not_eligible() -> None:
    parts = [
        candidate("A", risk_class="high"),
        candidate("B", lifecycle_active=False),
        candidate("C", has_clear_candidate=False),
        candidate("D", spend=None),
    ]
    assert b.start_small(parts) == []
