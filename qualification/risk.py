"""Supply risk of a part: its factors, the composite score, the band and the risk matrix.

Weights, bands and the mapping of each factor to 0 (best) to 100 (worst) are our own and adjustable.
Missing factors do not count as 0: the weights are renormalised, the coverage is shown, and a part
with a coverage below 0.7 is not rated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Literal

from qualification.house_rules import RiskPolicy
from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.independence import LevelConcentration
from suppliers.scorecard import weighted

Band = Literal["low", "medium", "high", "not rated"]
Likelihood = Literal["rare", "unlikely", "possible", "likely", "very likely"]
DEFAULTS = RiskPolicy()
FACTORS = ("concentration", "exposure", "lifecycle", "lead_time", "quality", "geo", "esg")
CONCENTRATION_LEVELS = ("supplier", "fab", "assembly", "country")


@dataclass(frozen=True, kw_only=True)
class CompositeRisk:
    """``score`` is None and the band "not rated" below the least coverage (a veto still shows).

    ``contributions`` are points of the score by factor; ``veto``: the band is high because of a
    single source with a discontinuance notice.
    """

    score: float | None
    band: Band
    coverage: float
    contributions: dict[str, float]
    veto: bool
    method: Method


@dataclass(frozen=True, kw_only=True)
class RecoverySite:
    """A site of a source: its activity, and its own weeks to recover if known."""

    name: str
    activity: str
    own_wk: float | None


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """Weeks until a source recovers: those of ``site``, else the default of a ``kind`` of site."""

    weeks: float
    site: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """Impact 1 to 5 by yearly revenue at stake and likelihood word; None where not rated."""

    impact: int | None
    likelihood: Likelihood | None
    score_without_exposure: float | None


def composite(
    scores: Mapping[str, float | None],
    *,
    weights: Mapping[str, float] | None = None,
    single_source: bool = False,
    notice_issued: bool = False,
    policy: RiskPolicy = DEFAULTS,
) -> CompositeRisk:
    """Σ w·s over the known factors, each 0 to 100, 100 = worst.

    Bands: below 30 low, below 60 medium, else high. A single source with a discontinuance notice is
    always high.
    """
    used = weights if weights is not None else policy_weights(policy)
    total = weighted(weights=used, scores=scores)
    veto = inputs.flag("single_source", single_source) & inputs.flag("pdn_issued", notice_issued)
    rated = total.total is not None and total.coverage >= policy.least_coverage - 1e-12
    score = total.total if rated else None
    return CompositeRisk(
        score=score,
        band="high" if veto else _band(score, policy),
        coverage=total.coverage,
        contributions=total.contributions,
        veto=veto,
        method=Method(name="Weighted sum, renormalised over known factors", design_choice=True),
    )


def policy_weights(policy: RiskPolicy = DEFAULTS) -> dict[str, float]:
    """The weights of a policy by factor."""
    return {name: float(getattr(policy, name)) for name in FACTORS}


def concentration_factor(found: LevelConcentration | None) -> float | None:
    """Worst HHI ÷ 100 over supplier, fab, assembly and country of the counting sources."""
    if found is None:
        return None
    return max(found.levels[level] for level in CONCENTRATION_LEVELS if level in found.levels) / 100


def exposure_factor(impact: Decimal | None, *, policy: RiskPolicy = DEFAULTS) -> float | None:
    """min(100, 100 × impact ÷ reference); None when the impact is unknown.

    The reference is part of the policy, so that a change of one part does not move the others.
    """
    if impact is None:
        return None
    value = inputs.decimal("impact", impact, low=0)
    return float(min(Decimal(100), 100 * value / policy.exposure_reference))


def lead_time_factor(p90_days: float | None, *, policy: RiskPolicy = DEFAULTS) -> float | None:
    """0 up to 28 days, 100 from 182 days on, linear between; None when unknown."""
    if p90_days is None:
        return None
    days = inputs.number("p90_days", p90_days, low=0, high=3650)
    low, high = policy.lead_time_zero_days, policy.lead_time_full_days
    return min(100.0, max(0.0, 100 * (days - low) / (high - low)))


def quality_factor(shares: Sequence[tuple[float, float | None]]) -> float | None:
    """100 - the share-weighted supplier quality and delivery score, over (share, score) pairs.

    Pairs without a score drop out; None when none has one.
    """
    known = [(share, score) for share, score in shares if score is not None and share > 0]
    whole = sum(share for share, _ in known)
    if not whole:
        return None
    return 100 - sum(share * score for share, score in known) / whole


def geopolitics_factor(sites: Sequence[Sequence[float]]) -> float | None:
    """(2.5 - mean of the six governance estimates) ÷ 5 × 100 of the worst site's country.

    One sequence of World Bank estimates (-2.5 to 2.5) a site; None without any.
    """
    if not sites:
        return None
    means = [
        fmean(inputs.number(f"sites.{i}.{j}", e, low=-3, high=3) for j, e in enumerate(estimates))
        for i, estimates in enumerate(sites)
    ]
    return min(100.0, max(0.0, (2.5 - min(means)) / 5 * 100))


def esg_factor(score: float | None, *, sole_source: bool) -> float | None:
    """100 - ESG score; without valid evidence 100 for a sole source, else missing."""
    if score is None:
        return 100.0 if sole_source else None
    return 100 - inputs.number("score", score, low=0, high=100)


def time_to_recover_wk(
    *, activity: str, own: float | None, policy: RiskPolicy = DEFAULTS
) -> tuple[float, bool]:
    """A site's weeks to recover, and whether they are the default of its activity."""
    word = inputs.choice("activity", activity, ("fab", "assembly", "test", "warehouse"))
    if own is not None:
        return inputs.number("own", own, low=0, high=520), False
    return float(getattr(policy, f"recover_{word}_wk")), True


def recovery(
    sites: Sequence[RecoverySite], *, made_in: str, policy: RiskPolicy = DEFAULTS
) -> Recovery:
    """The time a source takes to recover: its sites' own figures, else a default.

    The slowest stated site decides. Without one it is the default of the slowest kind of site on
    record, else that of ``made_in``, the kind of plant that makes such parts.
    """
    stated = [(one.own_wk, one.name) for one in sites if one.own_wk is not None]
    if stated:
        weeks, name = max(stated)
        return Recovery(weeks=weeks, site=name)
    kinds = {one.activity for one in sites if one.activity in ("fab", "assembly", "test")}
    if made_in != "fab" and "fab" in kinds:
        kinds = kinds - {"fab"} | {made_in}
    defaults = {
        kind: time_to_recover_wk(activity=kind, own=None, policy=policy)[0]
        for kind in sorted(kinds or {made_in})
    }
    slowest = max(defaults, key=lambda kind: defaults[kind])
    return Recovery(weeks=defaults[slowest], kind=slowest)


def matrix_cell(
    scores: Mapping[str, float | None],
    *,
    revenue_at_stake: Decimal | None,
    policy: RiskPolicy = DEFAULTS,
) -> MatrixCell:
    """Place a part: impact from the yearly revenue at stake, likelihood from the other factors."""
    others = {name: score for name, score in scores.items() if name != "exposure"}
    weights = {n: w for n, w in policy_weights(policy).items() if n != "exposure"}
    total = weighted(weights=weights, scores=others)
    rated = total.total is not None and total.coverage >= policy.least_coverage - 1e-12
    score = total.total if rated else None
    return MatrixCell(
        impact=None if revenue_at_stake is None else _impact(revenue_at_stake, policy),
        likelihood=None if score is None else _likelihood(score, policy),
        score_without_exposure=score,
    )


def _band(score: float | None, policy: RiskPolicy) -> Band:
    if score is None:
        return "not rated"
    return "low" if score < policy.medium_from else "medium" if score < policy.high_from else "high"


def _impact(revenue: Decimal, policy: RiskPolicy) -> int:
    value = inputs.decimal("revenue_at_stake", revenue, low=0)
    steps = (
        policy.impact_2_from,
        policy.impact_3_from,
        policy.impact_4_from,
        policy.impact_5_from,
    )
    return 1 + sum(value >= step for step in steps)


def _likelihood(score: float, policy: RiskPolicy) -> Likelihood:
    if score < policy.unlikely_from:
        return "rare"
    if score < policy.possible_from:
        return "unlikely"
    if score < policy.likely_from:
        return "possible"
    return "likely" if score < policy.very_likely_from else "very likely"
