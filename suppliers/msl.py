"""Moisture sensitivity: floor life and its rest.

Source: IPC/JEDEC J-STD-020 and J-STD-033, at no more than 30 °C and 60 % relative humidity (level
1: 85 %). Exposure adds up over every opening of the bag.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.provenance import Method

FLOOR_LIFE_HOURS: dict[str, int | None] = {
    "1": None,
    "2": 8760,
    "2a": 672,
    "3": 168,
    "4": 72,
    "5": 48,
    "5a": 24,
    "6": 0,
}
"""Hours out of the bag; None = unlimited; level 6 is baked before use and then has its label's
time.
"""

METHOD = Method(
    name="Floor life, exposure added up",
    standard="IPC/JEDEC J-STD-020F, Dec 2022; J-STD-033D, April 2018",
)


@dataclass(frozen=True, kw_only=True)
class FloorLife:
    """Hours left (None = unlimited), whether to bake, and hours beyond the floor life."""

    remaining_hours: float | None
    must_bake: bool
    overrun_hours: float
    method: Method = METHOD


def floor_life(level: str) -> int | None:
    """Floor life of a level in hours, None for level 1 (unlimited)."""
    return FLOOR_LIFE_HOURS[inputs.choice("msl", level, FLOOR_LIFE_HOURS)]


def remaining(*, level: str, exposed_hours: Sequence[float]) -> FloorLife:
    """The rest after these openings in hours (0 or more each; an empty list means sealed)."""
    life = floor_life(level)
    openings = inputs.sequence("exposed_hours", exposed_hours, least=0)
    used = math.fsum(
        inputs.number(f"exposed_hours.{i}", h, low=0, high=1e6) for i, h in enumerate(openings)
    )
    if life is None:
        return FloorLife(remaining_hours=None, must_bake=False, overrun_hours=0.0)
    left = max(0.0, life - used)
    return FloorLife(remaining_hours=left, must_bake=left == 0, overrun_hours=max(0.0, used - life))
