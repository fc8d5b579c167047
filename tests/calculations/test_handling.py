"""Moisture, declarations, notices, lifecycle."""

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import declarations, lifecycle, msl, notices


@pytest.mark.parametrize(
    ("level", "hours"),
    [
        ("1", None),
        ("2", 8760),
        ("2a", 672),
        ("3", 168),
        ("4", 72),
        ("5", 48),
        ("5a", 24),
        ("6", 0),
    ],
)
def test_floor_life(level: str, hours: int | None) -> None:
    assert msl.floor_life(level) == hours


@pytest.mark.parametrize("level", ["7", "2b", 3, None, ""])
def test_unknown_level_is_refused(level) -> None:
    with pytest.raises(InputError) as refused:
        msl.floor_life(level)
    assert refused.value.field == "msl"


@pytest.mark.parametrize(
    ("level", "exposed", "left", "bake", "overrun"),
    [
        ("3", [24, 48], 96, False, 0),
        ("3", [100, 68], 0, True, 0),
        ("3", [100, 100], 0, True, 32),
        ("6", [], 0, True, 0),
        ("1", [10_000], None, False, 0),
        ("5a", [], 24, False, 0),
    ],
)
def test_remaining(level, exposed, left, bake, overrun) -> None:
    found = msl.remaining(level=level, exposed_hours=exposed)
    assert (found.remaining_hours, found.must_bake, found.overrun_hours) == (left, bake, overrun)


def test_negative_exposure_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        msl.remaining(level="3", exposed_hours=[1, -1])
    assert refused.value.field == "exposed_hours.1"


@pytest.mark.parametrize("substance", declarations.ROHS_LIMIT_PPM)
def test_the_limit_itself_complies(substance: str) -> None:
    limit = declarations.ROHS_LIMIT_PPM[substance]
    assert limit == (100 if substance == "Cd" else 1000)
    assert declarations.rohs(substance=substance, ppm=Decimal(limit)) == "ok"
    assert declarations.rohs(substance=substance, ppm=Decimal(limit) + Decimal("0.1")) == "exceeds"


def test_reach_duty_begins_above_the_limit() -> None:
    assert declarations.reach(svhc_pct=Decimal("0.1")) == "no_duty"
    assert declarations.reach(svhc_pct=Decimal("0.1001")) == "art33_duty"


@pytest.mark.parametrize("ppm", ["-1", "1000001", "NaN"])
def test_impossible_ppm_is_refused(ppm: str) -> None:
    with pytest.raises(InputError) as refused:
        declarations.rohs(substance="Pb", ppm=ppm)
    assert refused.value.field == "ppm"


def test_change_notice() -> None:
    found = notices.change_timeline(issued=date(2026, 1, 15))
    assert found.acknowledge_by == date(2026, 2, 14)
    assert found.earliest_first_ship == date(2026, 4, 15)


def test_discontinuance_that_leaves_too_little_time() -> None:
    found = notices.discontinuance_timeline(
        issued=date(2026, 3, 1), last_buy=date(2026, 8, 1), last_ship=date(2027, 3, 1)
    )
    assert (found.last_buy_ok, found.last_buy_days_short) == (False, 31)
    assert (found.last_ship_ok, found.last_ship_days_short) == (True, 0)


def test_discontinuance_at_a_month_end() -> None:
    found = notices.discontinuance_timeline(issued=date(2026, 8, 31))
    assert found.earliest_last_time_buy == date(2027, 2, 28)
    assert found.earliest_last_time_ship == date(2027, 8, 31)
    assert (found.last_buy_ok, found.last_ship_ok) == (None, None)


@pytest.mark.parametrize(
    ("buy", "ship", "field"),
    [
        (date(2026, 2, 1), None, "last_buy"),
        (None, date(2026, 2, 1), "last_ship"),
        (date(2027, 1, 1), date(2026, 12, 1), "last_ship"),
    ],
)
def test_impossible_dates_are_refused(buy, ship, field: str) -> None:
    with pytest.raises(InputError) as refused:
        notices.discontinuance_timeline(issued=date(2026, 3, 1), last_buy=buy, last_ship=ship)
    assert refused.value.field == field


def test_last_time_buy() -> None:
    need = {"monthly_demand": 1200, "months": 30, "sd_month": 250, "scrap_rate": 0.02}
    assert notices.last_time_buy(**need, stock=4000).quantity == 34_952
    exact = notices.last_time_buy(monthly_demand=0.7, months=10, scrap_rate=0.3)
    assert exact.quantity == 10
    assert notices.last_time_buy(**need, stock=3000, open_orders=1000).quantity == 34_952


def test_last_time_buy_is_never_negative() -> None:
    assert notices.last_time_buy(monthly_demand=10, months=1, stock=1000).quantity == 0


def test_last_time_buy_lasts_in_simulation() -> None:
    rng = np.random.default_rng(8)
    used = rng.normal(1200, 250, (50_000, 30)).sum(axis=1)
    found = notices.last_time_buy(monthly_demand=1200, months=30, sd_month=250, service=0.9)
    assert np.mean(used <= found.quantity) == pytest.approx(0.9, abs=0.005)


@given(stock=st.floats(0, 1e6), more=st.floats(0, 1e6))
def test_more_stock_never_asks_for_more(stock: float, more: float) -> None:
    first = notices.last_time_buy(monthly_demand=500, months=24, stock=stock).quantity
    second = notices.last_time_buy(monthly_demand=500, months=24, stock=stock + more).quantity
    assert second <= first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"monthly_demand": -1}, "monthly_demand"),
        ({"months": 0}, "months"),
        ({"service": 1}, "service"),
        ({"scrap_rate": 1}, "scrap_rate"),
        ({"stock": math.nan}, "stock"),
    ],
)
def test_last_time_buy_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        notices.last_time_buy(**{"monthly_demand": 10, "months": 12, **change})
    assert refused.value.field == field


NO = {"near_margin": False, "characterised_on_lot": False, "safety_critical": False}


@pytest.mark.parametrize("question", list(NO))
def test_any_yes_asks_for_requalification(question: str) -> None:
    found = notices.four_questions(changed={"label"}, **{**NO, question: True})
    assert found.requalify is True
    assert len(found.reasons) == 1


@pytest.mark.parametrize("what", ["die", "fab", "assembly", "material"])
def test_a_change_of_the_product_asks_for_requalification(what: str) -> None:
    found = notices.four_questions(changed={what}, **NO)
    assert (found.requalify, found.reasons) == (True, (f"the {what} changed",))


def test_a_packing_change_does_not() -> None:
    assert notices.four_questions(changed={"packing"}, **NO).requalify is False


def test_lifecycle_risk() -> None:
    risks = [lifecycle.lifecycle_risk(word) for word in lifecycle.WORDS]
    assert risks == [0, 10, 25, 50, 60, 80, 100, 100, None]
    assert lifecycle.lifecycle_risk("growth", notice_issued=True) == 100
    assert lifecycle.lifecycle_risk("unknown") is None


def test_status_goes_stale() -> None:
    assert lifecycle.is_stale(as_of=date(2026, 1, 1), today=date(2026, 6, 30)) is False
    assert lifecycle.is_stale(as_of=date(2026, 1, 1), today=date(2026, 7, 1)) is True


@pytest.mark.parametrize("timeline", [notices.change_timeline, notices.discontinuance_timeline])
def test_deadlines_beyond_the_calendar_are_refused_at_the_notice(timeline) -> None:
    with pytest.raises(InputError) as refused:
        timeline(issued=date(9999, 12, 31))
    assert (refused.value.field, refused.value.code) == ("issued", "out_of_range")
