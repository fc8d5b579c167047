"""Calculators of evidence, carbon and distance."""

from __future__ import annotations

from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick, records
from secondsource.workspace.calculators.fields import (
    choice,
    column,
    flag,
    integer,
    listing,
    number,
    rows,
)
from suppliers import carbon, distance, esg

_PLACE: dict[str, Any] = {
    "table": "Places",
    "single": True,
    "columns": (column(0, "Latitude", unit="°"), column(1, "Longitude", unit="°")),
}


def _freight(**given: Any) -> dict[str, Any]:
    return pick(carbon.freight(**given), kg="kg", legs_kg="legs_kg", scope="scope")


def _legs(path: str, value: Any) -> list[carbon.Leg]:
    return [carbon.Leg(**leg) for leg in records(path, value, required=("mode", "km"))]


def _distance(**given: Any) -> dict[str, Any]:
    return {"km": distance.great_circle_km(**given), "method": distance.METHOD}


def _footprint(**given: Any) -> dict[str, Any]:
    return {"kg_per_unit": carbon.footprint(**given), "method": carbon.FOOTPRINT_METHOD}


def _recognition(*, rows: list[dict[str, Any]]) -> dict[str, Any]:
    found = []
    for place, row in enumerate(rows):
        score = inputs.number(f"rows.{place}.score", row["score"], low=0, high=200)
        closed = {
            name: inputs.flag(f"rows.{place}.{name}", row.get(name, False))
            for name in ("priority_closed", "major_closed", "all_closed")
        }
        found.append(esg.rba_recognition(score=score, **closed))
    return {"value": found, "method": esg.RBA_METHOD}


def _audits(path: str, value: Any) -> list[dict[str, Any]]:
    closed = ("priority_closed", "major_closed", "all_closed")
    return records(path, value, required=("score",), optional=closed)


CALCULATORS = (
    Calculator(
        name="freight",
        area="scorecard",
        title="Freight emissions",
        purpose="kg CO₂e of a consignment by leg; direct or with the fuel's upstream part.",
        formula="Σ t × km × factor",
        where=(
            "t mass in tonnes, km of the leg, factor in kg CO₂e per tonne-kilometre by "
            "mode and scope"
        ),
        source=f"{carbon.PUBLISHER} {carbon.YEAR} (UK fleets, Open Government Licence); "
        "ISO 14083:2023",
        fields=(
            number("mass_t", "Mass", unit="t", above=0, example=2.5),
            rows(
                "legs",
                "Legs",
                columns=(
                    column("mode", "Mode", "choice", choices=tuple(carbon.FACTORS)),
                    column("km", "Distance", unit="km"),
                ),
                example=[{"mode": "sea", "km": 18500}, {"mode": "road", "km": 320}],
                read=_legs,
            ),
            choice("scope", "Scope", ("ttw", "wtw"), required=False, default="ttw", example="ttw"),
            flag("radiative_forcing", "Radiative forcing of air", required=False, default=True),
        ),
        outputs=("kg", "legs_kg"),
        compute=_freight,
    ),
    Calculator(
        name="haversine",
        area="scorecard",
        title="Great-circle distance",
        purpose="Distance between two places over the Earth's surface.",
        formula="2R·asin√(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), R = 6371.0088 km",
        where="φ latitude, λ longitude, R mean radius of the Earth",
        source="Haversine formula",
        fields=(
            listing("a", "From", example=[22.5431, 114.0579], **_PLACE),
            listing("b", "To", example=[20.6597, -103.3496], **_PLACE),
        ),
        outputs=("km",),
        compute=_distance,
    ),
    Calculator(
        name="pcf",
        area="scorecard",
        title="Footprint of a unit",
        purpose="The supplier's cradle-to-gate figure plus inbound transport.",
        formula="supplier's kg + freight kg ÷ units",
        source="ISO 14067:2018, boundary cradle-to-gate; GHG Protocol product standard, 2011",
        fields=(
            number(
                "pcf_supplier_kg",
                "Supplier's footprint a unit",
                argument="supplier_kg",
                unit="kg CO₂e",
                low=0,
                example=0.85,
            ),
            number("freight_kg_total", "Freight in all", unit="kg CO₂e", low=0, example=500),
            integer("units", "Units", low=1, example=20000),
        ),
        outputs=("kg_per_unit",),
        compute=_footprint,
    ),
    Calculator(
        name="rba-recognition",
        area="scorecard",
        title="RBA VAP recognition",
        purpose="What a formal audit is worth, by score and closed findings.",
        formula="platinum 200 and all closed; gold ≥ 180, priority and major; silver ≥ 160",
        source=esg.RBA_METHOD.standard,
        fields=(
            rows(
                "rows",
                "Audits",
                columns=(
                    column("score", "Score"),
                    column("priority_closed", "Priority closed", "flag", required=False),
                    column("major_closed", "Major closed", "flag", required=False),
                    column("all_closed", "All closed", "flag", required=False),
                ),
                example=[
                    {
                        "score": 185,
                        "priority_closed": True,
                        "major_closed": False,
                        "all_closed": False,
                    }
                ],
                read=_audits,
            ),
        ),
        outputs=("value",),
        compute=_recognition,
    ),
)
