"""Drift of a supplier: the last three months against the twelve before, by exact tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.distributions import holm
from secondsource.core.provenance import Method
from suppliers.house_rules import DriftPolicy

DEFAULTS = DriftPolicy()
Direction = Literal["worse", "better", "steady", "not_enough_data"]


@dataclass(frozen=True, kw_only=True)
class EventCounts:
    """Events among trials: late lots among lots, or defects among units. More is worse."""

    events: int
    trials: int
    kind: Literal["lots", "defects"]


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A measure: earlier and recent rates, p adjusted by Holm over the supplier's measures."""

    direction: Direction
    earlier: float | None
    recent: float | None
    p: float | None
    method: Method


def drift(
    *,
    earlier: Mapping[str, EventCounts],
    recent: Mapping[str, EventCounts],
    policy: DriftPolicy = DEFAULTS,
) -> dict[str, Drift]:
    """Judge each measure by name: binomial test for lots, Poisson test for defects, then Holm.

    A measure needs at least ``policy.least_lots`` recent and earlier lots (or units), else the
    result is "not enough data". Significant at ``policy.significance`` after Holm's correction.
    """
    names = list(earlier)
    if set(names) != set(recent):
        inputs.refuse("recent", "mismatch", "must name the same measures as the earlier period")
    raw = {
        name: _p_value(earlier[name], recent[name])
        for name in names
        if _enough(f"earlier.{name}", earlier[name], policy)
        and _enough(f"recent.{name}", recent[name], policy)
    }
    adjusted = holm(raw)
    return {name: _judge(earlier[name], recent[name], adjusted.get(name), policy) for name in names}


def _enough(field: str, counts: EventCounts, policy: DriftPolicy) -> bool:
    trials = inputs.integer(f"{field}.trials", counts.trials)
    inputs.integer(f"{field}.events", counts.events, high=trials)
    return trials >= policy.least_lots


def _p_value(before: EventCounts, after: EventCounts) -> float:
    from scipy.stats import binomtest, poisson_means_test

    if before.events + after.events == 0:
        return 1.0
    if before.kind == "lots":
        expected = min(1 - 1e-12, max(1e-12, before.events / before.trials))
        return float(binomtest(after.events, after.trials, expected).pvalue)
    test = poisson_means_test(after.events, after.trials, before.events, before.trials)
    return float(test.pvalue)


def _judge(before: EventCounts, after: EventCounts, p: float | None, policy: DriftPolicy) -> Drift:
    method = Method(
        name="Exact tests with Holm's correction", libraries=("scipy",), design_choice=True
    )
    old = before.events / before.trials if before.trials else None
    new = after.events / after.trials if after.trials else None
    direction: Direction = "steady"
    if p is None or old is None or new is None:
        direction = "not_enough_data"
    elif p < policy.significance:
        direction = "worse" if new > old else "better"
    return Drift(direction=direction, earlier=old, recent=new, p=p, method=method)
