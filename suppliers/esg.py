"""Environmental, social and governance evidence. Expired evidence counts as missing.

RBA VAP recognition from secondary sources: check the current manual. EcoVadis medals follow
percentiles, so a medal is stored as issued and never derived from a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import EsgPolicy

DEFAULTS = EsgPolicy()
Recognition = Literal["platinum", "gold", "silver", "none"]
Kind = Literal["rba_vap", "ecovadis", "cdp"]
CDP_LETTERS = ("A", "A-", "B", "B-", "C", "C-", "D", "D-", "F")
RBA_METHOD = Method(
    name="RBA VAP recognition",
    standard="RBA VAP, secondary source: confirm in the current manual",
)


@dataclass(frozen=True, kw_only=True)
class EsgEvidence:
    """Evidence: RBA VAP score (0 to 200), EcoVadis (0 to 100) or CDP letter, with validity."""

    kind: Kind
    result: float | str
    valid_from: date
    valid_to: date


def rba_recognition(
    *, score: float, priority_closed: bool, major_closed: bool, all_closed: bool
) -> Recognition:
    """Recognition of a formal VAP audit by its score from 0 to 200 and its closed findings.

    Platinum 200 with all findings closed, gold from 180 with priority and major closed, silver from
    160 with priority closed. Self-assessments and customer audits do not count.
    """
    points = inputs.number("score", score, low=0, high=200)
    priority = inputs.flag("priority_closed", priority_closed)
    major = inputs.flag("major_closed", major_closed)
    everything = inputs.flag("all_closed", all_closed)
    if points >= 200 and everything:
        return "platinum"
    if points >= 180 and priority and major:
        return "gold"
    return "silver" if points >= 160 and priority else "none"


def cdp_points(letter: str, *, policy: EsgPolicy = DEFAULTS) -> float:
    """A CDP letter on the house's 0 to 100 scale; F (no disclosure) is 0."""
    word = inputs.choice("letter", letter, CDP_LETTERS)
    return float(getattr(policy, "cdp_" + word.lower().replace("-", "_minus")))


def esg_score(
    evidence: Sequence[EsgEvidence], *, on: date, policy: EsgPolicy = DEFAULTS
) -> float | None:
    """Mean of the evidence valid on a day, each 0 to 100; None when none is valid."""
    valid = [item for item in evidence if item.valid_from <= on <= item.valid_to]
    return fmean(_points(item, policy) for item in valid) if valid else None


def _points(item: EsgEvidence, policy: EsgPolicy) -> float:
    if item.kind == "cdp":
        return cdp_points(str(item.result), policy=policy)
    if item.kind == "rba_vap":
        return inputs.number("result", item.result, low=0, high=200) / 2
    return inputs.number("result", item.result, low=0, high=100)
