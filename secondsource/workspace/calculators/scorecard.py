"""Calculators of supplier measures, standing, evidence, carbon and distance."""

from __future__ import annotations

from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators.base import (
    Calculator,
    Field,
    choice,
    day,
    flag,
    integer,
    listing,
    number,
    pick,
    records,
    rows,
)
from suppliers import carbon, distance, esg, scorecard, standing
from suppliers.house_rules import StandingPolicy

_PHASE_OUT = {"phase-out": "phase_out"}
_STANDINGS = ("preferred", "approved", "probation", "phase-out", "disqualified")
_WEIGHTS = {
    "quality": 0.3,
    "delivery": 0.25,
    "cost": 0.2,
    "response": 0.1,
    "technology": 0.05,
    "esg": 0.1,
}


def _dppm(**given: Any) -> dict[str, Any]:
    return pick(
        scorecard.defect_rate(**given), dppm="dppm", upper95_one_sided="upper", enough="enough"
    )


def _freight(**given: Any) -> dict[str, Any]:
    return pick(carbon.freight(**given), kg="kg", legs_kg="legs_kg", scope="scope")


def _legs(path: str, value: Any) -> list[carbon.Leg]:
    return [carbon.Leg(**leg) for leg in records(path, value, required=("mode", "km"))]


def _distance(**given: Any) -> dict[str, Any]:
    return {"km": distance.great_circle_km(**given)}


def _acceptance(**given: Any) -> dict[str, Any]:
    return {"lar_pct": scorecard.lot_acceptance(**given)}


def _delivery(
    *, lines: list[scorecard.DeliveryLine], window_days: list[int] | None = None, as_of: Any = None
) -> dict[str, Any]:
    default = (scorecard.DELIVERY.days_early, scorecard.DELIVERY.days_late)
    early, late = default
    if window_days is not None:
        early, late = inputs.sequence("window_days", window_days, least=2, most=2)
    found = scorecard.delivery(lines, days_early=early, days_late=late, as_of=as_of)
    return pick(found, otd="otd", otif="otif", due_lines="due_lines")


def _lines(path: str, value: Any) -> list[scorecard.DeliveryLine]:
    read = []
    entries = records(
        path,
        value,
        required=("due", "ord"),
        optional=("rec", "got", "correct", "undamaged"),
        most=inputs.MAX_SERIES,
    )
    for place, entry in enumerate(entries):
        at = f"{path}.{place}"
        received = entry.get("rec")
        read.append(
            scorecard.DeliveryLine(
                due=inputs.day(f"{at}.due", entry["due"]),
                received=None if received is None else inputs.day(f"{at}.rec", received),
                ordered_qty=entry["ord"],
                received_qty=entry.get("got", 0),
                correct=inputs.flag(f"{at}.correct", entry.get("correct", True)),
                undamaged=inputs.flag(f"{at}.undamaged", entry.get("undamaged", True)),
            )
        )
    return read


def _footprint(**given: Any) -> dict[str, Any]:
    return {"kg_per_unit": carbon.footprint(**given)}


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


def _standing(
    *,
    start: str,
    scores: list[Any],
    up: dict[str, float] | None = None,
    down: dict[str, float] | None = None,
    periods: int = standing.DEFAULTS.periods,
) -> dict[str, Any]:
    inputs.choice("start", start, _STANDINGS)
    policy = _ladder(up or {}, down or {}, periods)
    found = standing.history(
        start=_PHASE_OUT.get(start, start),  # type: ignore[arg-type]
        scores=scores,
        policy=policy,
    )
    words = [month.standing.replace("_", "-") for month in found.months]
    return {"value": words, "hold": [m.hold for m in found.months], "method": found.method}


def _ladder(up: dict[str, float], down: dict[str, float], periods: int) -> StandingPolicy:
    given: dict[str, Any] = {"periods": inputs.integer("periods", periods, low=1, high=24)}
    sides = (
        ("up", up, ("probation", "approved")),
        ("down", down, ("preferred", "approved", "probation")),
    )
    for side, thresholds, known in sides:
        for name, value in _object(side, thresholds).items():
            inputs.choice(f"{side}.{name}", name, known)
            given[f"{side}_from_{name}"] = inputs.number(f"{side}.{name}", value, low=0, high=100)
    return StandingPolicy(**given)


def _object(path: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        inputs.refuse(path, "not_an_object", "must be an object of numbers by name")
    return value


def _score(
    *, scores: dict[str, float | None], weights: dict[str, float] | None = None
) -> dict[str, Any]:
    used = _WEIGHTS if weights is None else _object("weights", weights)
    found = scorecard.weighted(weights=used, scores=_object("scores", scores))
    return pick(found, total="total", coverage="coverage", contributions="contributions")


CALCULATORS = (
    Calculator(
        name="dppm",
        area="scorecard",
        title="Defective parts per million",
        purpose="Confirmed supplier defects and the bound that the quantity supports.",
        formula="10⁶ × defective ÷ received; upper = χ²(0.95; 2x + 2) ÷ 2 ÷ received",
        source="Poisson bound; nothing received is no data",
        fields=(
            integer("defective", "Defective", low=0, example=3),
            integer("received", "Received", low=0, example=250000),
        ),
        outputs=("dppm", "upper95_one_sided"),
        compute=_dppm,
    ),
    Calculator(
        name="freight",
        area="scorecard",
        title="Freight emissions",
        purpose="kg CO₂e of a consignment by leg; direct or with the fuel's upstream part.",
        formula="Σ t × km × factor",
        source=f"{carbon.PUBLISHER} {carbon.YEAR} (UK fleets), Open Government Licence; ISO 14083",
        fields=(
            number("mass_t", "Mass", unit="t", above=0, example=2.5),
            rows(
                "legs",
                "Legs",
                note="objects with mode (" + ", ".join(carbon.FACTORS) + ") and km",
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
        source="Haversine formula",
        fields=(
            listing(
                "a", "From", note="latitude and longitude in degrees", example=[22.5431, 114.0579]
            ),
            listing(
                "b", "To", note="latitude and longitude in degrees", example=[20.6597, -103.3496]
            ),
        ),
        outputs=("km",),
        compute=_distance,
    ),
    Calculator(
        name="lot-acceptance",
        area="scorecard",
        title="Lot acceptance rate",
        purpose="Lots accepted at incoming inspection.",
        formula="100 × accepted ÷ inspected",
        source="Trade practice",
        fields=(
            integer("accepted", "Accepted lots", low=0, example=47),
            integer("inspected", "Inspected lots", low=0, example=50),
        ),
        outputs=("lar_pct",),
        compute=_acceptance,
    ),
    Calculator(
        name="otd-otif",
        area="scorecard",
        title="On time, and on time in full",
        purpose="Order lines inside the agreed window; open past-due lines count as late.",
        formula="lines on time ÷ lines due; OTIF also full, correct and undamaged",
        source="House window of -5 to 0 days against the first confirmed date",
        renames={"ordered_qty": "ord", "received_qty": "got"},
        fields=(
            rows(
                "lines",
                "Lines",
                note="objects with due, rec (null = open), ord and got",
                example=[
                    {"due": "2026-01-10", "rec": "2026-01-10", "ord": 100, "got": 100},
                    {"due": "2026-01-12", "rec": "2026-01-09", "ord": 50, "got": 45},
                ],
                read=_lines,
            ),
            listing(
                "window_days",
                "Window",
                unit="d",
                required=False,
                default=[-5, 0],
                note="earliest and latest day against the agreed date",
                example=[-5, 0],
            ),
            day("as_of", "As of", required=False, note="needed when a line is open"),
        ),
        outputs=("otd", "otif"),
        compute=_delivery,
    ),
    Calculator(
        name="pcf",
        area="scorecard",
        title="Footprint of a unit",
        purpose="The supplier's cradle-to-gate figure plus inbound transport.",
        formula="supplier's kg + freight kg ÷ units",
        source="ISO 14067 boundary cradle-to-gate; GHG Protocol product standard",
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
        formula="platinum 200 and all closed; gold >= 180, priority and major; silver >= 160",
        source=esg.RBA_METHOD.standard,
        fields=(
            rows(
                "rows",
                "Audits",
                note="objects with score, priority_closed, major_closed, all_closed",
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
    Calculator(
        name="standing",
        area="scorecard",
        title="Supplier standing",
        purpose="How a standing moves over monthly scores; never on a single one.",
        formula="a move needs two consecutive scores past the threshold; critical is at once",
        source="House rule: dead band with consecutive scores",
        renames=_PHASE_OUT,
        fields=(
            choice("start", "Standing now", _STANDINGS, example="approved"),
            listing(
                "scores",
                "Monthly scores",
                note='0 to 100, "critical", or null for no data',
                example=[84, 86, 83, 86, 87],
            ),
            Field(
                name="up",
                label="Up from",
                kind="rows",
                required=False,
                example={"probation": 70, "approved": 85},
            ),
            Field(
                name="down",
                label="Down from",
                kind="rows",
                required=False,
                example={"preferred": 80, "approved": 65, "probation": 45},
            ),
            integer("periods", "Consecutive scores", low=1, high=24, required=False, example=2),
        ),
        outputs=("value",),
        compute=_standing,
    ),
    Calculator(
        name="supplier-score",
        area="scorecard",
        title="Supplier score",
        purpose="One figure over the categories that have data; the coverage stands beside it.",
        formula="Σ w·s ÷ Σ w over the known categories",
        source="House weights",
        fields=(
            Field(
                name="weights",
                label="Weights",
                kind="rows",
                required=False,
                default=_WEIGHTS,
                note="by category, 0 or more",
                example=_WEIGHTS,
            ),
            Field(
                name="scores",
                label="Scores",
                kind="rows",
                note="by category, 0 to 100, or null for no data",
                example={
                    "quality": 92,
                    "delivery": 85,
                    "cost": 78,
                    "response": 90,
                    "technology": 70,
                    "esg": 60,
                },
            ),
        ),
        outputs=("total", "coverage"),
        compute=_score,
    ),
)
