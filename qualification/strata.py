"""Yields of several product models as strata: common effect, heterogeneity, difference.

A stratum is [[new good, new failed], [incumbent good, incumbent failed]]. Pooled counts mislead
when models differ (Simpson's paradox), so differences are computed within each model first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.distributions import chi_square_upper_tail, normal_quantile
from secondsource.core.provenance import Method


@dataclass(frozen=True)
class Stratum:
    """Counts of one product model."""

    new_pass: int
    new_fail: int
    incumbent_pass: int
    incumbent_fail: int

    @property
    def new(self) -> int:
        """Units built with the new source."""
        return self.new_pass + self.new_fail

    @property
    def incumbent(self) -> int:
        """Units built with the incumbent."""
        return self.incumbent_pass + self.incumbent_fail

    @property
    def total(self) -> int:
        """All units of the model."""
        return self.new + self.incumbent


@dataclass(frozen=True, kw_only=True)
class CommonEffect:
    """Cochran-Mantel-Haenszel tests and the Breslow-Day test with Tarone's correction.

    Values are None where the strata contain no information: no failure, or for the homogeneity test
    one informative stratum only. ``informative`` counts the strata with information.
    """

    chi2: float | None
    p: float | None
    chi2_corrected: float | None
    p_corrected: float | None
    odds_ratio: float | None
    breslow_day_tarone: float | None
    p_homogeneity: float | None
    informative: int
    method: Method


@dataclass(frozen=True, kw_only=True)
class RiskDifference:
    """New minus incumbent within strata, with Sato's standard error and one-sided bounds.

    ``lower`` and ``upper`` are None where an arm has no failure in any stratum, because the
    variance is then not usable. ``noninferior`` is None without a margin or without bounds.
    """

    crude: float
    difference: float
    standard_error: float
    lower: float | None
    upper: float | None
    noninferior: bool | None
    strata_used: int
    method: Method


def stratum(field: str, counts: Sequence[Sequence[int]]) -> Stratum:
    """Read and check one 2 x 2 table of counts."""
    rows = inputs.sequence(field, counts, least=2, most=2)
    cells = [
        inputs.integer(f"{field}.{i}.{j}", cell)
        for i, row in enumerate(rows)
        for j, cell in enumerate(inputs.sequence(f"{field}.{i}", row, least=2, most=2))
    ]
    return Stratum(*cells)


def common_effect(strata: Sequence[Stratum]) -> CommonEffect:
    """Test for a common effect over the models and for its sameness.

    A stratum with an empty row or column (an empty arm, or no failure at all) carries no
    information and drops out.
    """
    told = [s for s in strata if _informative(s)]
    method = Method(name="Cochran-Mantel-Haenszel, Breslow-Day with Tarone", libraries=("scipy",))
    if not told:
        return CommonEffect(
            chi2=None,
            p=None,
            chi2_corrected=None,
            p_corrected=None,
            odds_ratio=None,
            breslow_day_tarone=None,
            p_homogeneity=None,
            informative=0,
            method=method,
        )
    gap = math.fsum(s.new_pass - _expected(s, 1.0) for s in told)
    variance = math.fsum(_null_variance(s) for s in told)
    chi2, corrected = gap**2 / variance, max(0.0, abs(gap) - 0.5) ** 2 / variance
    ratio = _odds_ratio(told)
    homogeneity = _breslow_day_tarone(told, ratio)
    return CommonEffect(
        chi2=chi2,
        p=chi_square_upper_tail(chi2, 1),
        chi2_corrected=corrected,
        p_corrected=chi_square_upper_tail(corrected, 1),
        odds_ratio=ratio,
        breslow_day_tarone=homogeneity,
        p_homogeneity=_homogeneity_p(homogeneity, len(told)),
        informative=len(told),
        method=method,
    )


def risk_difference(
    strata: Sequence[Stratum], *, margin: float | None = None, alpha: float = 0.05
) -> RiskDifference:
    """Mantel-Haenszel difference of yields with Sato's 1989 variance, one-sided at ``alpha``.

    Strata with an empty arm drop out; at least one must remain. Raises
    :class:`~secondsource.core.inputs.InputError` naming ``strata`` otherwise.
    """
    alpha = inputs.open_probability("alpha", alpha)
    if margin is not None:
        margin = inputs.number("margin", margin, low=0, below=1)
    used = [s for s in strata if s.new and s.incumbent]
    if not used:
        inputs.refuse("strata", "no_units", "must hold at least one model built with both sources")
    difference, error = _difference(used)
    reach = normal_quantile(1 - alpha) * error
    proven = has_failures(used)
    lower = difference - reach if proven else None
    return RiskDifference(
        crude=_crude(used),
        difference=difference,
        standard_error=error,
        lower=lower,
        upper=difference + reach if proven else None,
        noninferior=None if margin is None or lower is None else lower > -margin,
        strata_used=len(used),
        method=Method(
            name="Mantel-Haenszel risk difference, Sato 1989", confidence=1 - alpha, sides=1
        ),
    )


def has_failures(strata: Sequence[Stratum]) -> bool:
    """Whether each arm failed at least once in some stratum."""
    arms = (
        sum(s.new_fail for s in strata),
        sum(s.incumbent_fail for s in strata),
    )
    return all(arms)


def _difference(strata: Sequence[Stratum]) -> tuple[float, float]:
    w = p = q = weighted = 0.0
    for s in strata:
        n1, n2, n = s.new, s.incumbent, s.total
        x1, x2 = s.new_pass, s.incumbent_pass
        w += n1 * n2 / n
        weighted += (x1 * n2 - x2 * n1) / n
        p += (n1 * n1 * x2 - n2 * n2 * x1 + n1 * n2 * (n2 - n1) / 2) / (n * n)
        q += (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n)
    difference = weighted / w
    return difference, math.sqrt(max(0.0, difference * p + q)) / w


def _crude(strata: Sequence[Stratum]) -> float:
    new, incumbent = sum(s.new for s in strata), sum(s.incumbent for s in strata)
    good_new = sum(s.new_pass for s in strata)
    return good_new / new - sum(s.incumbent_pass for s in strata) / incumbent


def _informative(s: Stratum) -> bool:
    failed, good = s.new_fail + s.incumbent_fail, s.new_pass + s.incumbent_pass
    return bool(s.new and s.incumbent and failed and good)


def _null_variance(s: Stratum) -> float:
    good = s.new_pass + s.incumbent_pass
    n = s.total
    return s.new * s.incumbent * good * (n - good) / (n * n * (n - 1))


def _odds_ratio(strata: Sequence[Stratum]) -> float | None:
    up = math.fsum(s.new_pass * s.incumbent_fail / s.total for s in strata)
    down = math.fsum(s.new_fail * s.incumbent_pass / s.total for s in strata)
    return up / down if down else None


def _expected(s: Stratum, ratio: float) -> float:
    """New good units expected at the common odds ratio, margins held."""
    good = s.new_pass + s.incumbent_pass
    square = 1 - ratio
    linear = s.total - (s.new + good) * square
    constant = -ratio * s.new * good
    root = math.sqrt(linear * linear - 4 * square * constant)
    return -2 * constant / (linear + root) if linear >= 0 else (root - linear) / (2 * square)


def _breslow_day_tarone(strata: Sequence[Stratum], ratio: float | None) -> float | None:
    if not ratio or len(strata) < 2:
        return None
    gaps, variances = [], []
    for s in strata:
        a = _expected(s, ratio)
        good = s.new_pass + s.incumbent_pass
        cells = (a, s.new - a, good - a, s.incumbent - good + a)
        if min(cells) <= 0:
            return None
        gaps.append(s.new_pass - a)
        variances.append(1 / math.fsum(1 / cell for cell in cells))
    statistic = math.fsum(g * g / v for g, v in zip(gaps, variances, strict=True))
    return max(0.0, statistic - math.fsum(gaps) ** 2 / math.fsum(variances))


def _homogeneity_p(statistic: float | None, strata: int) -> float | None:
    return None if statistic is None else chi_square_upper_tail(statistic, strata - 1)
