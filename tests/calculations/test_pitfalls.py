"""The known mistakes of this trade, one test each: none of them is ours."""

import inspect
import math
from datetime import date
from decimal import Decimal

import pytest
from scipy import stats

from incentives import savings, shares
from qualification import (
    fmea,
    pilot,
    proportions,
    reliability,
    risk,
    strata,
)
from secondsource.core.calendar import add_months
from secondsource.core.inputs import InputError
from suppliers import carbon, cover, independence, scorecard

D = Decimal


def test_01_priority_is_neither_rpn_nor_severity_alone() -> None:
    high_rpn_low = fmea.rate(severity=3, occurrence=7, detection=6)
    assert (high_rpn_low.rpn > 100, high_rpn_low.action_priority) == (True, "L")
    low_rpn_high = fmea.rate(severity=9, occurrence=6, detection=1)
    assert (low_rpn_high.rpn > 100, low_rpn_high.action_priority) == (False, "H")
    assert fmea.action_priority(severity=10, occurrence=1, detection=10) == "L"


def test_02_the_library_score_test_is_wrong_and_not_used() -> None:
    from statsmodels.stats.proportion import test_proportions_2indep as library_score

    wrong = library_score(
        196, 200, 1970, 2000, value=-0.02, method="score", compare="diff", correction=False
    )
    ours = proportions.farrington_manning(
        passed_new=196, built_new=200, passed_incumbent=1970, built_incumbent=2000
    )
    assert ours.z == pytest.approx(1.1400798, abs=1e-6)
    assert abs(wrong.statistic - ours.z) > 0.001


def test_03_one_and_two_sided_are_kept_apart() -> None:
    found = proportions.clopper_pearson(passed=498, built=500, alpha=0.05)
    assert found.one_sided_lower > found.lower
    assert proportions.clopper_pearson(passed=498, built=500, alpha=0.10).lower == pytest.approx(
        found.one_sided_lower
    )


def test_04_the_upper_tail_is_meant() -> None:
    found = reliability.mtbf_bound(total_device_hours=10_000, failures=0, confidence=0.9)
    wrong = 20_000 / stats.chi2.ppf(0.1, 2)
    assert found.mtbf_lower == pytest.approx(20_000 / stats.chi2.isf(0.1, 2))
    assert found.mtbf_lower < wrong / 20


def test_05_celsius_is_never_used_as_kelvin() -> None:
    found = reliability.arrhenius(activation_energy_ev=0.7, use_c=55, stress_c=125)
    wrong = math.exp(0.7 / reliability.BOLTZMANN_EV * (1 / 55 - 1 / 125))
    assert found.factor == pytest.approx(77.645, abs=1e-3)
    assert wrong > 1e30
    assert "junction" in found.method.name


def test_06_models_are_not_pooled_without_strata() -> None:
    found = strata.risk_difference([strata.Stratum(90, 10, 9, 1), strata.Stratum(5, 5, 60, 40)])
    assert found.crude > 0.2
    assert found.difference < 0


def test_07_a_second_source_in_the_same_fab_is_none() -> None:
    lines = [
        independence.Line(share=0.5, supplier="A", fab="F1"),
        independence.Line(share=0.5, supplier="B", fab="F1"),
    ]
    assert independence.concentration(lines).worst == pytest.approx(10_000)
    assert independence.independence(["fab"]).badge == "nominal"
    found = cover.time_to_survive(
        inventory=[2000],
        demand_wk=[500],
        alternates=[cover.Alternate(capacity_wk=500, independent=False)],
    )
    assert found.tts_wk == 4


def test_08_a_missing_score_is_not_zero() -> None:
    assert scorecard.supplier_score({"quality": 90, "delivery": None}).total == 90
    known = {"concentration": 90, "exposure": 90, "lifecycle": 90, "lead_time": 90}
    assert risk.composite({**known, "quality": None}).score == pytest.approx(90)


def test_09_avoidance_is_never_added_to_savings() -> None:
    found = savings.cost_avoidance(last_paid=D(2), market_offer=D("2.3"), paid=D("2.1"), qty=100)
    assert (found.hard, found.avoidance) == (D("-10.00"), D("20.00"))
    assert not hasattr(found, "total")


def test_10_no_bonus_on_a_forecast() -> None:
    found = savings.realised_savings(
        baseline=D(1), contract_price=D("0.88"), annual_forecast=60_000, receipts=[]
    )
    assert found.annualised == D("7200.00")
    pool = shares.bonus_pool(realised=found.realised, rate=D("0.10"))
    assert pool.pool == D("0.00")
    assert "forecast" not in inspect.signature(shares.bonus_pool).parameters


def test_11_shares_are_never_off_by_a_cent() -> None:
    found = shares.bonus_pool(pool=D("0.05"), shares=[("a", 1), ("b", 1), ("c", 1)])
    assert sum(found.split.values()) == D("0.05")


def test_12_money_is_never_a_float() -> None:
    found = shares.bonus_pool(realised=D("0.1") + D("0.2"), rate=D("0.10"))
    assert isinstance(found.pool, Decimal)


def test_13_months_end_where_months_end() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_14_scopes_and_years_are_not_mixed() -> None:
    legs = [carbon.Leg(mode="sea", km=1000), carbon.Leg(mode="road", km=100)]
    with pytest.raises(TypeError):
        carbon.Leg(mode="sea", km=1000, scope="wtw")
    for scope in ("ttw", "wtw"):
        found = carbon.freight(mass_t=1, legs=legs, scope=scope)
        assert found.scope == scope
        assert str(carbon.YEAR) in found.method.standard


def test_15_no_percentage_above_100_after_returns() -> None:
    with pytest.raises(InputError) as refused:
        scorecard.lot_acceptance(accepted=10, inspected=8)
    assert refused.value.field == "accepted"
    with pytest.raises(InputError):
        scorecard.defect_rate(defective=10, received=8)
    returned = savings.realised_savings(
        baseline=D(1),
        contract_price=D("0.88"),
        annual_forecast=1000,
        receipts=[(1000, D("0.88")), (-400, D("0.88"))],
    )
    assert returned.realisation_pct == D("60.00")


def test_16_zero_failures_are_a_bound() -> None:
    found = reliability.stress_fit(devices=77, hours=1000, failures=0, use_c=55, stress_c=125)
    assert found.fit_upper > 0
    bound = reliability.mtbf_bound(total_device_hours=77_000, failures=0)
    assert (bound.mtbf_point, math.isfinite(bound.mtbf_lower)) == (None, True)
    with pytest.raises(InputError):
        reliability.fit_conversion([0])


def test_17_margin_and_floors_come_from_outside_and_are_kept() -> None:
    build = pilot.ModelBuild(
        model="A",
        passed=496,
        built=500,
        incumbent_passed=19_700,
        incumbent_built=20_000,
        floor=0.96,
    )
    found = pilot.pilot_verdict([build], margin=0.02)
    assert (found.margin, found.models[0].floor) == (0.02, 0.96)
    with pytest.raises(AttributeError):
        found.margin = 0.05
    with pytest.raises(AttributeError):
        build.floor = 0.5


def test_help_that_comes_late_does_not_save_the_line() -> None:
    found = cover.time_to_survive(
        inventory=[2000],
        demand_wk=[500],
        alternates=[cover.Alternate(capacity_wk=500, lead_wk=12)],
    )
    assert found.tts_wk == 4
