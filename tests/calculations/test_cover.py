"""Time to survive, lost units, exposure: against a day-by-day walk and by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import cover
from suppliers.cover import Alternate, Node


def tts(inventory=2000, demand=500, capacity=0.0, lead=0.0, independent=True, **more):
    one = Alternate(capacity_wk=capacity, lead_wk=lead, independent=independent)
    return cover.time_to_survive(
        inventory=[inventory], demand_wk=[demand], alternates=[one], **more
    )


def walked(stock: float, demand: float, capacity: float, lead: float, weeks: int) -> float | None:
    """Walk in thousandths of a week until the stock runs out."""
    step = 1000
    for tick in range(weeks * step):
        supply = capacity / step if tick >= lead * step else 0.0
        stock += supply - demand / step
        if stock < -1e-6:
            return tick / step
    return None


@pytest.mark.parametrize(
    ("capacity", "lead", "weeks"), [(0, 0, 4), (300, 0, 10), (300, 3, 5.5), (300, 6, 4)]
)
def test_time_to_survive(capacity: float, lead: float, weeks: float) -> None:
    found = tts(capacity=capacity, lead=lead).tts_wk
    assert found == pytest.approx(weeks)
    assert found == pytest.approx(walked(2000, 500, capacity, lead, 20), abs=0.01)


def test_same_fab_does_not_help() -> None:
    assert tts(capacity=300, independent=False).tts_wk == 4


def test_full_capacity_never_runs_out() -> None:
    assert tts(capacity=500, lead=4).tts_wk is None


def test_full_capacity_that_comes_late_does_not_save_the_line() -> None:
    found = tts(capacity=500, lead=12, ttr_wk=20)
    assert (found.tts_wk, found.lost_units, found.at_risk) == (4, 4000, True)


@pytest.mark.parametrize(("lead", "lost"), [(0, 2000), (6, 3800)])
def test_lost_units(lead: float, lost: float) -> None:
    assert tts(capacity=300, lead=lead, ttr_wk=20).lost_units == lost


def test_no_demand_never_runs_out() -> None:
    assert tts(demand=0).tts_wk is None


def test_several_products_share_the_alternate() -> None:
    found = cover.time_to_survive(
        inventory=[1000, 400], demand_wk=[100, 100], alternates=[Alternate(capacity_wk=150)]
    )
    assert found.tts_wk is None or found.tts_wk > 4
    assert found.tts_wk == pytest.approx(28)
    alone = cover.time_to_survive(inventory=[1000, 400], demand_wk=[100, 100])
    assert alone.tts_wk == 4


def several(*alternates: Alternate, ttr: float = 20) -> tuple[float | None, float | None]:
    found = cover.time_to_survive(
        inventory=[2000], demand_wk=[500], alternates=alternates, ttr_wk=ttr
    )
    return found.tts_wk, found.lost_units


def test_each_alternate_has_its_own_lead_time_and_capacity() -> None:
    """Stock until week 4, then 300 a week from week 2 and 200 more from week 6 on.

    The first delivers 600 before the stock is out: it lasts 3 weeks longer, until week 7.
    """
    early, late = Alternate(capacity_wk=300, lead_wk=2), Alternate(capacity_wk=200, lead_wk=6)
    assert several(early) == (7, 200 * 13)
    assert several(early, late) == (None, 0)
    later = Alternate(capacity_wk=200, lead_wk=9)
    assert several(early, later) == (7, 200 * 2)


def test_an_alternate_without_a_known_capacity_delivers_what_is_needed() -> None:
    assert several(Alternate(lead_wk=3)) == (None, 0)
    assert several(Alternate(lead_wk=6)) == (4, 1000)


def test_a_cap_on_units_ends_the_help() -> None:
    """1,500 units from week 4 on at 500 a week serve until week 7."""
    assert several(Alternate(lead_wk=4, quantity=1500)) == (7, 500 * 13)
    assert several(Alternate(lead_wk=4, quantity=0)) == (4, 500 * 16)


def test_what_serves_when() -> None:
    found = cover.time_to_survive(
        inventory=[2000], demand_wk=[500], alternates=[Alternate(lead_wk=6)]
    )
    told = [(one.end, one.kind) for one in found.stretches]
    assert told == [(4, "stock"), (6, "short"), (float("inf"), "alternate")]


SIZE = st.floats(0, 10_000)


@given(stock=SIZE, more=SIZE, demand=st.floats(1, 1000), capacity=SIZE, lead=st.floats(0, 50))
def test_more_stock_never_shortens_survival(stock, more, demand, capacity, lead) -> None:
    first = tts(stock, demand, capacity, lead=lead).tts_wk
    second = tts(stock + more, demand, capacity, lead=lead).tts_wk
    assert second is None or (first is not None and second >= first - 1e-9 * max(1, first))


@given(stock=SIZE, demand=st.floats(1, 1000), capacity=SIZE, lead=st.floats(0, 50))
def test_nothing_is_lost_while_it_survives(stock, demand, capacity, lead) -> None:
    found = tts(stock, demand, capacity, lead=lead, ttr_wk=30)
    scale = max(1.0, stock)
    if found.tts_wk is None or found.tts_wk > 30.001:
        assert found.lost_units == pytest.approx(0, abs=1e-6 * scale)
    if found.tts_wk is not None and found.tts_wk < 29.9:
        assert found.lost_units >= 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inventory": [-1]}, "inventory.0"),
        ({"inventory": [1, 2]}, "inventory"),
        ({"demand_wk": []}, "demand_wk"),
        ({"alternates": [Alternate(capacity_wk=-1)]}, "alternates.0.capacity_wk"),
        ({"alternates": [Alternate(lead_wk=float("nan"))]}, "alternates.0.lead_wk"),
        ({"alternates": [Alternate(quantity=-1)]}, "alternates.0.quantity"),
        ({"alternates": [Alternate(independent="no")]}, "alternates.0.independent"),
        ({"ttr_wk": -1}, "ttr_wk"),
    ],
)
def test_time_to_survive_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        cover.time_to_survive(**{"inventory": [2000], "demand_wk": [500], **change})
    assert refused.value.field == field


def test_performance_impact_serves_the_dearest_first() -> None:
    found = cover.performance_impact(
        ttr_wk=10,
        demand_wk=[100, 50],
        finished_inventory=[200, 0],
        unit_margin=[5, 20],
        alternative_capacity_wk=60,
    )
    assert found.lost_units == pytest.approx((700, 0))
    assert found.performance_impact == pytest.approx(3500)


@given(
    need=st.lists(st.tuples(st.floats(1, 100), st.floats(0, 50)), min_size=1, max_size=6),
    capacity=st.floats(0, 300),
)
def test_performance_impact_is_the_greedy_optimum(need, capacity: float) -> None:
    found = cover.performance_impact(
        ttr_wk=1,
        demand_wk=[demand for demand, _ in need],
        finished_inventory=[0] * len(need),
        unit_margin=[margin for _, margin in need],
        alternative_capacity_wk=capacity,
    )
    left, lost = capacity, 0.0
    for demand, margin in sorted(need, key=lambda pair: -pair[1]):
        served = min(demand, left)
        left -= served
        lost += margin * (demand - served)
    assert found.performance_impact == pytest.approx(lost, abs=1e-5)


def test_performance_impact_refuses_another_length() -> None:
    with pytest.raises(InputError) as refused:
        cover.performance_impact(
            ttr_wk=1, demand_wk=[1, 2], finished_inventory=[0, 0], unit_margin=[1]
        )
    assert refused.value.field == "unit_margin"


NODES = [
    Node(id="A", ttr_wk=12, tts_wk=4, units_wk=500, margin=40),
    Node(id="B", ttr_wk=6, tts_wk=8, units_wk=900, margin=55),
    Node(id="C", ttr_wk=20, tts_wk=15, units_wk=300, margin=120),
    Node(id="D", ttr_wk=20, tts_wk=None, units_wk=300, margin=120),
]


def test_exposure() -> None:
    found = cover.exposure(NODES)
    assert found.impact == {"A": 160_000, "B": 0, "C": 180_000, "D": 0}
    assert found.index == pytest.approx({"A": 0.888889, "B": 0, "C": 1, "D": 0}, abs=1e-6)


def test_exposure_of_nothing_is_zero() -> None:
    found = cover.exposure([NODES[1]])
    assert found.index == {"B": 0.0}


def test_optimistic_recovery_times_are_scaled() -> None:
    assert cover.exposure(NODES, ttr_factor=1.5).impact["B"] == pytest.approx(49_500)


def test_exposure_refuses_a_double_id() -> None:
    with pytest.raises(InputError) as refused:
        cover.exposure([NODES[0], NODES[0]])
    assert (refused.value.field, refused.value.code) == ("nodes", "duplicate")
