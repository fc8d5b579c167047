"""Test of normality; for values that are not normal Ppk needs the percentile method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.provenance import Method

LEAST, MOST = 3, 5_000


@dataclass(frozen=True, kw_only=True)
class Normality:
    """The result; W near 1 is a sign of a normal distribution, ``normal`` None means not tested.

    "Not rejected" is not a proof: the test rarely rejects few values.
    """

    w: float | None
    p: float | None
    normal: bool | None
    enough: bool
    method: Method


def shapiro_wilk(data: Sequence[float], *, alpha: float = 0.05) -> Normality:
    """Shapiro and Wilk 1965 on 3 to 5 000 values; values that do not vary are not judged.

    ``normal`` is whether the test does not reject at ``alpha``.
    """
    values = inputs.series("data", data, least=LEAST, most=MOST)
    alpha = inputs.open_probability("alpha", alpha)
    method = Method(
        name="Shapiro-Wilk", standard="Shapiro and Wilk 1965", libraries=("scipy",), sides=1
    )
    if min(values) == max(values):
        return Normality(w=None, p=None, normal=None, enough=False, method=method)
    from scipy.stats import shapiro  # the import takes half a second

    found = shapiro(values)
    p = float(found.pvalue)
    return Normality(w=float(found.statistic), p=p, normal=p >= alpha, enough=True, method=method)
