"""Quantiles and tails of usual distributions, named by their tail.

A thin typed layer over ``scipy.special``, imported at the first call, so that web processes start
faster. ``scipy.stats`` and ``statsmodels`` compute the same numbers, but importing them takes three
to six seconds on a small machine, longer than a first answer may take; the tests compare with both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def variance(values: Sequence[float]) -> float:
    """Variance of a sample of at least two values (n - 1), exactly 0 when none differs.

    Differences to the first value keep the digits; ``statistics.variance`` is exact too, and takes
    seconds for a long series.
    """
    shifted = [value - values[0] for value in values]
    mean = math.fsum(shifted) / len(shifted)
    return math.fsum((value - mean) ** 2 for value in shifted) / (len(shifted) - 1)


def normal_quantile(probability: float) -> float:
    """The z below which a standard normal variable lies with this probability."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def normal_upper_tail(z: float) -> float:
    """P(Z > z) of the standard normal distribution, exact far out in the tail."""
    from scipy.special import ndtr

    return float(ndtr(-z))


def chi_square_quantile(probability: float, df: float) -> float:
    """The value that a chi-square variable stays *below* with this probability."""
    from scipy.special import chdtri

    return float(chdtri(df, 1.0 - probability))


def chi_square_upper_tail(value: float, df: float) -> float:
    """P(X > value) of a chi-square variable."""
    from scipy.special import chdtrc

    return float(chdtrc(df, value))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The value that a beta(a, b) variable stays below with this probability."""
    from scipy.special import betaincinv

    return float(betaincinv(a, b, probability))


def binomial_cdf(successes: int, trials: int, probability: float) -> float:
    """P(X <= successes) in ``trials`` independent trials."""
    from scipy.special import betaincc

    if successes >= trials:
        return 1.0
    return float(betaincc(successes + 1, trials - successes, probability))


def student_upper_tail(t: float, df: float) -> float:
    """P(T > t) of Student's t; ``df`` need not be whole."""
    from scipy.special import stdtr

    return float(stdtr(df, -t))


def student_quantile(probability: float, df: float) -> float:
    """The t below which Student's variable lies with this probability."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


def noncentral_t_cdf(t: float, df: float, noncentrality: float) -> float:
    """P(T <= t) of the noncentral t distribution."""
    from scipy.special import nctdtr

    return float(nctdtr(df, noncentrality, t))


def hypergeometric(white: int, black: int, draws: int) -> tuple[int, list[float]]:
    """All probabilities of the number of white balls among ``draws`` without putting back.

    Returns the least possible number and the probabilities from there upwards, summing to 1.
    """
    import numpy as np
    from scipy.special import gammaln

    least, most = max(0, draws - black), min(draws, white)
    k = np.arange(least, most + 1)
    logs = -(
        gammaln(k + 1)
        + gammaln(white - k + 1)
        + gammaln(draws - k + 1)
        + gammaln(black - draws + k + 1)
    )
    weights = np.exp(logs - logs.max())
    return least, [float(weight) for weight in weights / weights.sum()]


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjusted p values by name; at most 1, in the order of the input."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for place, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[name]))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}
