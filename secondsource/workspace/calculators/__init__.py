"""The calculators, for pages and API. A new one is an entry in the module of its area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from secondsource.workspace.calculators import (
    incentives,
    measurements,
    money,
    qualification,
    scorecard,
    supply_risk,
    yields,
)
from secondsource.workspace.calculators.declaration import Calculator

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

_MODULES = (qualification, yields, measurements, supply_risk, money, scorecard, incentives)
CALCULATORS: dict[str, Calculator] = {
    calculator.name: calculator for module in _MODULES for calculator in module.CALCULATORS
}

__all__ = ["AREAS", "CALCULATORS", "Calculator", "by_area", "run", "search"]


def run(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a calculator by name. KeyError for an unknown name, InputError for a wrong input."""
    return CALCULATORS[name].run(given)


def search(text: str) -> list[Calculator]:
    """Calculators whose name, title or purpose holds every word of the text."""
    words = text.lower().split()
    return [
        one
        for one in CALCULATORS.values()
        if all(word in f"{one.name} {one.title} {one.purpose}".lower() for word in words)
    ]


def by_area(calculators: Iterable[Calculator]) -> list[tuple[str, list[Calculator]]]:
    """Area titles with their calculators by title, in the order of the page."""
    calculators = sorted(calculators, key=lambda one: one.title)
    found = [(title, [c for c in calculators if c.area == area]) for area, title in AREAS.items()]
    return [(title, entries) for title, entries in found if entries]
