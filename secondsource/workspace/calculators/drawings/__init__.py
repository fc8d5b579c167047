"""Charts of answers. Every point on them comes from the functions that give the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from secondsource.core.charts import Chart
from secondsource.workspace.calculators.answers.words import Answer
from secondsource.workspace.calculators.base import Calculator
from secondsource.workspace.calculators.drawings import measured, money, scores, supply, yields

Drawing = Callable[[Answer, Answer], list[Chart]]

DRAWINGS: dict[str, Drawing] = {
    **yields.DRAWINGS,
    **measured.DRAWINGS,
    **supply.DRAWINGS,
    **money.DRAWINGS,
    **scores.DRAWINGS,
}


def drawn(answer: Mapping[str, Any], calculator: Calculator) -> list[Chart]:
    """The charts of an answer; none where a chart would not help, or nothing is known."""
    draws = DRAWINGS.get(calculator.name)
    return draws(answer, answer["inputs"]) if draws else []
