"""Calculators of supplier measures and standing, carbon, distance and audits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import (
    Calculator,
    Values,
    in_area,
    judged,
    says,
)
from secondsource.workspace.calculators.output import figure, pct, shown, unit
from suppliers import carbon, distance, esg, scorecard, standing
from suppliers.house_rules import DeliveryPolicy, ScorecardPolicy, StandingPolicy

_STANDINGS = ("preferred", "approved", "probation", "phase-out", "disqualified")
_WEIGHTS = {name: float(getattr(scorecard.WEIGHTS, name)) for name in scorecard.CATEGORIES}
_CATEGORIES = {name: "ESG" if name == "esg" else name.capitalize() for name in scorecard.CATEGORIES}
_PLACE = (field.number("0", "Latitude", unit="°"), field.number("1", "Longitude", unit="°"))
_DOWN = {name: f"From {name}" for name in ("preferred", "approved", "probation")}
_UP = {name: _DOWN[name] for name in ("approved", "probation")}


def _delivery(
    *, policy: DeliveryPolicy, window_days: Any = None, **given: Any
) -> scorecard.Delivery:
    early, late = policy.days_early, policy.days_late
    if window_days is not None:
        early, late = inputs.sequence("window_days", window_days, least=2, most=2)
    return scorecard.delivery(**given, days_early=early, days_late=late)


def _standing(
    *, start: str, scores: Any, policy: StandingPolicy, periods: Any = None, **thresholds: Any
) -> Values:
    inputs.choice("start", start, _STANDINGS)
    given: dict[str, Any] = {}
    if periods is not None:
        given["periods"] = inputs.integer("periods", periods, low=1, high=24)
    for side, known in (("up", _UP), ("down", _DOWN)):
        for name, value in thresholds.get(side, {}).items():
            inputs.choice(f"{side}.{name}", name, known)
            value = inputs.number(f"{side}.{name}", value, low=0, high=100)
            given[f"{side}_from_{name}"] = value
    now: Any = start.replace("-", "_")
    found = standing.history(start=now, scores=scores, policy=replace(policy, **given))
    words = [month.standing.replace("_", "-") for month in found.months]
    return {"value": words, "hold": [m.hold for m in found.months], "method": found.method}


def _moved(known: Values) -> str:
    words = known["value"]
    moved = next((n for n, word in enumerate(words, 1) if word != known["start"]), None)
    when = f"first moved in month {moved}" if moved else "not moved"
    hold = " Orders are on hold." if known["hold"][-1] else ""
    return f"{words[-1].capitalize()} after {output.many(len(words), 'month')}, {when}.{hold}"


def _score(*, scores: Any, policy: ScorecardPolicy, weights: Any = None) -> scorecard.WeightedScore:
    if weights is None:
        return scorecard.supplier_score(scores, policy=policy)
    return scorecard.weighted(weights=weights, scores=scores)


CALCULATORS = in_area(
    "scorecard",
    Calculator(
        "dppm", "Defective parts per million",
        "Confirmed supplier defects and the bound that the quantity supports.",
        formula="10⁶ × defective ÷ received; upper = χ²(0.95; 2x + 2) ÷ 2 ÷ received",
        where="x defective, χ² quantile: the Poisson bound",
        source="Poisson bound; nothing received is no data",
        inputs=(field.integer("defective", "Defective", 3, low=0),
                field.integer("received", "Received", 250000, low=0)),
        outputs=shown(dppm=figure("Defective a million"),
                      upper95_one_sided=figure("Upper bound, one-sided 95 %", "upper"),
                      enough=output.yes_no("Enough data")),
        compute=scorecard.defect_rate,
        says=says("No data: nothing was received, which is not 0 defects.", "warn", enough=False)
        .otherwise("No defect among {received}: with 95 % one-sided confidence not above "
                   "{upper95_one_sided} a million.",
                   note="The bound is all that the quantity shows; no defect is not 0 a million.",
                   defective=0)
        .otherwise("{dppm} defective a million; with 95 % one-sided confidence not above "
                   "{upper95_one_sided}."),
    ),
    Calculator(
        "lot-acceptance", "Lot acceptance rate", "Lots accepted at incoming inspection.",
        formula="100 × accepted ÷ inspected", source="Trade practice",
        inputs=(field.integer("accepted", "Accepted lots", 47, low=0),
                field.integer("inspected", "Inspected lots", 50, low=0)),
        outputs=shown(lar_pct=unit("%", "Lots accepted")),
        compute=scorecard.lot_acceptance, method=scorecard.LOT_METHOD,
        says=says("No data: no lot was inspected.", "warn", lar_pct=None)
        .otherwise("{lar_pct} of {inspected:lot} were accepted."),
    ),
    Calculator(
        "otd-otif", "On time, and on time in full",
        "Order lines inside the agreed window; open past-due lines count as late.",
        formula="lines on time ÷ lines due; OTIF also full, correct and undamaged",
        source="House window of -5 to 0 days against the first confirmed date",
        inputs=(field.rows(
                    "lines", "Lines",
                    [{"due": "2026-01-10", "rec": "2026-01-10", "ord": 100, "got": 100},
                     {"due": "2026-01-12", "rec": "2026-01-09", "ord": 50, "got": 45}],
                    of=scorecard.DeliveryLine, most=inputs.MAX_SERIES,
                    note="empty received date: still open",
                    columns=(field.day("due", "Agreed"),
                             field.day("rec", "Received", argument="received", optional=True),
                             field.number("ord", "Ordered", argument="ordered_qty"),
                             field.number("got", "Quantity received", argument="received_qty",
                                          default=0),
                             field.flag("correct", "Correct", default=True),
                             field.flag("undamaged", "Undamaged", default=True))),
                field.record("window_days", "Window", [-5, 0], default=[-5, 0],
                             note="against the agreed date",
                             columns=(field.integer("0", "Earliest day", unit="d"),
                                      field.integer("1", "Latest day", unit="d"))),
                field.day("as_of", "As of", optional=True, note="needed when a line is open")),
        outputs=shown(otd=pct("On time"), otif=pct("On time and in full"),
                      due_lines=output.whole("Lines due")),
        compute=_delivery, policy=DeliveryPolicy, house_rule="The window is our own.",
        says=says("No data: no line is due yet.", "warn", otd=None)
        .otherwise("{otd} of {due_lines:line} on time, {otif} on time and in full.",
                   note="Open lines past their date count as late."),
    ),
    Calculator(
        "standing", "Supplier standing",
        "How a standing moves over monthly scores; never on a single one.",
        formula="a move needs two consecutive scores past the threshold; critical is at once",
        source="House rule: dead band with consecutive scores",
        inputs=(field.choice("start", "Standing now", "approved", choices=_STANDINGS),
                field.listed("scores", "Monthly scores", [84, 86, 83, 86, 87], entry="score",
                             note="0 to 100; critical for an event; null for a month without data"),
                field.by_name("up", "Up at or above", _UP, {"approved": 85, "probation": 70},
                              optional=True),
                field.by_name("down", "Down below", _DOWN, optional=True,
                              example={"preferred": 80, "approved": 65, "probation": 45}),
                field.integer("periods", "Consecutive scores", 2, low=1, high=24, optional=True)),
        outputs=shown(value=output.word("Standing", per="scores"),
                      hold=output.yes_no("Orders on hold", per="scores")),
        compute=_standing, policy=StandingPolicy,
        house_rule="The ladder, its thresholds and the number of scores are our own.",
        says=says(_moved, "bad", hold=lambda months: months[-1])
        .otherwise(_moved, "bad",
                   value=lambda words: words[-1] in ("phase-out", "disqualified"))
        .otherwise(_moved, "warn", value=lambda words: words[-1] == "probation")
        .otherwise(_moved),
    ),
    Calculator(
        "supplier-score", "Supplier score",
        "One figure over the categories that have data; the coverage is shown beside it.",
        formula="Σ w·s ÷ Σ w over the known categories", where="w weight, s score of a category",
        source="House weights",
        inputs=(field.by_name("scores", "Score", _CATEGORIES,
                              {"quality": 92, "delivery": 85, "cost": 78, "response": 90,
                               "technology": 70, "esg": 60},
                              note="0 to 100; empty: no data, and not 0"),
                field.by_name("weights", "Weight", _CATEGORIES, _WEIGHTS, default=_WEIGHTS,
                              note="0 or more; left out, those of the policy")),
        outputs=shown(total=figure("Score"), coverage=pct("Known part of the weights"),
                      contributions=figure("Points", per="scores")),
        compute=_score, policy=ScorecardPolicy,
        house_rule="The weights are our own; a missing category lowers the coverage.",
        says=says("No data: no category has a score.", "warn", total=None)
        .otherwise("{total} of 100.", coverage=lambda known: known > 0.999)
        .otherwise("{total} of 100, from {coverage} of the weights. The missing categories are "
                   "left out, not 0."),
    ),
    Calculator(
        "freight", "Freight emissions",
        "kg CO₂e of a consignment by leg; direct or with the fuel's upstream part.",
        formula="Σ t × km × factor",
        where="t mass in tonnes, km of the leg, factor in kg CO₂e per tonne-kilometre by mode and "
        "scope", source=f"{carbon.PUBLISHER} {carbon.YEAR} (UK fleets, Open Government Licence); "
        "ISO 14083:2023",
        inputs=(field.number("mass_t", "Mass", 2.5, unit="t", above=0),
                field.rows("legs", "Legs", [{"mode": "sea", "km": 18500},
                                            {"mode": "road", "km": 320}], of=carbon.Leg,
                           columns=(field.choice("mode", "Mode", choices=tuple(carbon.FACTORS)),
                                    field.number("km", "Distance", unit="km"))),
                field.choice("scope", "Scope", choices=("ttw", "wtw"), default="ttw"),
                field.flag("radiative_forcing", "Radiative forcing of air", default=True)),
        outputs=shown(kg=unit("kg CO₂e", "Emissions"), scope=output.word("Scope"),
                      legs_kg=unit("kg CO₂e", "Emissions", per="legs")),
        compute=carbon.freight, says=says("{kg}, {scope}."),
    ),
    Calculator(
        "haversine", "Great-circle distance",
        "Distance between two places over the Earth's surface.",
        formula="2R·asin√(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), R = 6371.0088 km",
        where="φ latitude, λ longitude, R mean radius of the Earth", source="Haversine formula",
        inputs=(field.record("a", "From", [22.5431, 114.0579], columns=_PLACE),
                field.record("b", "To", [20.6597, -103.3496], columns=_PLACE)),
        outputs=shown(km=unit("km", "Distance")),
        compute=distance.great_circle_km, method=distance.METHOD,
        says=says("{km} over the Earth's surface."),
    ),
    Calculator(
        "pcf", "Footprint of a unit",
        "The supplier's cradle-to-gate figure plus inbound transport.",
        formula="supplier's kg + freight kg ÷ units",
        source="ISO 14067:2018, boundary cradle-to-gate; GHG Protocol product standard, 2011",
        inputs=(field.number("pcf_supplier_kg", "Supplier's footprint a unit", 0.85, low=0,
                             argument="supplier_kg", unit="kg CO₂e"),
                field.number("freight_kg_total", "Freight in all", 500, unit="kg CO₂e", low=0),
                field.integer("units", "Units", 20000, low=1)),
        outputs=shown(kg_per_unit=unit("kg CO₂e", "Footprint of a unit")),
        compute=carbon.footprint, method=carbon.FOOTPRINT_METHOD,
        says=says("{kg_per_unit} a unit on our dock."),
    ),
    Calculator(
        "rba-recognition", "RBA VAP recognition",
        "What a formal audit is worth, by score and closed findings.",
        formula="platinum 200 and all closed; gold ≥ 180, priority and major; silver ≥ 160",
        source=esg.RBA_METHOD.standard,
        inputs=(field.rows("rows", "Audits", [{"score": 185, "priority_closed": True}], of=dict,
                           columns=(field.number("score", "Score", low=0, high=200),
                                    field.flag("priority_closed", "Priority closed", default=False),
                                    field.flag("major_closed", "Major closed", default=False),
                                    field.flag("all_closed", "All closed", default=False))),),
        outputs=shown(value=output.word("Recognition", per="rows")),
        compute=lambda rows: [esg.rba_recognition(**row) for row in rows],
        method=esg.RBA_METHOD, says=judged("platinum"),
    ),
)  # fmt: skip
