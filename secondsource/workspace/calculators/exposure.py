"""Calculators of cover and exposure: time to survive, performance impact, risk exposure index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick, records
from secondsource.workspace.calculators.fields import (
    column,
    flag,
    listed,
    listing,
    number,
    rows,
)
from suppliers import cover

_AREA = "supply_risk"


def _impact(
    *, demand_wk: Any, finished_inventory: Any, unit_margin: Any, **given: Any
) -> dict[str, Any]:
    single = not isinstance(demand_wk, list)
    found = cover.performance_impact(
        demand_wk=listed("demand_wk", demand_wk),
        finished_inventory=listed("finished_inventory", finished_inventory),
        unit_margin=listed("unit_margin", unit_margin),
        **given,
    )
    return {
        "lost_units": found.lost_units[0] if single else found.lost_units,
        "performance_impact": found.performance_impact,
        "method": found.method,
    }


def _rei(*, nodes: list[cover.Node]) -> dict[str, Any]:
    return pick(cover.exposure(nodes), PI="impact", REI="index")


def _nodes(path: str, value: Any) -> list[cover.Node]:
    required = ("id", "TTR_wk", "units_wk", "margin")
    entries = records(path, value, required=required, optional=("TTS_wk",))
    for place, entry in enumerate(entries):
        inputs.text(f"{path}.{place}.id", entry["id"])
    return [
        cover.Node(
            id=entry["id"],
            ttr_wk=entry["TTR_wk"],
            tts_wk=entry.get("TTS_wk"),
            units_wk=entry["units_wk"],
            margin=entry["margin"],
        )
        for entry in entries
    ]


def _survive(
    *,
    alternative_capacity_wk: Any = 0,
    alternative_independent: Any = True,
    alternative_lead_wk: Any = 0,
    alternates: Sequence[cover.Alternate] = (),
    **given: Any,
) -> dict[str, Any]:
    first = cover.Alternate(
        capacity_wk=inputs.number("alternative_capacity_wk", alternative_capacity_wk, low=0),
        independent=inputs.flag("alternative_independent", alternative_independent),
        lead_wk=inputs.number(
            "alternative_lead_wk", alternative_lead_wk, low=0, high=cover.LONGEST_WK
        ),
    )
    found = cover.time_to_survive(alternates=[first, *alternates], **given)
    return pick(found, TTS_wk="tts_wk", lost_units="lost_units", at_risk="at_risk")


def _alternates(path: str, value: Any) -> list[cover.Alternate]:
    optional = ("capacity_wk", "quantity", "independent")
    entries = records(path, value, required=("lead_wk",), optional=optional)
    given = [{k: v for k, v in entry.items() if v is not None} for entry in entries]
    return [cover.Alternate(**entry) for entry in given]


_CAPACITY = partial(
    number,
    "alternative_capacity_wk",
    "Alternate's capacity a week",
    low=0,
    required=False,
    default=0,
)

CALCULATORS = (
    Calculator(
        name="performance-impact",
        area=_AREA,
        title="Performance impact",
        purpose="The least margin lost over the time to recover, with one alternate for several.",
        formula="min Σ margin·lost, lost ≤ max(0, d·TTR − inventory), Σ(need − lost) ≤ c·TTR",
        where=(
            "d demand a week, TTR time to recover, c capacity of the alternate, need = "
            "d·TTR − stock"
        ),
        source="Simchi-Levi et al. 2014; linear programme, HiGHS",
        fields=(
            number(
                "TTR_wk",
                "Time to recover",
                argument="ttr_wk",
                unit="wk",
                low=0,
                high=10000,
                example=10,
            ),
            listing("demand_wk", "Demand a week", table="Products", example=[100, 50]),
            listing("finished_inventory", "Stock", table="Products", example=[200, 0]),
            listing("unit_margin", "Margin a unit", table="Products", example=[5, 20]),
            _CAPACITY(example=60),
        ),
        outputs=("lost_units", "performance_impact"),
        compute=_impact,
    ),
    Calculator(
        name="rei",
        area=_AREA,
        title="Risk exposure index",
        purpose="Which node hurts most; no probabilities needed.",
        formula="PI = max(0, TTR − TTS) × units × margin; REI = PI ÷ largest PI",
        where="TTR time to recover, TTS time to survive, units the uncovered rate a week",
        source="Simchi-Levi, Schmidt, Wei 2014/2015, single node",
        renames={"ttr_wk": "TTR_wk", "tts_wk": "TTS_wk"},
        fields=(
            rows(
                "nodes",
                "Nodes",
                note="empty time to survive: it never runs out; units: the uncovered rate",
                columns=(
                    column("id", "Node", "text"),
                    column("TTR_wk", "Time to recover", unit="wk"),
                    column("TTS_wk", "Time to survive", unit="wk", required=False),
                    column("units_wk", "Units a week"),
                    column("margin", "Margin a unit"),
                ),
                example=[
                    {"id": "A", "TTR_wk": 12, "TTS_wk": 4, "units_wk": 500, "margin": 40},
                    {"id": "C", "TTR_wk": 20, "TTS_wk": 15, "units_wk": 300, "margin": 120},
                ],
                read=_nodes,
            ),
        ),
        outputs=("PI", "REI"),
        compute=_rei,
    ),
    Calculator(
        name="time-to-survive",
        area=_AREA,
        title="Time to survive",
        purpose="How long demand is met with the first source down; late help does not count.",
        formula="I < dL: I ÷ d; c ≥ d: never; else L + (I − dL) ÷ (d − c)",
        where=(
            "I stock, d demand a week, c capacity of the alternate a week, L its switch lead time; "
            "each further alternate delivers from its own lead time on"
        ),
        source="After Simchi-Levi et al. 2014; the switch lead time is our own",
        fields=(
            listing("inventory", "Stock", table="Products", example=[2000], read=listed),
            listing("demand_wk", "Demand a week", table="Products", example=[500], read=listed),
            _CAPACITY(example=300),
            flag(
                "alternative_independent", "Alternate is independent", required=False, default=True
            ),
            number(
                "alternative_lead_wk",
                "Alternate's switch lead time",
                unit="wk",
                low=0,
                high=10000,
                required=False,
                default=0,
                example=3,
            ),
            rows(
                "alternates",
                "Further alternates",
                note="empty capacity: whatever is needed; empty units: no cap",
                required=False,
                columns=(
                    column("lead_wk", "Switch lead time", unit="wk"),
                    column("capacity_wk", "Capacity a week", required=False),
                    column("quantity", "Units at most", required=False),
                    column("independent", "Independent", "flag", required=False),
                ),
                read=_alternates,
            ),
            number(
                "TTR_wk",
                "Time to recover",
                argument="ttr_wk",
                unit="wk",
                low=0,
                high=10000,
                required=False,
                example=20,
            ),
        ),
        outputs=("TTS_wk", "lost_units"),
        compute=_survive,
        house_rule="The alternate that delivers only from its switch lead time on is our own form.",
    ),
)
