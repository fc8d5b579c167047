"""Lead times of two sources: closed forms against simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import lead_time as lt

ENDS = st.tuples(st.floats(0, 200), st.floats(0, 100)).map(lambda p: (p[0], p[0] + p[1]))


def test_two_uniform_ranges() -> None:
    found = lt.two_sources(incumbent=[40, 80], second=[20, 60], due_day=55, split_second=0.3)
    assert found.expected_first == pytest.approx(235 / 6)
    assert found.expected_last == pytest.approx(60.8333, abs=1e-4)
    assert found.sd_first == pytest.approx(10.7690, abs=1e-4)
    assert found.p_second_first == pytest.approx(0.875)
    assert (found.fraction, found.p_complete, found.p_something) == pytest.approx(
        (0.525, 0.328125, 0.921875)
    )


@pytest.mark.parametrize("dependence", ["independent", "perfect"])
@pytest.mark.parametrize(
    ("a", "b"),
    [((40, 80), (20, 60)), ((10, 90), (30, 50)), ((40, 40), (20, 60)), ((0, 10), (5, 5))],
)
def test_by_simulation(a, b, dependence: str) -> None:
    rng = np.random.default_rng(2)
    u = rng.random(400_000)
    v = u if dependence == "perfect" else rng.random(400_000)
    first = a[0] + u * (a[1] - a[0])
    second = b[0] + v * (b[1] - b[0])
    found = lt.two_sources(incumbent=a, second=b, dependence=dependence, due_day=30)
    assert found.expected_first == pytest.approx(np.minimum(first, second).mean(), abs=0.1)
    assert found.expected_last == pytest.approx(np.maximum(first, second).mean(), abs=0.1)
    assert found.sd_first == pytest.approx(np.minimum(first, second).std(), abs=0.1)
    assert found.p_second_first == pytest.approx((second < first).mean(), abs=0.005)
    assert found.p_complete == pytest.approx((np.maximum(first, second) <= 30).mean(), abs=0.005)
    assert found.p_something == pytest.approx((np.minimum(first, second) <= 30).mean(), abs=0.005)


def test_perfect_dependence_of_one_range_gains_nothing() -> None:
    found = lt.two_sources(incumbent=[40, 80], second=[40, 80], dependence="perfect")
    assert found.expected_first == pytest.approx(60)
    assert found.p_second_first == 0


def test_two_orders_of_one_range() -> None:
    found = lt.two_sources(incumbent=[40, 80], second=[40, 80])
    assert found.expected_first == pytest.approx(40 + 40 / 3)
    assert found.expected_last == pytest.approx(40 + 80 / 3)


@given(a=ENDS, b=ENDS)
def test_first_is_never_later_than_either(a, b) -> None:
    found = lt.two_sources(incumbent=a, second=b)
    slack = 1e-6
    assert found.expected_first <= min(found.mean_incumbent, found.mean_second) + slack
    assert found.expected_last >= max(found.mean_incumbent, found.mean_second) - slack
    assert 0 <= found.p_second_first <= 1 + slack


def test_without_a_due_day_there_is_no_fraction() -> None:
    found = lt.two_sources(incumbent=[40, 80], second=[20, 60])
    assert (found.fraction, found.p_complete, found.p_something) == (None, None, None)


def test_curve_of_arrivals() -> None:
    points = [
        lt.two_sources(incumbent=[40, 80], second=[20, 60], split_second=0.5, due_day=day).fraction
        for day in (0, 20, 50, 80)
    ]
    assert points == pytest.approx([0, 0, 0.5, 1])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"incumbent": [80, 40]}, "incumbent"),
        ({"second": [20]}, "second"),
        ({"second": [-1, 5]}, "second.0"),
        ({"split_second": 1.1}, "split_second"),
        ({"dependence": "some"}, "dependence"),
        ({"due_day": float("inf")}, "due_day"),
    ],
)
def test_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        lt.two_sources(**{"incumbent": [40, 80], "second": [20, 60], **change})
    assert refused.value.field == field


def test_safety_stock() -> None:
    found = lt.safety_stock(
        service=0.95, lead_mean_days=60, demand_sd_day=20, demand_day=100, lead_sd_days=11.547
    )
    assert found.safety_stock == pytest.approx(1916.33, abs=0.05)
    assert found.reorder_point == pytest.approx(6000 + found.safety_stock)


def test_safety_stock_reaches_its_service_in_simulation() -> None:
    rng = np.random.default_rng(4)
    lead = rng.normal(60, 5, 100_000)
    demand = rng.normal(100 * lead, 20 * np.sqrt(lead))
    found = lt.safety_stock(
        service=0.95, lead_mean_days=60, demand_sd_day=20, demand_day=100, lead_sd_days=5
    )
    assert np.mean(demand <= found.reorder_point) == pytest.approx(0.95, abs=0.004)


@pytest.mark.parametrize("service", [0.49, 1, float("nan")])
def test_safety_stock_refuses_a_service(service: float) -> None:
    with pytest.raises(InputError) as refused:
        lt.safety_stock(service=service, lead_mean_days=1, demand_sd_day=1, demand_day=1)
    assert refused.value.field == "service"


def test_percentiles() -> None:
    found = lt.percentiles(list(range(101)))
    assert found == pytest.approx({"p10": 10, "p50": 50, "p90": 90})
    assert lt.percentiles([5.0] * 9) is None
