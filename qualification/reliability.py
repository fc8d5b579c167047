"""Reliability from tests: MTBF and FIT bounds, acceleration, demonstration plans.

Sources: MIL-HDBK-338B section 8, JESD85 (failure rates), JEP122 (activation energies). Confidence
is one-sided. Zero failures give a bound, never "0 FIT" and never an infinite MTBF.
MTBF is not life.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.distributions import chi_square_quantile
from secondsource.core.provenance import Method

BOLTZMANN_EV = 8.617333262e-5
ZERO_CELSIUS = 273.15
HOURS_PER_YEAR = 8760.0
LEAST_CELSIUS, MOST_CELSIUS = -200.0, 500.0
STANDARD = "JESD85, July 2001; MIL-HDBK-338B, Oct 1998, section 8"
ACCELERATION = "JEP122H, Sept 2016"
LEAST_FIT = 1e-6

Termination = Literal["time", "failure"]


@dataclass(frozen=True, kw_only=True)
class Acceleration:
    """An acceleration factor; ``decelerating`` is true where stress is below use (factor < 1)."""

    factor: float
    decelerating: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class MtbfBound:
    """Lower MTBF bound in hours, upper FIT bound, and the point estimate (None without
    failures).
    """

    mtbf_lower: float
    mtbf_point: float | None
    fit_upper: float
    device_hours: float
    failures: int
    confidence: float
    termination: Termination
    method: Method


@dataclass(frozen=True, kw_only=True)
class StressFit:
    """Upper FIT bound at use conditions from a stress test."""

    acceleration: float
    equivalent_device_hours: float
    fit_upper: float
    mtbf_lower: float
    failures: int
    confidence: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """Device-hours to show a target MTBF, and devices for a test of 1 000 hours."""

    device_hours: float
    devices_for_1000h: int
    method: Method


@dataclass(frozen=True, kw_only=True)
class FitConversion:
    """A series system of parts with constant failure rates, 8 760 hours a year."""

    sum_fit: float
    mtbf_hours: float
    mtbf_years: float
    annual_failure_probability: float
    ppm_per_year: float
    method: Method


def arrhenius(*, activation_energy_ev: float = 0.7, use_c: float, stress_c: float) -> Acceleration:
    """AF = exp[(Ea ÷ k)(1/Tu - 1/Ts)] with junction temperatures in °C.

    ``activation_energy_ev`` above 0 to 5 eV (0.7 is customary for silicon; others by mechanism,
    JEP122): one factor never mixes mechanisms. Stress below use is allowed and marked.
    """
    energy = inputs.number("activation_energy_ev", activation_energy_ev, above=0, high=5)
    use, stress = _kelvin("use_c", use_c), _kelvin("stress_c", stress_c)
    exponent = energy / BOLTZMANN_EV * (1 / use - 1 / stress)
    if abs(exponent) > 300:
        inputs.refuse("stress_c", "out_of_range", "must be nearer to the use temperature")
    return Acceleration(
        factor=math.exp(exponent),
        decelerating=stress < use,
        method=Method(
            name="Arrhenius, junction temperatures", standard=f"JESD85, July 2001; {ACCELERATION}"
        ),
    )


def mtbf_bound(
    *,
    total_device_hours: float,
    failures: int,
    confidence: float = 0.6,
    termination: Termination = "time",
) -> MtbfBound:
    """Lower bound 2T ÷ χ²(C; 2r + 2) for a test ended by time, 2T ÷ χ²(C; 2r) by a failure.

    ``total_device_hours`` above 0; a test ended by a failure has at least one. 60 % is customary
    for component FIT, 90 % where stricter: the result contains the confidence.
    """
    hours = inputs.number("total_device_hours", total_device_hours, low=1e-6)
    inputs.choice("termination", termination, ("time", "failure"))
    by_time = termination == "time"
    failures = inputs.integer("failures", failures, low=0 if by_time else 1, high=1_000_000)
    confidence = inputs.open_probability("confidence", confidence)
    df = 2 * failures + (2 if by_time else 0)
    lower = 2 * hours / chi_square_quantile(confidence, df)
    return MtbfBound(
        mtbf_lower=lower,
        mtbf_point=hours / failures if failures else None,
        fit_upper=1e9 / lower,
        device_hours=hours,
        failures=failures,
        confidence=confidence,
        termination=termination,
        method=_chi_square(confidence),
    )


def stress_fit(
    *,
    devices: int,
    hours: float,
    failures: int,
    activation_energy_ev: float = 0.7,
    use_c: float,
    stress_c: float,
    confidence: float = 0.6,
) -> StressFit:
    """FIT_U = χ²(C; 2f + 2)·10⁹ ÷ (2·N·t·AF) of a high-temperature operating life test."""
    devices = inputs.integer("devices", devices, low=1)
    hours = inputs.number("hours", hours, low=1e-3, high=1e6)
    failures = inputs.integer("failures", failures, high=devices)
    acceleration = arrhenius(
        activation_energy_ev=activation_energy_ev, use_c=use_c, stress_c=stress_c
    )
    confidence = inputs.open_probability("confidence", confidence)
    equivalent = devices * hours * acceleration.factor
    fit = chi_square_quantile(confidence, 2 * failures + 2) * 1e9 / (2 * equivalent)
    return StressFit(
        acceleration=acceleration.factor,
        equivalent_device_hours=equivalent,
        fit_upper=fit,
        mtbf_lower=1e9 / fit,
        failures=failures,
        confidence=confidence,
        method=_chi_square(confidence),
    )


def demonstration(
    *, target_mtbf: float, confidence: float = 0.9, allowed_failures: int = 0
) -> Demonstration:
    """Device-hours that show a target MTBF when at most ``allowed_failures`` occur."""
    target = inputs.number("target_mtbf", target_mtbf, low=1e-3, high=1e12)
    confidence = inputs.open_probability("confidence", confidence)
    failures = inputs.integer("allowed_failures", allowed_failures, high=1_000_000)
    hours = target * chi_square_quantile(confidence, 2 * failures + 2) / 2
    return Demonstration(
        device_hours=hours,
        devices_for_1000h=math.ceil(hours / 1000),
        method=_chi_square(confidence),
    )


def fit_conversion(fit: Sequence[float]) -> FitConversion:
    """Add FIT values and express them as MTBF, yearly probability and ppm a year.

    Every value from 10⁻⁶ to 10⁹: no failure seen is a bound above 0, not 0 FIT.
    """
    values = inputs.sequence("fit", fit)
    rates = [inputs.number(f"fit.{i}", v, low=LEAST_FIT, high=1e9) for i, v in enumerate(values)]
    total = math.fsum(rates)
    mtbf = 1e9 / total
    yearly = -math.expm1(-HOURS_PER_YEAR / mtbf)
    return FitConversion(
        sum_fit=total,
        mtbf_hours=mtbf,
        mtbf_years=mtbf / HOURS_PER_YEAR,
        annual_failure_probability=yearly,
        ppm_per_year=1e6 * yearly,
        method=Method(name="Series system, exponential, 8760 h a year", standard=STANDARD),
    )


def _kelvin(field: str, celsius: float) -> float:
    return inputs.number(field, celsius, low=LEAST_CELSIUS, high=MOST_CELSIUS) + ZERO_CELSIUS


def _chi_square(confidence: float) -> Method:
    return Method(
        name="Chi-square bound of a constant failure rate",
        standard=STANDARD,
        libraries=("scipy",),
        confidence=confidence,
        sides=1,
    )
