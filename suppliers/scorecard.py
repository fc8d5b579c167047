"""Measures and score of a supplier. Missing data count neither as 0 nor as 100.

The formulas of delivery, defects and lots are usual in the trade; the categories, weights and the
on-time window are our own and adjustable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from secondsource.core import inputs
from secondsource.core.distributions import chi_square_quantile
from secondsource.core.provenance import Method
from suppliers.house_rules import DeliveryPolicy, ScorecardPolicy

DELIVERY = DeliveryPolicy()
WEIGHTS = ScorecardPolicy()
LOT_METHOD = Method(name="Lots accepted ÷ lots inspected")
CATEGORIES = ("quality", "delivery", "cost", "response", "technology", "esg")


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """An order line: first confirmed date, receipt date (None = open), ordered and received
    units.
    """

    due: date
    received: date | None
    ordered_qty: float
    received_qty: float
    correct: bool = True
    undamaged: bool = True


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """On time, and on time in full, as fractions of the lines that were due; None without any."""

    otd: float | None
    otif: float | None
    due_lines: int
    on_time: int
    in_full: int
    method: Method


@dataclass(frozen=True, kw_only=True)
class DefectRate:
    """Defective parts per million with the one-sided upper bound; None when nothing was
    received.
    """

    dppm: float | None
    upper: float | None
    received: int
    enough: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class WeightedScore:
    """A weighted score over the known parts; ``coverage`` is their weight.

    ``contributions`` sum to the total, which is None without known parts.
    """

    total: float | None
    coverage: float
    contributions: dict[str, float]
    method: Method


def delivery(
    lines: Sequence[DeliveryLine],
    *,
    days_early: int = DELIVERY.days_early,
    days_late: int = DELIVERY.days_late,
    as_of: date | None = None,
) -> Delivery:
    """On-time delivery against the agreed date, inside ``[days_early, days_late]``.

    An open line past its window on ``as_of`` is late, an open one that is not due does not count;
    later receipts are ignored. OTIF also requires the full quantity, correct and undamaged.
    """
    inputs.sequence("lines", lines, least=0, most=inputs.MAX_SERIES)
    early = inputs.integer("window_days.0", days_early, low=-365, high=365)
    late = inputs.integer("window_days.1", days_late, low=-365, high=365)
    if early > late:
        inputs.refuse("window_days", "limit_order", "must be [earliest, latest] in this order")
    due = [line for place, line in enumerate(lines) if _is_due(f"lines.{place}", line, late, as_of)]
    on_time = [line for line in due if _on_time(line, early, late, as_of)]
    full = [line for line in on_time if _in_full(line)]
    return Delivery(
        otd=len(on_time) / len(due) if due else None,
        otif=len(full) / len(due) if due else None,
        due_lines=len(due),
        on_time=len(on_time),
        in_full=len(full),
        method=Method(name="Lines on time ÷ lines due", design_choice=True),
    )


def defect_rate(*, defective: int, received: int, confidence: float = 0.95) -> DefectRate:
    """Confirmed supplier-caused defects a million, with the Poisson bound χ²(C; 2x + 2) ÷ 2.

    ``received`` 0 is "no data"; ``defective`` from 0 to received.
    """
    received = inputs.integer("received", received, high=10**12)
    defective = inputs.integer("defective", defective, high=received)
    confidence = inputs.open_probability("confidence", confidence)
    method = Method(
        name="Poisson upper bound by chi-square",
        libraries=("scipy",),
        confidence=confidence,
        sides=1,
    )
    if received == 0:
        return DefectRate(dppm=None, upper=None, received=0, enough=False, method=method)
    bound = chi_square_quantile(confidence, 2 * defective + 2) / 2
    return DefectRate(
        dppm=1e6 * defective / received,
        upper=min(1e6, 1e6 * bound / received),
        received=received,
        enough=True,
        method=method,
    )


def lot_acceptance(*, accepted: int, inspected: int) -> float | None:
    """Accepted lots in per cent of the inspected ones; None when none was inspected."""
    inspected = inputs.integer("inspected", inspected)
    accepted = inputs.integer("accepted", accepted, high=inspected)
    return 100 * accepted / inspected if inspected else None


def price_competitiveness(*, best_tco: Decimal, tco: Decimal) -> float:
    """Best qualified total cost ÷ this supplier's × 100, at most 100; both above 0, one
    currency.
    """
    best = inputs.decimal("best_tco", best_tco, above=0)
    own = inputs.decimal("tco", tco, above=0)
    return float(min(Decimal(100), 100 * best / own))


def quality_category(
    *,
    dppm: float | None,
    lot_acceptance_pct: float | None,
    repeated_scars: int | None,
    policy: ScorecardPolicy = WEIGHTS,
) -> float | None:
    """Quality 0 to 100 from DPPM (logarithmic), lot acceptance and repeated corrective actions.

    Missing parts are left out of the weights; None without any.
    """
    parts = {
        "dppm": None if dppm is None else _dppm_points(dppm, policy),
        "lar": lot_acceptance_pct,
        "scar": None
        if repeated_scars is None
        else max(0.0, 100.0 - policy.points_per_repeat_scar * repeated_scars),
    }
    weights = {
        "dppm": policy.dppm_weight,
        "lar": policy.lar_weight,
        "scar": policy.scar_weight,
    }
    return weighted(weights=weights, scores=parts).total


def delivery_category(
    *, otd: float | None, otif: float | None, policy: ScorecardPolicy = WEIGHTS
) -> float | None:
    """Delivery 0 to 100 from the two fractions; None when both are missing."""
    scores = {
        "otd": None if otd is None else 100 * otd,
        "otif": None if otif is None else 100 * otif,
    }
    return weighted(
        weights={"otd": policy.otd_weight, "otif": policy.otif_weight}, scores=scores
    ).total


def supplier_score(
    scores: Mapping[str, float | None], *, policy: ScorecardPolicy = WEIGHTS
) -> WeightedScore:
    """The supplier score from its six categories, with the policy's weights."""
    weights = {name: float(getattr(policy, name)) for name in CATEGORIES}
    return weighted(weights=weights, scores=scores)


def weighted(*, weights: Mapping[str, float], scores: Mapping[str, float | None]) -> WeightedScore:
    """Σ w·s over the known scores, weights renormalised; scores 0 to 100 or None for missing.

    Weights are 0 or more and not all 0; a score without a weight is refused.
    """
    checked = {
        name: inputs.number(f"weights.{name}", w, low=0, high=1000) for name, w in weights.items()
    }
    whole = math.fsum(checked.values())
    if whole == 0:
        inputs.refuse("weights", "all_zero", "must hold at least one weight above 0")
    known = {}
    for name, score in scores.items():
        if name not in checked:
            inputs.refuse(f"scores.{name}", "unknown", "must be one of " + ", ".join(checked))
        if score is not None:
            known[name] = inputs.number(f"scores.{name}", score, low=0, high=100)
    part = math.fsum(checked[name] for name in known)
    contributions = {n: checked[n] * s / part for n, s in known.items()} if part else {}
    return WeightedScore(
        total=math.fsum(contributions.values()) if part else None,
        coverage=part / whole,
        contributions=contributions,
        method=Method(name="Weighted sum, renormalised over known scores", design_choice=True),
    )


def _is_due(field: str, line: DeliveryLine, late: int, as_of: date | None) -> bool:
    ordered = inputs.number(f"{field}.ordered_qty", line.ordered_qty, above=0)
    inputs.number(f"{field}.received_qty", line.received_qty, low=0, high=1000 * ordered)
    if line.received is not None and (as_of is None or line.received <= as_of):
        return True
    if as_of is None:
        inputs.refuse("as_of", "missing", "must be given when a line is open")
    return line.due + timedelta(days=late) < as_of


def _on_time(line: DeliveryLine, early: int, late: int, as_of: date | None) -> bool:
    if line.received is None or (as_of is not None and line.received > as_of):
        return False
    return early <= (line.received - line.due).days <= late


def _in_full(line: DeliveryLine) -> bool:
    return line.received_qty >= line.ordered_qty and line.correct and line.undamaged


def _dppm_points(dppm: float, policy: ScorecardPolicy) -> float:
    rate = inputs.number("dppm", dppm, low=0, high=1e6)
    return max(0.0, 100 * (1 - math.log10(1 + rate) / policy.dppm_decades_to_zero))
