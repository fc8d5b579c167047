"""Proposed units of a pilot plan, each with its reason.

Two questions are asked: how many units show the floor of a model, and how many show the difference
to the incumbent over all models. The larger answer is proposed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qualification import sample_size
from secondsource.core.distributions import binomial_cdf
from secondsource.core.formats import THIN_SPACE, number
from secondsource.core.inputs import InputError

#: The chance with which a source as good as the incumbent passes, and the failures tried for it.
POWER, MOST_FAILURES = 0.8, 60


@dataclass(frozen=True)
class Arm:
    """What is known of a model before the build."""

    model: str
    floor: float
    incumbent_good: int = 0
    incumbent_started: int = 0


@dataclass(frozen=True)
class Proposal:
    """Units for one model and the reason in words."""

    units: int
    reason: str


def propose(
    arms: Sequence[Arm], *, margin: float, confidence: float, power: float = POWER
) -> list[Proposal]:
    """A proposal for each model."""
    own = [_for_floor(arm, confidence, power) for arm in arms]
    together = _for_difference(arms, margin, confidence, power)
    total = sum(one.units for one in own)
    if together <= total:
        return own
    return [
        Proposal(
            math.ceil(one.units * together / total),
            f"{one.reason} Raised with the others to {number(together)} units in all, which show a"
            f" difference above −{100 * margin:.3g} points.",
        )
        for one in own
    ]


@lru_cache(maxsize=1024)
def _for_floor(arm: Arm, confidence: float, power: float) -> Proposal:
    """The fewest units with which a source like the incumbent shows the floor often enough."""
    shown = f"{_percent(arm.floor)} at {_percent(confidence)}"
    yields = arm.incumbent_good / arm.incumbent_started if arm.incumbent_started else None
    if yields is None or yields <= arm.floor:
        n = sample_size.success_run(confidence=confidence, reliability=arm.floor).n
        return Proposal(n, f"{number(n)} units without a failure show {shown}.")
    for failures in range(MOST_FAILURES + 1):
        n = sample_size.binomial_plan(
            confidence=confidence, reliability=arm.floor, allowed_failures=failures
        ).n
        chance = binomial_cdf(failures, n, 1 - yields)
        if chance >= power:
            break
    allowed = f"{failures} {'failure' if failures == 1 else 'failures'}"
    reason = (
        f"{number(n)} units with up to {allowed} show {shown}; a source as good as the incumbent,"
        f" {_percent(yields)}, passes with {_percent(round(chance, 2))}."
    )
    return Proposal(n, reason)


def _for_difference(arms: Sequence[Arm], margin: float, confidence: float, power: float) -> int:
    """Units over all models that show the difference to the incumbent; 0 if none can be."""
    good = sum(arm.incumbent_good for arm in arms)
    started = sum(arm.incumbent_started for arm in arms)
    if not 0 < good < started:
        return 0
    try:
        sizes = sample_size.noninferiority_size(
            p_both=good / started, margin=margin, alpha=1 - confidence, power=power,
            incumbent_units=started,
        )  # fmt: skip
    except InputError:
        return 0
    return sizes.n


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g}{THIN_SPACE}%"
