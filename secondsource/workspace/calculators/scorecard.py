"""Calculators of supplier measures and standing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick, records
from secondsource.workspace.calculators.fields import (
    choice,
    column,
    day,
    integer,
    listing,
    rows,
)
from suppliers import scorecard, standing
from suppliers.house_rules import DeliveryPolicy, ScorecardPolicy, StandingPolicy

_PHASE_OUT = {"phase-out": "phase_out"}
_STANDINGS = ("preferred", "approved", "probation", "phase-out", "disqualified")
_WEIGHTS = {name: float(getattr(scorecard.WEIGHTS, name)) for name in scorecard.CATEGORIES}
_CATEGORIES = tuple(
    (name, "ESG" if name == "esg" else name.capitalize()) for name in scorecard.CATEGORIES
)


def _dppm(**given: Any) -> dict[str, Any]:
    return pick(
        scorecard.defect_rate(**given), dppm="dppm", upper95_one_sided="upper", enough="enough"
    )


def _acceptance(**given: Any) -> dict[str, Any]:
    return {"lar_pct": scorecard.lot_acceptance(**given), "method": scorecard.LOT_METHOD}


def _delivery(
    *,
    lines: list[scorecard.DeliveryLine],
    window_days: list[int] | None = None,
    as_of: Any = None,
    policy: DeliveryPolicy,
) -> dict[str, Any]:
    early, late = policy.days_early, policy.days_late
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


def _standing(
    *,
    start: str,
    scores: list[Any],
    up: dict[str, float] | None = None,
    down: dict[str, float] | None = None,
    periods: int | None = None,
    policy: StandingPolicy,
) -> dict[str, Any]:
    inputs.choice("start", start, _STANDINGS)
    policy = _ladder(up or {}, down or {}, periods, policy)
    found = standing.history(
        start=_PHASE_OUT.get(start, start),  # type: ignore[arg-type]
        scores=scores,
        policy=policy,
    )
    words = [month.standing.replace("_", "-") for month in found.months]
    return {"value": words, "hold": [m.hold for m in found.months], "method": found.method}


def _ladder(
    up: dict[str, float], down: dict[str, float], periods: int | None, policy: StandingPolicy
) -> StandingPolicy:
    given: dict[str, Any] = {}
    if periods is not None:
        given["periods"] = inputs.integer("periods", periods, low=1, high=24)
    sides = (
        ("up", up, ("probation", "approved")),
        ("down", down, ("preferred", "approved", "probation")),
    )
    for side, thresholds, known in sides:
        for name, value in _object(side, thresholds).items():
            inputs.choice(f"{side}.{name}", name, known)
            given[f"{side}_from_{name}"] = inputs.number(f"{side}.{name}", value, low=0, high=100)
    return replace(policy, **given)


def _object(path: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        inputs.refuse(path, "not_an_object", "must be an object of numbers by name")
    return value


def _score(
    *,
    scores: dict[str, float | None],
    weights: dict[str, float] | None = None,
    policy: ScorecardPolicy,
) -> dict[str, Any]:
    given = _object("scores", scores)
    if weights is None:
        found = scorecard.supplier_score(given, policy=policy)
    else:
        found = scorecard.weighted(weights=_object("weights", weights), scores=given)
    return pick(found, total="total", coverage="coverage", contributions="contributions")


CALCULATORS = (
    Calculator(
        name="dppm",
        area="scorecard",
        title="Defective parts per million",
        purpose="Confirmed supplier defects and the bound that the quantity supports.",
        formula="10⁶ × defective ÷ received; upper = χ²(0.95; 2x + 2) ÷ 2 ÷ received",
        where="x defective, χ² quantile: the Poisson bound",
        source="Poisson bound; nothing received is no data",
        fields=(
            integer("defective", "Defective", low=0, example=3),
            integer("received", "Received", low=0, example=250000),
        ),
        outputs=("dppm", "upper95_one_sided"),
        compute=_dppm,
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
                note="empty received date: still open",
                columns=(
                    column("due", "Agreed", "date"),
                    column("rec", "Received", "date", required=False),
                    column("ord", "Ordered", "number"),
                    column("got", "Quantity received", "number", required=False),
                ),
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
                single=True,
                columns=(
                    column(0, "Earliest day", "integer", unit="d"),
                    column(1, "Latest day", "integer", unit="d"),
                ),
                note="against the agreed date",
                example=[-5, 0],
            ),
            day("as_of", "As of", required=False, note="needed when a line is open"),
        ),
        outputs=("otd", "otif"),
        compute=_delivery,
        policy=DeliveryPolicy,
        hands_policy=True,
        house_rule="The window is our own.",
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
                note="0 to 100; critical for an event; null for a month without data",
                entry="score",
                example=[84, 86, 83, 86, 87],
            ),
            rows(
                "up",
                "Up at or above",
                table="Thresholds",
                keys=(("probation", "From probation"), ("approved", "From approved")),
                required=False,
                example={"probation": 70, "approved": 85},
            ),
            rows(
                "down",
                "Down below",
                table="Thresholds",
                keys=(
                    ("probation", "From probation"),
                    ("approved", "From approved"),
                    ("preferred", "From preferred"),
                ),
                required=False,
                example={"preferred": 80, "approved": 65, "probation": 45},
            ),
            integer("periods", "Consecutive scores", low=1, high=24, required=False, example=2),
        ),
        outputs=("value",),
        compute=_standing,
        policy=StandingPolicy,
        hands_policy=True,
        house_rule="The ladder, its thresholds and the number of scores are our own.",
    ),
    Calculator(
        name="supplier-score",
        area="scorecard",
        title="Supplier score",
        purpose="One figure over the categories that have data; the coverage stands beside it.",
        formula="Σ w·s ÷ Σ w over the known categories",
        where="w weight, s score of a category",
        source="House weights",
        fields=(
            rows(
                "weights",
                "Weight",
                table="Categories",
                keys=_CATEGORIES,
                required=False,
                default=_WEIGHTS,
                note="0 or more; left out, those of the policy",
                example=_WEIGHTS,
            ),
            rows(
                "scores",
                "Score",
                table="Categories",
                keys=_CATEGORIES,
                note="0 to 100; empty: no data, and not 0",
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
        policy=ScorecardPolicy,
        hands_policy=True,
        house_rule="The weights are our own; a missing category lowers the coverage.",
    ),
)
