"""A candidate's parameter against our requirement and the incumbent: one verdict a line.

Values are compared in the requirement's unit (``pint``); a missing value or unit is unknown, which
is not a pass. An informational line never blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from secondsource.core import inputs

if TYPE_CHECKING:
    from pint import UnitRegistry

Rule = Literal["equal", "at_least", "at_most", "within", "one_of", "informational"]
Verdict = Literal["better", "equal", "deviation", "blocks", "unknown"]
RULES = ("equal", "at_least", "at_most", "within", "one_of", "informational")
_RELATIVE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What we need of a parameter: the rule, its limits in ``unit`` and, for one_of, the words.

    ``higher_is_better`` says which way is better for a line without a one-sided rule; None =
    neither.
    """

    parameter: str
    rule: Rule
    low: float | None = None
    high: float | None = None
    unit: str = ""
    words: tuple[str, ...] = ()
    higher_is_better: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value with its unit, or a word; a range has ``low`` and ``high``, a point both equal."""

    low: float | None = None
    high: float | None = None
    unit: str = ""
    word: str = ""


def verdict(
    *, requirement: Requirement, candidate: Value | None, incumbent: Value | None
) -> Verdict:
    """Judge one line.

    Blocks: a required limit is missed. Deviation: within the limit but worse than the incumbent.
    Better and equal: against the incumbent, equal also without one. Unknown: value or unit missing
    or not convertible.
    """
    inputs.choice("rule", requirement.rule, RULES)
    _check_limits(requirement)
    if requirement.rule == "one_of" or (candidate is not None and candidate.word):
        return _judge_word(requirement, candidate, incumbent)
    mine = in_unit(candidate, requirement.unit)
    if mine is None:
        return "unknown"
    if requirement.rule != "informational" and not _meets(requirement, mine):
        return "blocks"
    theirs = in_unit(incumbent, requirement.unit)
    return "equal" if theirs is None else _against(requirement, mine, theirs)


def blocks(verdicts: Iterable[Verdict]) -> bool:
    """Whether a comparison stops the case: one blocking line is enough."""
    return "blocks" in set(verdicts)


def _check_limits(requirement: Requirement) -> None:
    low, high = requirement.low, requirement.high
    if low is not None and high is not None and low > high:
        inputs.refuse("low", "limit_order", f"must be at most the high limit of {high:g}")
    needed = {"at_least": low, "at_most": high}.get(requirement.rule, 0)
    if needed is None:
        side = "low" if requirement.rule == "at_least" else "high"
        inputs.refuse(side, "missing", f"must be given for the rule {requirement.rule}")


def _judge_word(
    requirement: Requirement, candidate: Value | None, incumbent: Value | None
) -> Verdict:
    if candidate is None or not candidate.word:
        return "unknown"
    word = candidate.word.casefold()
    allowed = {w.casefold() for w in requirement.words}
    same = incumbent is not None and incumbent.word.casefold() == word
    if requirement.rule == "informational" or (requirement.rule != "one_of" and not allowed):
        return "equal" if same or incumbent is None else "deviation"
    if word not in allowed:
        return "blocks"
    return "equal" if same or incumbent is None else "deviation"


def _meets(requirement: Requirement, value: tuple[float, float]) -> bool:
    low, high = value
    if requirement.rule == "equal":
        target = requirement.low if requirement.low is not None else requirement.high
        return target is None or (_close(low, target) and _close(high, target))
    above = requirement.low is None or low >= requirement.low or _close(low, requirement.low)
    below = requirement.high is None or high <= requirement.high or _close(high, requirement.high)
    return above and below


def _against(
    requirement: Requirement, mine: tuple[float, float], theirs: tuple[float, float]
) -> Verdict:
    if _close(mine[0], theirs[0]) and _close(mine[1], theirs[1]):
        return "equal"
    if requirement.rule == "within":
        inside = mine[0] >= theirs[0] and mine[1] <= theirs[1]
        return "better" if inside else "deviation"
    higher = {"at_least": True, "at_most": False}.get(
        requirement.rule, requirement.higher_is_better
    )
    if higher is None:
        return "deviation"
    gain = mine[0] - theirs[0] if higher else theirs[1] - mine[1]
    return "better" if gain > 0 else "deviation" if gain < 0 else "equal"


def in_unit(value: Value | None, unit: str) -> tuple[float, float] | None:
    """Both ends of a value in ``unit``; None when missing, without unit or not convertible."""
    if value is None or (value.low is None and value.high is None):
        return None
    low = value.low if value.low is not None else value.high
    high = value.high if value.high is not None else value.low
    assert low is not None
    assert high is not None
    if value.unit == unit:
        return low, high
    if not value.unit or not unit:
        return None
    return _converted(low, high, value.unit, unit)


def _converted(low: float, high: float, unit: str, target: str) -> tuple[float, float] | None:
    from pint import PintError

    registry = _registry()
    try:
        ends: list[Any] = [registry.Quantity(end, unit).to(target) for end in (low, high)]
    except (PintError, AssertionError, ValueError, TypeError, AttributeError):
        return None
    return float(ends[0].magnitude), float(ends[1].magnitude)


@cache
def _registry() -> UnitRegistry[Any]:
    from pint import UnitRegistry

    return UnitRegistry(autoconvert_offset_to_baseunit=True)


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=_RELATIVE, abs_tol=1e-15)
