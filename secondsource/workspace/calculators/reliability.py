"""Calculators of failure rates and acceleration."""

from __future__ import annotations

from typing import Any

from qualification import reliability
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import choice, integer, listing, number

_AREA = "statistics"


def _arrhenius(**given: Any) -> dict[str, Any]:
    return pick(reliability.arrhenius(**given), AF="factor", decelerating="decelerating")


def _conversions(**given: Any) -> dict[str, Any]:
    return pick(
        reliability.fit_conversion(**given),
        sum_fit="sum_fit",
        mtbf_h="mtbf_hours",
        mtbf_years="mtbf_years",
        annual_failure_prob="annual_failure_probability",
        ppm_per_year="ppm_per_year",
    )


def _stress(**given: Any) -> dict[str, Any]:
    return pick(
        reliability.stress_fit(**given),
        AF="acceleration",
        equiv_device_hours="equivalent_device_hours",
        fit="fit_upper",
        mtbf_h="mtbf_lower",
    )


def _mtbf(**given: Any) -> dict[str, Any]:
    found = reliability.mtbf_bound(**given)
    names = ("mtbf_lower", "mtbf_point", "fit_upper")
    return pick(found, **{name: name for name in names})


def _demo(**given: Any) -> dict[str, Any]:
    return pick(
        reliability.demonstration(**given),
        device_hours="device_hours",
        devices_for_1000h="devices_for_1000h",
    )


_HEAT = {"low": reliability.LEAST_CELSIUS, "high": reliability.MOST_CELSIUS, "unit": "°C junction"}
_LEVEL = {"argument": "confidence", "above": 0, "below": 1, "required": False}

CALCULATORS = (
    Calculator(
        name="arrhenius",
        area=_AREA,
        title="Acceleration by temperature",
        purpose="How much faster a mechanism runs at stress than in use.",
        formula="AF = exp[(Ea ÷ k)(1/Tu − 1/Ts)], k = 8.617333262·10⁻⁵ eV/K, junction temperatures",
        where="Ea activation energy, Tu, Ts use and stress in kelvin, k Boltzmann's constant",
        source=f"JESD85, July 2001; {reliability.ACCELERATION}",
        fields=(
            number(
                "Ea_eV",
                "Activation energy",
                argument="activation_energy_ev",
                unit="eV",
                above=0,
                high=5,
                required=False,
                default=0.7,
                example=0.7,
            ),
            number("Tuse_C", "In use", argument="use_c", example=55, **_HEAT),
            number("Tstress_C", "Under stress", argument="stress_c", example=125, **_HEAT),
        ),
        outputs=("AF",),
        compute=_arrhenius,
    ),
    Calculator(
        name="fit-conversions",
        area=_AREA,
        title="FIT, MTBF and failures a year",
        purpose="Add failure rates and express them in other ways; MTBF is not life.",
        formula="MTBF = 10⁹ ÷ Σ FIT h; p = 1 − exp(−8760 ÷ MTBF)",
        where="1 FIT = one failure in 10⁹ device-hours",
        source="JESD85, July 2001; series system, exponential",
        fields=(
            listing("fit", "Failure rates", unit="FIT", note="each above 0", example=[10, 25, 65]),
        ),
        outputs=("sum_fit", "mtbf_h", "mtbf_years", "annual_failure_prob", "ppm_per_year"),
        compute=_conversions,
    ),
    Calculator(
        name="htol-fit",
        area=_AREA,
        title="FIT from a life test",
        purpose="The upper bound of the failure rate in use; zero failures are not 0 FIT.",
        formula="χ²(C; 2f + 2)·10⁹ ÷ (2·N·t·AF)",
        where="N devices, t hours, f failures, AF acceleration, C confidence",
        source="JESD85, July 2001",
        fields=(
            integer("n", "Devices", argument="devices", low=1, example=231),
            number("hours", "Hours", unit="h", low=0.001, high=1e6, example=1000),
            integer("fails", "Failures", argument="failures", low=0, example=0),
            number(
                "Ea",
                "Activation energy",
                argument="activation_energy_ev",
                unit="eV",
                above=0,
                high=5,
                required=False,
                default=0.7,
                example=0.7,
            ),
            number("Tuse", "In use", argument="use_c", example=55, **_HEAT),
            number("Tstress", "Under stress", argument="stress_c", example=125, **_HEAT),
            number("C", "Confidence", default=0.6, example=0.6, **_LEVEL),
        ),
        outputs=("AF", "equiv_device_hours", "fit", "mtbf_h"),
        compute=_stress,
    ),
    Calculator(
        name="mtbf",
        area=_AREA,
        title="MTBF bound",
        purpose="The least MTBF that device-hours and failures support.",
        formula="2T ÷ χ²(C; 2r + 2) ended by time, 2T ÷ χ²(C; 2r) ended by a failure",
        where="T device-hours, r failures, C confidence, χ² quantile",
        source=reliability.STANDARD,
        fields=(
            number("total_device_hours", "Device-hours", unit="h", low=0.000001, example=10000),
            integer("failures", "Failures", low=0, high=1_000_000, example=2),
            number(
                "confidence",
                "Confidence, one-sided",
                above=0,
                below=1,
                required=False,
                default=0.6,
                example=0.9,
            ),
            choice(
                "termination",
                "Ended by",
                ("time", "failure"),
                required=False,
                default="time",
                example="time",
            ),
        ),
        outputs=("mtbf_lower", "mtbf_point", "fit_upper"),
        compute=_mtbf,
    ),
    Calculator(
        name="mtbf-demo",
        area=_AREA,
        title="MTBF demonstration",
        purpose="Device-hours needed to show a target MTBF.",
        formula="target × χ²(C; 2r + 2) ÷ 2",
        where="r failures allowed, C confidence, χ² quantile",
        source=reliability.STANDARD,
        fields=(
            number("target_mtbf", "Target MTBF", unit="h", low=0.001, high=1e12, example=100000),
            number("C", "Confidence", default=0.9, example=0.9, **_LEVEL),
            integer(
                "allowed_failures",
                "Failures allowed",
                low=0,
                high=1_000_000,
                required=False,
                default=0,
                example=0,
            ),
        ),
        outputs=("device_hours", "devices_for_1000h"),
        compute=_demo,
    ),
)
