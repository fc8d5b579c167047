"""The lead time of a mix of sources, from the lead times that were observed of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suppliers.lead_time import percentiles

#: Points that stand for the whole mix; a share of 5 % still has twenty of them.
POINTS = 400
#: The fewest receipts that make a distribution (as in ``percentiles``).
LEAST_RECEIPTS = 10


@dataclass(frozen=True, kw_only=True)
class MixedLeadTime:
    """Days from order to receipt: p10, p50 and p90, and the fraction received by ``aim`` days.

    ``missing`` are the keys of sources with a share and fewer than ten receipts; without them the
    figures are of the others. ``points`` stand for the units of the mix, each as many days late as
    a receipt was.
    """

    p10: float
    p50: float
    p90: float
    by_aim: float
    receipts: int
    missing: tuple[int, ...] = ()
    points: tuple[float, ...] = ()


def mixed(
    samples: Mapping[int, Sequence[float]], shares: Mapping[int, float], *, aim: float = 60.0
) -> MixedLeadTime | None:
    """Units of the mix come from a source with its share, and as late as its receipts came.

    Each source is a number of evenly spaced quantiles in proportion to its share. None when no
    source with a share has ten receipts.
    """
    used = {key: share for key, share in shares.items() if share > 0}
    known = {
        key: sorted(samples[key]) for key in used if len(samples.get(key, ())) >= LEAST_RECEIPTS
    }
    whole = sum(used[key] for key in known)
    points: list[float] = []
    for key, days in known.items():
        count = max(1, round(POINTS * used[key] / whole))
        points += [days[int((place + 0.5) / count * len(days))] for place in range(count)]
    found = percentiles(points)
    if found is None:
        return None
    return MixedLeadTime(
        **found,
        by_aim=sum(day <= aim for day in points) / len(points),
        receipts=sum(len(days) for days in known.values()),
        missing=tuple(key for key in used if key not in known),
        points=tuple(points),
    )
