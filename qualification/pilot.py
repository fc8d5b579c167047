"""The verdict of a pilot build over all product models: pass, fail or not enough data.

Our own gate built from published methods: exact bounds per model against its floor, and the
stratified difference to the incumbent against the margin. Margin and floors belong to a plan that
is locked before the data are seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from qualification import sample_size
from qualification.house_rules import PilotPolicy
from qualification.proportions import (
    lower_bound,
    score_bound,
    upper_bound,
)
from qualification.strata import Stratum, common_effect, has_failures, risk_difference
from secondsource.core import inputs
from secondsource.core.distributions import binomial_cdf
from secondsource.core.money import allocate
from secondsource.core.provenance import Method

Verdict = Literal["pass", "fail", "not_enough_data"]
PooledMethod = Literal["sato", "farrington_manning", "none"]

DEFAULTS = PilotPolicy()
MOST_MODELS = 200
_FURTHER_UNITS = 10**9


@dataclass(frozen=True, kw_only=True)
class ModelBuild:
    """Pilot and incumbent counts of one product model: good at first pass, and started.

    ``floor`` None means the incumbent's yield less the margin. A model without incumbent units is
    left out of the pooled difference and needs its own floor.
    """

    model: str
    passed: int
    built: int
    incumbent_passed: int = 0
    incumbent_built: int = 0
    floor: float | None = None


@dataclass(frozen=True, kw_only=True)
class ModelVerdict:
    """One model against its floor; bounds are exact, one-sided, each at 1 - alpha.

    ``good_units_to_decide``: further good units without a failure that make the rule pass; None if
    no number is enough.
    """

    model: str
    point: float
    lower: float
    upper: float
    floor: float
    verdict: Verdict
    good_units_to_decide: int | None


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """The stratified difference new minus incumbent and whether it was used."""

    rd: float | None
    lower: float | None
    upper: float | None
    heterogeneity_p: float | None
    used: bool
    method: PooledMethod
    verdict: Verdict | None


@dataclass(frozen=True, kw_only=True)
class PilotVerdict:
    """The verdict with its parts; ``reasons`` are sentences on what is missing."""

    verdict: Verdict
    models: tuple[ModelVerdict, ...]
    pooled: Pooled
    margin: float
    open_ap_high: int
    reasons: tuple[str, ...]
    method: Method


def pilot_verdict(
    models: Sequence[ModelBuild],
    *,
    margin: float = DEFAULTS.margin,
    open_ap_high: int = 0,
    alpha: float = DEFAULTS.alpha,
    heterogeneity_p: float = DEFAULTS.heterogeneity_p,
) -> PilotVerdict:
    """Judge a pilot build of one to 200 product models.

    *Fail*: some model's upper bound lies below its floor, or the pooled difference's upper bound
    below -margin. *Pass*: every model's lower bound reaches its floor, the pooled lower bound
    (where it is used) lies above -margin, and no AP-High row is open. Otherwise *not enough data*.

    The pooled difference is used with one model or when Breslow-Day-Tarone gives at least
    ``heterogeneity_p``. If an arm has no failure, Sato's variance is not usable and the
    Farrington-Manning bounds of the summed counts are used.
    """
    builds = _checked(models, margin)
    open_ap_high = inputs.integer("open_ap_high", open_ap_high, high=100_000)
    alpha = inputs.open_probability("alpha", alpha)
    heterogeneity_p = inputs.probability("heterogeneity_p", heterogeneity_p)
    judged = [_judge(build, alpha) for build in builds]
    pooled = _pool(builds, margin, alpha, heterogeneity_p)
    verdict = _overall(judged, pooled, open_ap_high)
    if verdict == "not_enough_data":
        judged = _with_further(builds, judged, margin, alpha, heterogeneity_p)
    return PilotVerdict(
        verdict=verdict,
        models=tuple(judged),
        pooled=pooled,
        margin=margin,
        open_ap_high=open_ap_high,
        reasons=_reasons(judged, pooled, open_ap_high, margin),
        method=Method(
            name="Floor per model by Clopper-Pearson, pooled difference by Sato 1989",
            libraries=("scipy",),
            design_choice=True,
            confidence=1 - alpha,
            sides=1,
        ),
    )


def _checked(models: Sequence[ModelBuild], margin: float) -> list[ModelBuild]:
    inputs.sequence("models", models, most=MOST_MODELS)
    inputs.number("margin", margin, low=0, below=1)
    names = [inputs.text(f"models.{i}.model", build.model) for i, build in enumerate(models)]
    if len(set(names)) != len(names):
        inputs.refuse("models", "duplicate", "must name each model once")
    return [_checked_one(f"models.{i}", build, margin) for i, build in enumerate(models)]


def _checked_one(field: str, build: ModelBuild, margin: float) -> ModelBuild:
    inputs.integer(f"{field}.built", build.built, low=1)
    inputs.integer(f"{field}.passed", build.passed, high=build.built)
    inputs.integer(f"{field}.incumbent_built", build.incumbent_built)
    inputs.integer(f"{field}.incumbent_passed", build.incumbent_passed, high=build.incumbent_built)
    floor = build.floor
    if floor is None:
        if not build.incumbent_built:
            inputs.refuse(f"{field}.floor", "missing", "must be given when there is no incumbent")
        floor = max(0.0, build.incumbent_passed / build.incumbent_built - margin)
    return replace(build, floor=inputs.number(f"{field}.floor", floor, low=0, below=1))


def _judge(build: ModelBuild, alpha: float) -> ModelVerdict:
    floor = build.floor or 0.0
    lower = lower_bound(build.passed, build.built, alpha)
    upper = upper_bound(build.passed, build.built, alpha)
    verdict: Verdict = "pass" if lower >= floor else "fail" if upper < floor else "not_enough_data"
    return ModelVerdict(
        model=build.model,
        point=build.passed / build.built,
        lower=lower,
        upper=upper,
        floor=floor,
        verdict=verdict,
        good_units_to_decide=_own_need(build, alpha) if verdict == "not_enough_data" else 0,
    )


def _own_need(build: ModelBuild, alpha: float) -> int | None:
    """The fewest further good units that raise the exact lower bound to the floor."""
    floor, failed = build.floor or 0.0, build.built - build.passed
    units = sample_size.first_true(
        lambda n: binomial_cdf(failed, n, 1 - floor) <= alpha, build.built, _FURTHER_UNITS
    )
    return None if units is None else units - build.built


def _pool(builds: Sequence[ModelBuild], margin: float, alpha: float, least_p: float) -> Pooled:
    strata = [_stratum(build) for build in builds if build.incumbent_built]
    if not strata:
        return Pooled(
            rd=None,
            lower=None,
            upper=None,
            heterogeneity_p=None,
            used=False,
            method="none",
            verdict=None,
        )
    p = common_effect(strata).p_homogeneity
    used = len(builds) == 1 or p is None or p >= least_p
    method, rd, lower, upper = _bounds(strata, alpha)
    verdict: Verdict = (
        "pass" if lower > -margin else "fail" if upper < -margin else "not_enough_data"
    )
    return Pooled(
        rd=rd,
        lower=lower,
        upper=upper,
        heterogeneity_p=p,
        used=used,
        method=method,
        verdict=verdict,
    )


def _bounds(strata: Sequence[Stratum], alpha: float) -> tuple[PooledMethod, float, float, float]:
    if has_failures(strata):
        sato = risk_difference(strata, alpha=alpha)
        assert sato.lower is not None
        assert sato.upper is not None
        return "sato", sato.difference, sato.lower, sato.upper
    x1, n1 = sum(s.new_pass for s in strata), sum(s.new for s in strata)
    x2, n2 = sum(s.incumbent_pass for s in strata), sum(s.incumbent for s in strata)
    lower = score_bound(x1, n1, x2, n2, tail=alpha, side=-1)
    upper = score_bound(x1, n1, x2, n2, tail=alpha, side=1)
    return "farrington_manning", x1 / n1 - x2 / n2, lower, upper


def _stratum(build: ModelBuild) -> Stratum:
    return Stratum(
        build.passed,
        build.built - build.passed,
        build.incumbent_passed,
        build.incumbent_built - build.incumbent_passed,
    )


def _overall(models: Sequence[ModelVerdict], pooled: Pooled, open_ap_high: int) -> Verdict:
    verdicts = {model.verdict for model in models}
    if pooled.used and pooled.verdict:
        verdicts.add(pooled.verdict)
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts == {"pass"} and not open_ap_high else "not_enough_data"


def _with_further(
    builds: Sequence[ModelBuild],
    judged: Sequence[ModelVerdict],
    margin: float,
    alpha: float,
    least_p: float,
) -> list[ModelVerdict]:
    """Per model, the further good units that make floors and pooled difference pass together.

    The need of each model comes first. Units that the pooled difference needs in addition are
    divided over the models that it is made of, in proportion to the units built.
    """
    if any(model.good_units_to_decide is None for model in judged):
        return list(judged)
    own = [model.good_units_to_decide or 0 for model in judged]
    sizes = [build.built if build.incumbent_built else 0 for build in builds]

    def spread(extra: int) -> list[int]:
        if not extra:
            return own
        more = allocate(Decimal(extra), sizes, places=0)
        return [need + int(part) for need, part in zip(own, more, strict=True)]

    def passes(extra: int) -> bool:
        grown = [_grown(b, k) for b, k in zip(builds, spread(extra), strict=True)]
        pooled = _pool(grown, margin, alpha, least_p)
        return not pooled.used or pooled.verdict in ("pass", None)

    extra = sample_size.first_true(passes, 0, _FURTHER_UNITS)
    needs: Sequence[int | None] = [None] * len(own) if extra is None else spread(extra)
    return [
        replace(model, good_units_to_decide=need) for model, need in zip(judged, needs, strict=True)
    ]


def _grown(build: ModelBuild, units: int) -> ModelBuild:
    return replace(build, passed=build.passed + units, built=build.built + units)


def _reasons(
    models: Sequence[ModelVerdict], pooled: Pooled, open_ap_high: int, margin: float
) -> tuple[str, ...]:
    reasons = [_model_reason(model) for model in models if model.verdict != "pass"]
    if pooled.used and pooled.verdict == "fail":
        reasons.append(
            f"The difference to the incumbent is worse than {_points(margin)} for certain."
        )
    if pooled.used and pooled.verdict == "not_enough_data":
        limit = _points(margin)
        reasons.append(f"The difference to the incumbent is not yet shown to be above {limit}.")
    if not pooled.used and pooled.method != "none":
        reasons.append("The models differ too much to be pooled: each decides by its own floor.")
    if pooled.method == "farrington_manning":
        reasons.append("An arm has no failure: Farrington-Manning on the summed counts is used.")
    if open_ap_high:
        reasons.append(f"{open_ap_high} failure mode(s) of action priority High are open.")
    return tuple(reasons)


def _model_reason(model: ModelVerdict) -> str:
    floor = f"{100 * model.floor:.4g}\u202f%"
    if model.verdict == "fail":
        return f"{model.model}: the yield is below its floor of {floor} for certain."
    return f"{model.model}: the yield is not yet shown to reach its floor of {floor}."


def _points(margin: float) -> str:
    """A margin as the worst difference it allows, in percentage points."""
    return f"\u2212{100 * margin:.4g} points"
