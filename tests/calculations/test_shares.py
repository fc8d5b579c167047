"""Bonus pools: to the cent, on realised savings only, and back again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives import kpi, shares
from incentives.shares import Work
from secondsource.core.inputs import InputError

D = Decimal
TEAM = [("engineering", D(50)), ("procurement", D(30)), ("quality", D(20))]


def amounts(values: dict[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in values.items()}


def test_pool_and_split() -> None:
    found = shares.bonus_pool(realised=D("123456.78"), rate=D("0.07"), shares=TEAM)
    assert str(found.pool) == "8641.97"
    assert amounts(found.split) == {
        "engineering": "4320.99",
        "procurement": "2592.59",
        "quality": "1728.39",
    }
    assert found.paid == found.split


def test_no_pool_on_a_loss() -> None:
    found = shares.bonus_pool(realised=D("-1500.00"), rate=D("0.10"), shares=TEAM)
    assert str(found.pool) == "0.00"
    assert set(found.split.values()) == {D("0.00")}


def test_cap() -> None:
    found = shares.bonus_pool(realised=D(900_000), rate=D("0.10"), cap=D(50_000))
    assert str(found.pool) == "50000.00"


def test_below_the_minimum_is_carried_forward() -> None:
    found = shares.bonus_pool(realised=D(1000), rate=D("0.05"), min_pool=D(100), shares=TEAM)
    assert (found.pool, found.carried_forward) == (D("0.00"), D("50.00"))
    exactly = shares.bonus_pool(realised=D(1000), rate=D("0.10"), min_pool=D(100))
    assert (exactly.pool, exactly.carried_forward) == (D("100.00"), D("0.00"))


def test_holdback_splits_what_is_paid_now() -> None:
    found = shares.bonus_pool(pool=D("100.01"), shares=TEAM, holdback=D("0.5"))
    assert (found.held, found.paid_now) == (D("50.01"), D("50.00"))
    assert amounts(found.paid) == {
        "engineering": "25.00",
        "procurement": "15.00",
        "quality": "10.00",
    }
    assert sum(found.split.values()) == D("100.01")


def test_only_the_disputed_share_is_held() -> None:
    found = shares.bonus_pool(pool=D("100.00"), shares=TEAM, disputed=["quality"])
    assert amounts(found.paid) == {"engineering": "50.00", "procurement": "30.00"}
    assert found.disputed_held == D("20.00")


@given(
    cents=st.integers(0, 10**10),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any),
    holdback=st.decimals("0", "1", places=2),
    stop=st.integers(0, 11),
)
def test_every_cent_is_somewhere(cents, weights, holdback, stop) -> None:
    team = [(f"p{i}", D(weight)) for i, weight in enumerate(weights)]
    disputed = [team[stop][0]] if stop < len(team) else []
    found = shares.bonus_pool(
        pool=D(cents) / 100, shares=team, holdback=holdback, disputed=disputed
    )
    assert sum(found.split.values()) == found.pool
    assert found.held + found.paid_now == found.pool
    assert sum(found.paid.values()) + found.disputed_held == found.paid_now


@pytest.mark.parametrize("rate", ["0.05", "0.10"])
def test_rate_bounds_are_included(rate: str) -> None:
    assert shares.bonus_pool(realised=D(1000), rate=D(rate)).pool == D(rate) * 1000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rate": D("0.0499")}, "rate"),
        ({"rate": D("0.1001")}, "rate"),
        ({"rate": None}, "rate"),
        ({"realised": None}, "realised"),
        ({"pool": D(5)}, "pool"),
        ({"shares": [("a", 0), ("b", 0)]}, "shares"),
        ({"shares": [("a", 1), ("a", 1)]}, "shares"),
        ({"shares": [("a", -1)]}, "shares.0.1"),
        ({"shares": [("", 1)]}, "shares.0.0"),
        ({"shares": [("a", 1)] * 201}, "shares"),
        ({"holdback": D("1.1")}, "holdback"),
        ({"disputed": ["x"]}, "disputed.0"),
        ({"cap": D(-1)}, "cap"),
    ],
)
def test_pool_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        shares.bonus_pool(**{"realised": D(1000), "rate": D("0.07"), **change})
    assert refused.value.field == field


def clawed(reversed_amount: str, paid: str = "8641.97"):
    return shares.clawback(
        paid_pool=D(paid),
        realised_before=D("123456.78"),
        reversed_amount=D(reversed_amount),
        rate=D("0.07"),
        shares=TEAM,
    )


def test_clawback() -> None:
    found = clawed("30000.00")
    assert (str(found.new_pool), str(found.clawback)) == ("6541.97", "2100.00")
    assert amounts(found.split) == {
        "engineering": "1050.00",
        "procurement": "630.00",
        "quality": "420.00",
    }


def test_clawback_of_everything_is_what_was_paid() -> None:
    found = clawed("500000")
    assert (found.new_pool, found.clawback) == (D("0.00"), D("8641.97"))


def test_clawback_is_never_negative() -> None:
    found = clawed("0", paid="100.00")
    assert found.clawback == D("0.00")
    assert sum(found.split.values()) == 0


@given(reversed_amount=st.decimals("0", "200000", places=2))
def test_clawback_sums_to_the_cent(reversed_amount: Decimal) -> None:
    found = clawed(str(reversed_amount))
    assert sum(found.split.values()) == found.clawback
    assert D(0) <= found.clawback <= D("8641.97")


def test_proposal_counts_every_kind_of_work() -> None:
    work = [
        Work(person="a", function="engineering", hours=D(10), gates_led=1, fmea_rows=20),
        Work(person="b", function="quality", pilot_lots=2, sign_offs=2),
        Work(person="c", function="procurement", negotiation_rounds=8),
    ]
    found = shares.propose_shares(work)
    total = D(28 + 10 + 32)
    assert found == {
        "a": D("0.4000"),
        "b": (D(10) / total).quantize(D("0.0001")),
        "c": (D(32) / total).quantize(D("0.0001")),
    }


def test_a_function_that_worked_gets_five_per_cent() -> None:
    work = [
        Work(person="a", function="procurement", hours=D(999)),
        Work(person="b", function="engineering", hours=D(1)),
        Work(person="c", function="quality"),
    ]
    found = shares.propose_shares(work)
    assert found == {"a": D("0.9500"), "b": D("0.0500"), "c": D("0.0000")}


@given(hours=st.lists(st.integers(0, 1000), min_size=1, max_size=10).filter(any))
def test_proposal_sums_to_one(hours: list[int]) -> None:
    work = [Work(person=f"p{i}", function=f"f{i % 4}", hours=D(h)) for i, h in enumerate(hours)]
    found = shares.propose_shares(work)
    assert sum(found.values()) == 1
    for name in {w.function for w in work if w.hours}:
        part = sum(found[w.person] for w in work if w.function == name)
        assert part >= D("0.0499")


def test_proposal_refuses_no_work_at_all() -> None:
    with pytest.raises(InputError) as refused:
        shares.propose_shares([Work(person="a", function="quality")])
    assert (refused.value.field, refused.value.code) == ("work", "all_zero")


@pytest.mark.parametrize(
    ("conversions", "pct", "parts", "met"),
    [
        (3, "5.25", ("1.0000", "1.0000", "1.0000"), True),
        (2, "4.00", ("0.6667", "0.8000", "0.7333"), False),
        (0, "-2", ("0.0000", "0.0000", "0.0000"), False),
        (9, "4.9999", ("1.0000", "0.99998", "0.99999"), False),
    ],
)
def test_shared_kpi(conversions: int, pct: str, parts, met: bool) -> None:
    found = kpi.shared_kpi(conversions=conversions, cost_reduction_pct=D(pct))
    assert tuple(str(x) for x in (found.conversions, found.cost, found.team)) == parts
    assert found.met is met


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"conversions": -1}, "conversions"),
        ({"conversions_target": 0}, "target.0"),
        ({"cost_target_pct": D(0)}, "target.1"),
        ({"cost_reduction_pct": D(101)}, "material_cost_reduction_pct"),
    ],
)
def test_kpi_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        kpi.shared_kpi(**{"conversions": 1, "cost_reduction_pct": D(1), **change})
    assert refused.value.field == field


def test_no_pool_while_quality_is_open() -> None:
    assert shares.pool_obstacles(open_ap_high=0, critical_actions=0) == []
    found = shares.pool_obstacles(open_ap_high=2, critical_actions=1)
    assert found == [
        "2 failure mode(s) of action priority High are open",
        "1 critical corrective action(s) are open",
    ]
