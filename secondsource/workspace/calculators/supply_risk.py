"""Calculators of supply risk: common cause, concentration, lead times, stock."""

from __future__ import annotations

from typing import Any

from qualification import risk
from qualification.house_rules import RiskPolicy
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick, records
from secondsource.workspace.calculators.fields import (
    choice,
    column,
    flag,
    listing,
    number,
    rows,
)
from suppliers import independence, lead_time
from suppliers.house_rules import IndependencePolicy

_WEIGHTS = risk.policy_weights()
_AREA = "supply_risk"
_FACTORS = (
    ("concentration", "Concentration"),
    ("exposure", "Exposure"),
    ("lifecycle", "Lifecycle"),
    ("lead_time", "Lead time"),
    ("quality", "Quality"),
    ("geo", "Geopolitics, hazard"),
    ("esg", "ESG"),
)
_DAYS: dict[str, Any] = {
    "unit": "d",
    "table": "Lead times",
    "single": True,
    "columns": (column(0, "Earliest", unit="d"), column(1, "Latest", unit="d")),
}


def _joint(**given: Any) -> dict[str, Any]:
    found = independence.joint_failure(**given)
    return pick(found, p_both_down="p_both_down", reduction_factor="reduction_factor")


def _composite(*, scores: Any, weights: Any = None, **given: Any) -> dict[str, Any]:
    for name, value in (("scores", scores), ("weights", weights)):
        if value is not None and not isinstance(value, dict):
            inputs.refuse(name, "not_an_object", "must be an object of numbers by name")
    found = risk.composite(scores, weights=weights, **given)
    names = ("score", "contributions", "band", "coverage", "veto")
    return pick(found, **{name: name for name in names})


def _hhi(
    *, shares: list[float] | None = None, lines: list[independence.Line] | None = None
) -> dict[str, Any]:
    if (shares is None) == (lines is None):
        inputs.refuse("shares", "missing", "must be given, or lines instead, not both")
    if shares is not None:
        return pick(independence.hhi(shares), hhi="hhi", effective_n="effective_n")
    found = independence.concentration(lines or [])
    return {
        "hhi": found.worst,
        "effective_n": found.effective_n,
        **found.levels,
        "worst": found.worst,
        "coverage": found.coverage,
        "method": found.method,
    }


def _lines(path: str, value: Any) -> list[independence.Line]:
    entries = records(path, value, required=("share",), optional=independence.LEVELS)
    for place, entry in enumerate(entries):
        for level, name in entry.items():
            if level != "share":
                inputs.text(f"{path}.{place}.{level}", name)
    return [independence.Line(**entry) for entry in entries]


def _lead_time(**given: Any) -> dict[str, Any]:
    return pick(
        lead_time.two_sources(**given),
        mean_incumbent="mean_incumbent",
        mean_second="mean_second",
        E_first="expected_first",
        E_last="expected_last",
        sd_first="sd_first",
        P_second_first="p_second_first",
        mean_unit_weighted="mean_unit_weighted",
        fraction="fraction",
        P_complete="p_complete",
        P_something="p_something",
    )


def _safety_stock(**given: Any) -> dict[str, Any]:
    found = lead_time.safety_stock(**given)
    return pick(found, z="z", ss="safety_stock", reorder_point="reorder_point")


CALCULATORS = (
    Calculator(
        name="beta-factor",
        area=_AREA,
        title="Both sources down",
        purpose="How much a second source helps when a part of the causes is shared.",
        formula="1 − (1 − βp)(1 − ((1 − β)p)²)",
        where="p chance that one is down, β part of the causes that both share",
        source="Beta-factor model, after IEC 61508-6:2010; the values of β are our own",
        fields=(
            number("p_single", "One source down", low=0, high=1, example=0.05),
            number("beta", "Common-cause fraction", low=0, high=1, example=0.1),
        ),
        outputs=("p_both_down", "reduction_factor"),
        compute=_joint,
        policy=IndependencePolicy,
        house_rule="The fractions by shared attribute are our own; here one is typed.",
    ),
    Calculator(
        name="composite-risk",
        area=_AREA,
        title="Composite supply risk",
        purpose="One figure over the factors that are known, with what each adds.",
        formula="Σ w·s ÷ Σ w over the known; < 30 low, < 60 medium, else high; coverage ≥ 0.7",
        where="w weight, s score of a factor",
        source="House weights and bands",
        fields=(
            rows(
                "weights",
                "Weight",
                table="Factors",
                keys=_FACTORS,
                required=False,
                default=_WEIGHTS,
                note="0 or more; left out, those of the policy",
                example=_WEIGHTS,
            ),
            rows(
                "scores",
                "Score",
                table="Factors",
                keys=_FACTORS,
                note="0 to 100, 100 = worst; empty: not known, and not 0",
                example={
                    "concentration": 100,
                    "exposure": 80,
                    "lifecycle": 60,
                    "lead_time": 50,
                    "quality": 20,
                    "geo": 70,
                    "esg": 30,
                },
            ),
            flag("single_source", "Single source", required=False, default=False),
            flag(
                "pdn_issued",
                "Discontinuance notice issued",
                argument="notice_issued",
                required=False,
                default=False,
            ),
        ),
        outputs=("score", "contributions", "band", "coverage"),
        compute=_composite,
        policy=RiskPolicy,
        hands_policy=True,
        house_rule="Weights, bands and the least coverage are our own.",
    ),
    Calculator(
        name="hhi",
        area=_AREA,
        title="Concentration",
        purpose="How concentrated a part's volume is, at the worst of supplier, fab and country.",
        formula="Σ (100·share)², shares of one group merged first; effective number 10 000 ÷ HHI",
        source="Herfindahl-Hirschman; a trend, not the market bands of DOJ/FTC",
        fields=(
            listing(
                "shares",
                "Shares",
                required=False,
                note="fractions that sum to 1; or the sources with their origin below",
                share=True,
                example=[0.6, 0.4],
            ),
            rows(
                "lines",
                "Sources with their origin",
                required=False,
                note="what is not known stays empty",
                columns=(
                    column("share", "Share", share=True),
                    *(
                        column(level, level.replace("_", "-").capitalize(), "text", required=False)
                        for level in independence.LEVELS
                    ),
                ),
                read=_lines,
            ),
        ),
        outputs=("hhi", "effective_n"),
        compute=_hhi,
    ),
    Calculator(
        name="lead-time",
        area=_AREA,
        title="Lead time of two sources",
        purpose="When the first and the last of two orders arrive, and what is there by a day.",
        formula="E[first] = ∫ S₁S₂ dt; all arrived F₁F₂; any arrived 1 − (1 − F₁)(1 − F₂)",
        where="F part arrived by the day, S = 1 − F; 1 incumbent, 2 second source",
        source="Order statistics; uniform ranges are our reading",
        fields=(
            listing("incumbent", "Incumbent", example=[40, 80], **_DAYS),
            listing("second", "Second source", example=[20, 60], **_DAYS),
            choice(
                "dependence",
                "Dependence",
                ("independent", "perfect"),
                required=False,
                default="independent",
                example="independent",
            ),
            number(
                "split_second",
                "Second source's share",
                low=0,
                high=1,
                required=False,
                default=0.5,
                example=0.3,
            ),
            number("due_day", "Due", unit="d", low=0, high=3650, required=False, example=55),
        ),
        outputs=(
            "mean_incumbent",
            "mean_second",
            "E_first",
            "E_last",
            "sd_first",
            "P_second_first",
            "mean_unit_weighted",
            "fraction",
            "P_complete",
            "P_something",
        ),
        compute=_lead_time,
        house_rule="Reading a range as uniform is our own; a measured distribution is better.",
    ),
    Calculator(
        name="safety-stock",
        area=_AREA,
        title="Safety stock and reorder point",
        purpose="Stock for a service level with uncertain demand and lead time.",
        formula="SS = z·√(L·σd² + d²·σL²); ROP = d·L + SS",
        where=(
            "z normal quantile of the service, L mean lead time, d demand a day, σd, "
            "σL their standard deviations"
        ),
        source="Normal demand, cycle service level (not fill rate)",
        fields=(
            number("service", "Cycle service level", low=0.5, below=1, example=0.95),
            number(
                "L_mean_d",
                "Mean lead time",
                argument="lead_mean_days",
                unit="d",
                low=0,
                high=3650,
                example=60,
            ),
            number(
                "sd_demand_d",
                "Standard deviation of demand a day",
                argument="demand_sd_day",
                low=0,
                example=20,
            ),
            number("demand_d", "Demand a day", argument="demand_day", low=0, example=100),
            number(
                "sd_L_d",
                "Standard deviation of the lead time",
                argument="lead_sd_days",
                unit="d",
                low=0,
                high=3650,
                required=False,
                default=0,
                example=11.547,
            ),
        ),
        outputs=("z", "ss", "reorder_point"),
        compute=_safety_stock,
    ),
)
