"""Calculators of sample sizes."""

from __future__ import annotations

from typing import Any

from qualification import sample_size
from qualification.house_rules import PilotPolicy
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import integer, number
from secondsource.workspace.calculators.yields import ALPHA

_AREA = "statistics"


def _success_run(**given: Any) -> dict[str, Any]:
    return pick(sample_size.success_run(**given), n="n", raw="raw")


def _plan(**given: Any) -> dict[str, Any]:
    return pick(sample_size.binomial_plan(**given), n="n")


def _size(**given: Any) -> dict[str, Any]:
    return pick(sample_size.noninferiority_size(**given), n="n", n_incumbent="n_incumbent")


_CONFIDENCE = number("C", "Confidence", argument="confidence", above=0, below=1, example=0.95)


_RELIABILITY = number("R", "Reliability", argument="reliability", above=0, below=1, example=0.99)


CALCULATORS = (
    Calculator(
        name="success-run",
        area=_AREA,
        title="Success run",
        purpose="Units to test without a failure to show a reliability.",
        formula="n = ⌈ln(1 − C) ÷ ln R⌉, classical (the Bayes form needs one less)",
        where="C confidence, R reliability",
        source="Success-run theorem, VDA and SAE use",
        fields=(_CONFIDENCE, _RELIABILITY),
        outputs=("n", "raw"),
        compute=_success_run,
    ),
    Calculator(
        name="binomial-plan",
        area=_AREA,
        title="Test plan with failures",
        purpose="Units to test when some failures are allowed.",
        formula="smallest n with P(X ≤ f | n, 1 − R) ≤ 1 − C",
        where="X failures, f allowed, C confidence, R reliability",
        source="Exact binomial",
        fields=(
            _CONFIDENCE,
            _RELIABILITY,
            integer("allowed_failures", "Failures allowed", low=0, high=10000, example=1),
        ),
        outputs=("n",),
        compute=_plan,
    ),
    Calculator(
        name="noninferiority-size",
        area=_AREA,
        title="Units for non-inferiority",
        purpose="Units to show that the new yield is not worse by more than the margin.",
        formula="n = (z₁₋α + z_power)²·2p(1 − p) ÷ m² an arm; unequal arms n·(1 + 1/r) ÷ 2",
        where="p yield of both, m margin, α significance, r incumbent units per new unit",
        source="Normal approximation",
        fields=(
            number("p_both", "Yield of both", above=0, below=1, example=0.98),
            number("margin", "Margin", low=0.000001, below=1, example=0.02),
            ALPHA,
            number(
                "power",
                "Power, the chance to show it",
                above=0,
                below=1,
                required=False,
                default=0.8,
                example=0.8,
            ),
            number(
                "ratio",
                "Incumbent units per new unit",
                above=0,
                high=1e6,
                required=False,
                default=1,
            ),
            integer("incumbent_units", "Incumbent units at hand", low=1, required=False),
        ),
        outputs=("n", "n_incumbent"),
        policy=PilotPolicy,
        house_rule="The significance is our own.",
        compute=_size,
    ),
)
