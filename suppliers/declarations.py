"""Substance declarations against their limits.

RoHS 2011/65/EU Annex II with (EU) 2015/863: maximum by weight in homogeneous material; the limit
itself complies. REACH Art. 33: duty above 0.1 % by weight of each article (CJEU C-106/14). Stated
from the published texts: check the current lists, exemptions expire.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method

RohsVerdict = Literal["ok", "exceeds"]
ReachVerdict = Literal["no_duty", "art33_duty"]

ROHS_LIMIT_PPM: dict[str, int] = {
    "Pb": 1000,
    "Hg": 1000,
    "Cd": 100,
    "CrVI": 1000,
    "PBB": 1000,
    "PBDE": 1000,
    "DEHP": 1000,
    "BBP": 1000,
    "DBP": 1000,
    "DIBP": 1000,
}
"""Tolerated maximum in parts per million by weight of the homogeneous material."""
REACH_LIMIT_PCT = Decimal("0.1")

METHOD = Method(
    name="Tolerated maxima", standard="RoHS 2011/65/EU with (EU) 2015/863; REACH Art. 33"
)


def rohs(*, substance: str, ppm: Decimal) -> RohsVerdict:
    """Judge one substance in one homogeneous material; ``ppm`` from 0 to 1 000 000 by weight."""
    limit = ROHS_LIMIT_PPM[inputs.choice("substance", substance, ROHS_LIMIT_PPM)]
    found = inputs.decimal("ppm", ppm, low=0, high=1_000_000)
    return "exceeds" if found > limit else "ok"


def reach(*, svhc_pct: Decimal) -> ReachVerdict:
    """Judge one substance of very high concern in one article; ``svhc_pct`` 0 to 100 by weight."""
    found = inputs.decimal("svhc_pct", svhc_pct, low=0, high=100)
    return "art33_duty" if found > REACH_LIMIT_PCT else "no_duty"
