"""Distance of a source: great circle, and whether it is near."""

from __future__ import annotations

import math
from collections.abc import Sequence

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import NearshorePolicy

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG R1)."""
DEFAULTS = NearshorePolicy()
METHOD = Method(name="Great circle, haversine", standard="mean Earth radius IUGG R1")


def great_circle_km(*, a: Sequence[float], b: Sequence[float]) -> float:
    """Haversine distance in kilometres between two points given as [latitude, longitude] in
    degrees.

    Latitude -90 to 90, longitude -180 to 180.
    """
    (lat_a, lon_a), (lat_b, lon_b) = _point("a", a), _point("b", b)
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def is_nearshore(
    *, same_continent: bool, transit_days: float | None, policy: NearshorePolicy = DEFAULTS
) -> bool | None:
    """Near when on the same continent or within the policy's transit days; None when unknown."""
    if inputs.flag("same_continent", same_continent):
        return True
    if transit_days is None:
        return None
    return inputs.number("transit_days", transit_days, low=0, high=365) <= policy.transit_days


def _point(field: str, value: Sequence[float]) -> tuple[float, float]:
    latitude, longitude = inputs.sequence(field, value, least=2, most=2)
    return (
        math.radians(inputs.number(f"{field}.0", latitude, low=-90, high=90)),
        math.radians(inputs.number(f"{field}.1", longitude, low=-180, high=180)),
    )
