"""Failure rates: bounds that solve their own definition, and published factors."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualification import reliability as r
from secondsource.core.inputs import InputError


@pytest.mark.parametrize(
    ("energy", "use", "stress", "printed"),
    [(0.7, 55, 125, 77), (0.7, 55, 150, 258), (1.0, 40, 85, 105.2)],
)
def test_arrhenius_published(energy: float, use: float, stress: float, printed: float) -> None:
    found = r.arrhenius(activation_energy_ev=energy, use_c=use, stress_c=stress)
    assert found.factor == pytest.approx(printed, rel=0.01)


def test_arrhenius_below_use_is_allowed_and_flagged() -> None:
    found = r.arrhenius(use_c=85, stress_c=55)
    assert found.factor < 1
    assert found.decelerating is True


@given(low=st.floats(-40, 100), step=st.floats(1, 100))
def test_arrhenius_is_reciprocal(low: float, step: float) -> None:
    up = r.arrhenius(use_c=low, stress_c=low + step).factor
    down = r.arrhenius(use_c=low + step, stress_c=low).factor
    assert up * down == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"activation_energy_ev": 0}, "activation_energy_ev"),
        ({"use_c": -274}, "use_c"),
        ({"stress_c": float("nan")}, "stress_c"),
        ({"use_c": -199, "stress_c": 499, "activation_energy_ev": 5}, "stress_c"),
    ],
)
def test_arrhenius_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        r.arrhenius(**{"use_c": 55, "stress_c": 125, **change})
    assert refused.value.field == field


@pytest.mark.parametrize("failures", [0, 1, 5])
@pytest.mark.parametrize("confidence", [0.6, 0.9])
def test_mtbf_bound_solves_the_poisson(failures: int, confidence: float) -> None:
    found = r.mtbf_bound(total_device_hours=10_000, failures=failures, confidence=confidence)
    assert stats.poisson.cdf(failures, 10_000 / found.mtbf_lower) == pytest.approx(1 - confidence)


def test_failure_terminated_is_less_strict() -> None:
    by_time = r.mtbf_bound(total_device_hours=1e4, failures=2, confidence=0.9)
    by_failure = r.mtbf_bound(
        total_device_hours=1e4, failures=2, confidence=0.9, termination="failure"
    )
    assert by_time.mtbf_lower == pytest.approx(1878.880, abs=1e-3)
    assert by_failure.mtbf_lower == pytest.approx(2e4 / stats.chi2.ppf(0.9, 4))


def test_zero_failures_have_a_bound_and_no_point() -> None:
    found = r.mtbf_bound(total_device_hours=10_000, failures=0, confidence=0.6)
    assert found.mtbf_point is None
    assert found.fit_upper == pytest.approx(91_629.07, abs=0.01)
    assert math.isfinite(found.mtbf_lower)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total_device_hours": 0}, "total_device_hours"),
        ({"failures": -1}, "failures"),
        ({"termination": "failure", "failures": 0}, "failures"),
        ({"termination": "cycles"}, "termination"),
        ({"confidence": 1}, "confidence"),
    ],
)
def test_mtbf_refuses(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        r.mtbf_bound(**{"total_device_hours": 1e4, "failures": 1, **change})
    assert refused.value.field == field


def test_stress_fit() -> None:
    found = r.stress_fit(devices=231, hours=1000, failures=0, use_c=55, stress_c=125)
    by_hand = -math.log(0.4) * 1e9 / (231 * 1000 * found.acceleration)
    assert found.fit_upper == pytest.approx(by_hand)
    assert found.fit_upper == pytest.approx(51.0864, abs=1e-4)


def test_stress_fit_refuses_more_failures_than_devices() -> None:
    with pytest.raises(InputError) as refused:
        r.stress_fit(devices=10, hours=100, failures=11, use_c=55, stress_c=125)
    assert refused.value.field == "failures"


def test_demonstration_is_the_inverse_of_the_bound() -> None:
    plan = r.demonstration(target_mtbf=100_000, confidence=0.9, allowed_failures=1)
    shown = r.mtbf_bound(total_device_hours=plan.device_hours, failures=1, confidence=0.9)
    assert shown.mtbf_lower == pytest.approx(100_000)
    assert plan.devices_for_1000h == math.ceil(plan.device_hours / 1000)


def test_fit_conversion() -> None:
    found = r.fit_conversion([10, 25, 65])
    assert found.sum_fit == 100
    assert found.mtbf_hours == pytest.approx(1e7)
    assert found.mtbf_years == pytest.approx(1141.55, abs=0.01)
    assert found.annual_failure_probability == pytest.approx(stats.expon.cdf(8760, scale=1e7))


@pytest.mark.parametrize("fit", [[0], [10, -1], [], [float("nan")]])
def test_zero_fit_is_refused(fit: list[float]) -> None:
    with pytest.raises(InputError) as refused:
        r.fit_conversion(fit)
    assert refused.value.field.startswith("fit")


def test_a_rate_too_small_to_turn_over_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        r.fit_conversion([1e-320])
    assert (refused.value.field, refused.value.code) == ("fit.0", "out_of_range")
