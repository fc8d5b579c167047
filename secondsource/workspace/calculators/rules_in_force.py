"""The version in force of the house rule that a calculator asks."""

from __future__ import annotations

from secondsource.core import policies
from secondsource.workspace.calculators.base import Calculator, HouseRule


def rule_of(calculator: Calculator) -> HouseRule | None:
    """The active policy of a calculator; None where it asks none."""
    return HouseRule(*policies.active(calculator.policy)) if calculator.policy else None
