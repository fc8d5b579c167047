"""The table of calculators: interface name → inputs, pure function, named outputs.

Pages and the interface read this table; neither calculates for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.workspace.calculators import (
    exposure,
    fmea,
    footprint,
    incentives,
    measurements,
    money,
    ppap,
    qualification,
    reliability,
    sampling,
    scorecard,
    sourcing,
    supply_risk,
    yields,
)
from secondsource.workspace.calculators.base import Calculator
from secondsource.workspace.calculators.fields import Field

AREAS = {
    "fmea": "Failure modes",
    "ppap": "Production part approval",
    "qualification": "Qualification",
    "statistics": "Statistics",
    "supply_risk": "Supply risk",
    "money": "Money",
    "scorecard": "Scorecard and carbon",
    "incentives": "Incentives",
}
"""Areas in the order of the page."""

_MODULES = (
    fmea,
    ppap,
    qualification,
    sampling,
    yields,
    measurements,
    reliability,
    supply_risk,
    exposure,
    money,
    sourcing,
    scorecard,
    footprint,
    incentives,
)

CALCULATORS: dict[str, Calculator] = {
    calculator.name: calculator for module in _MODULES for calculator in module.CALCULATORS
}

__all__ = ["AREAS", "CALCULATORS", "Calculator", "Field", "by_area", "run"]


def run(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a calculator by name. KeyError for an unknown name, InputError for a wrong input."""
    return CALCULATORS[name].run(given)


def by_area() -> list[tuple[str, list[Calculator]]]:
    """Area titles with their calculators by title, in the order of the page."""
    return [
        (title, sorted((c for c in CALCULATORS.values() if c.area == area), key=lambda c: c.title))
        for area, title in AREAS.items()
    ]
