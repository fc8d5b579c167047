"""Incoming inspection by attributes: single sampling plans and the switching between levels.

Source: ISO 2859-1, general inspection level II, AQL 0.65, 1.0 and 1.5, with the switching score of
its 1999 edition. Acceptance numbers of reduced inspection are those of MIL-STD-105E, whose gap
between acceptance and rejection we read strictly: what is not accepted is rejected. Compared with
a public transcription, not with the paid standard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from secondsource.core import inputs
from secondsource.core.provenance import Method

STANDARD = "ISO 2859-1:1999; MIL-STD-105E for reduced inspection"
METHOD = Method(name="Single sampling by attributes, general level II", standard=STANDARD)

LEVELS = ("normal", "tightened", "reduced")
LARGEST_LOT = 2_000_000_000
_LETTERS = "ABCDEFGHJKLMNPQ"
#: The greatest lot of each letter; the last letter has none.
_LOTS = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
_SAMPLES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250)
_REDUCED = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500)
#: AQL → the letter at which a sample accepts with no defect.
_FIRST = {"0.65": 5, "1.0": 4, "1.5": 3}
AQLS = tuple(_FIRST)
#: Acceptance numbers from that letter on; "<" and ">" take the plan of the letter before or after.
_UP, _DOWN = "<", ">"
_ACCEPT: dict[str, tuple[int | str, ...]] = {
    "normal": (0, _UP, _DOWN, 1, 2, 3, 5, 7, 10, 14, 21),
    "tightened": (0, _DOWN, _DOWN, 1, 2, 3, 5, 8, 12, 18),
    "reduced": (0, _UP, _DOWN, 0, 1, 1, 2, 3, 5, 7, 10),
}
#: Acceptance number of normal inspection → that of the next lower AQL.
_ONE_STEP_TIGHTER = {2: 1, 3: 2, 5: 3, 7: 5, 10: 7, 14: 10, 21: 14}

_REJECTED_IN_FIVE = 2
_ACCEPTED_IN_A_ROW = 5
_SCORE_FOR_REDUCED = 30
_REJECTED_TO_STOP = 5


@dataclass(frozen=True, kw_only=True)
class SamplingPlan:
    """How many units of a lot are inspected, and how many of them may be defective."""

    level: str
    letter: str
    sample: int
    accept: int
    method: Method = METHOD


def sampling_plan(*, size: int, aql: str = "1.0", level: str = "normal") -> SamplingPlan:
    """The single sampling plan of a lot. A sample as large as the lot inspects every unit.

    ``size`` from 2 on (a single unit is inspected as such), ``aql`` one of ``AQLS``.
    """
    size = inputs.integer("size", size, low=1, high=LARGEST_LOT)
    aql = inputs.choice("aql", aql, _FIRST)
    level = inputs.choice("level", level, LEVELS)
    accepts = _ACCEPT[level]
    first = _FIRST[aql] + (level == "tightened")
    place = min(max(bisect_left(_LOTS, size), first), first + len(accepts) - 1, len(_SAMPLES) - 1)
    while isinstance(accept := accepts[place - first], str):
        place += 1 if accept == _DOWN else -1
    units = (_REDUCED if level == "reduced" else _SAMPLES)[place]
    return SamplingPlan(level=level, letter=_LETTERS[place], sample=min(units, size), accept=accept)


@dataclass(frozen=True)
class InspectedLot:
    """The result of a lot on original inspection: defects found, and how many were allowed."""

    defects: int
    accept: int

    @property
    def accepted(self) -> bool:
        """Whether the sample is good enough."""
        return self.defects <= self.accept


@dataclass(frozen=True, kw_only=True)
class Switching:
    """The level of the next lot, and what leads away from it.

    ``recent`` are the last lots on this level, ``score`` is the switching score towards reduced
    inspection, ``rejected`` the lots not accepted since tightened inspection began.
    """

    level: str = "normal"
    recent: tuple[bool, ...] = ()
    score: int = 0
    rejected: int = 0
    discontinued: bool = False


def switching(lots: Iterable[InspectedLot]) -> Switching:
    """The level after these lots of one source, oldest first, without resubmitted ones.

    Normal to tightened: 2 of 5 or fewer consecutive lots not accepted. Tightened to normal: 5 in a
    row accepted. Tightened to a stop: 5 not accepted. Normal to reduced: a switching score of 30.
    Reduced to normal: a lot not accepted. After a stop, inspection goes on at tightened.
    """
    now = Switching()
    for lot in lots:
        if now.discontinued:
            now = Switching(level="tightened")
        now = _FOLLOW[now.level](now, lot)
    return now


def _after_normal(now: Switching, lot: InspectedLot) -> Switching:
    recent = (*now.recent, lot.accepted)[-5:]
    if recent.count(False) >= _REJECTED_IN_FIVE:
        return Switching(level="tightened")
    score = _score(now.score, lot)
    if score >= _SCORE_FOR_REDUCED:
        return Switching(level="reduced")
    return replace(now, recent=recent, score=score)


def _score(score: int, lot: InspectedLot) -> int:
    tighter = _ONE_STEP_TIGHTER.get(lot.accept)
    if tighter is None:
        return score + 2 if lot.accepted else 0
    return score + 3 if lot.defects <= tighter else 0


def _after_tightened(now: Switching, lot: InspectedLot) -> Switching:
    recent = (*now.recent, lot.accepted)[-_ACCEPTED_IN_A_ROW:]
    if len(recent) == _ACCEPTED_IN_A_ROW and all(recent):
        return Switching()
    rejected = now.rejected + (not lot.accepted)
    return replace(
        now, recent=recent, rejected=rejected, discontinued=rejected >= _REJECTED_TO_STOP
    )


def _after_reduced(now: Switching, lot: InspectedLot) -> Switching:
    return now if lot.accepted else Switching()


_FOLLOW = {"normal": _after_normal, "tightened": _after_tightened, "reduced": _after_reduced}
