"""Comparison of a candidate's parameters with our requirements and the incumbent, line by line.

Only guaranteed values, minimum and maximum, meet a limit. A typical value can only meet a
requirement on the typical value. Other values that are not guaranteed are unknown, which is not a
pass. Values are compared in the requirement's unit (``pint``). An informational line never blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from secondsource.core import inputs

if TYPE_CHECKING:
    from pint import UnitRegistry

Rule = Literal[
    "equal", "at_least", "at_most", "within", "covers", "one_of", "all_of", "informational"
]
Verdict = Literal["better", "equal", "deviation", "blocks", "unknown"]
RULES = ("equal", "at_least", "at_most", "within", "covers", "one_of", "all_of", "informational")
WORD_RULES = ("one_of", "all_of")
_RELATIVE = 1e-9


@dataclass(frozen=True, kw_only=True)
class RequiredValue:
    """What we need of a parameter: the rule, its limits in ``unit``, or the words.

    ``within``: the part's range lies inside ours; ``covers``: it includes ours. ``on_typical``: the
    limits apply to the typical value. ``higher_is_better``: the better direction of a line without
    a one-sided rule; None = neither.
    """

    parameter: str
    rule: Rule
    low: float | None = None
    high: float | None = None
    unit: str = ""
    words: tuple[str, ...] = ()
    on_typical: bool = False
    higher_is_better: bool | None = None


@dataclass(frozen=True, kw_only=True)
class StatedValue:
    """Guaranteed ends ``low`` and ``high``, the typical value, or a word; None = not given."""

    low: float | None = None
    typical: float | None = None
    high: float | None = None
    unit: str = ""
    word: str = ""


class Ends(NamedTuple):
    """A value in the unit of the comparison."""

    low: float | None
    typical: float | None
    high: float | None


def verdict(
    *, requirement: RequiredValue, candidate: StatedValue | None, incumbent: StatedValue | None
) -> Verdict:
    """Judge one line.

    Blocks: a required limit is missed. Deviation: within the limit but worse than the incumbent.
    Better and equal: against the incumbent, equal also if the incumbent has no value.
    Unknown: a value is missing, not guaranteed, or its unit does not convert.
    """
    inputs.choice("rule", requirement.rule, RULES)
    _check_limits(requirement)
    if requirement.rule in WORD_RULES or (candidate is not None and candidate.word):
        return _judge_words(requirement, candidate, incumbent)
    mine = in_unit(candidate, requirement.unit)
    if mine is None:
        return "unknown"
    if requirement.rule != "informational":
        met = _meets(requirement, mine)
        if met is None:
            return "unknown"
        if not met:
            return "blocks"
    theirs = in_unit(incumbent, requirement.unit)
    return "equal" if theirs is None else _against(requirement, mine, theirs)


def blocks(verdicts: Iterable[Verdict]) -> bool:
    """Whether a line of the comparison blocks the case."""
    return "blocks" in set(verdicts)


def _check_limits(requirement: RequiredValue) -> None:
    low, high = requirement.low, requirement.high
    if low is not None and high is not None and low > high:
        inputs.refuse("low", "limit_order", f"must be at most the high limit of {high:g}")
    needed = {"at_least": low, "at_most": high}.get(requirement.rule, 0)
    if needed is None:
        side = "low" if requirement.rule == "at_least" else "high"
        inputs.refuse(side, "missing", f"must be given for the rule {requirement.rule}")


def _judge_words(
    requirement: RequiredValue, candidate: StatedValue | None, incumbent: StatedValue | None
) -> Verdict:
    if candidate is None or not candidate.word:
        return "unknown"
    wanted = {word.casefold() for word in requirement.words}
    mine = _words(candidate.word)
    same = incumbent is None or not incumbent.word or _words(incumbent.word) == mine
    if requirement.rule == "all_of":
        met = wanted <= mine
    elif requirement.rule == "one_of" or (requirement.rule != "informational" and wanted):
        met = candidate.word.strip().casefold() in wanted
    else:
        met = True
    return "blocks" if not met else "equal" if same else "deviation"


def _words(text: str) -> set[str]:
    return {word.strip().casefold() for word in text.split(",") if word.strip()}


def _meets(requirement: RequiredValue, value: Ends) -> bool | None:
    """Whether the guaranteed values meet the limits; None if they prove neither."""
    low, high = value.low, value.high
    if requirement.on_typical and value.typical is not None:
        low = high = value.typical
    least, most = requirement.low, requirement.high
    if requirement.rule == "equal":
        targets = (least if least is not None else most), (most if most is not None else least)
        sides = [_is(low, targets[0]), _is(high, targets[1])]
    elif requirement.rule == "covers":
        sides = [_keeps(low, None, least, above=False), _keeps(high, None, most, above=True)]
    else:
        sides = []
        if requirement.rule != "at_most":
            sides.append(_keeps(low, high, least, above=True))
        if requirement.rule != "at_least":
            sides.append(_keeps(high, low, most, above=False))
    met = False if False in sides else None if None in sides else True
    if met is False and requirement.on_typical and value.typical is None:
        return None if _may_lie_between(value, least, most) else False
    return met


def _may_lie_between(value: Ends, least: float | None, most: float | None) -> bool:
    """Whether a missing typical value can still meet the limits."""
    above = value.low is not None and most is not None and value.low > most
    below = value.high is not None and least is not None and value.high < least
    return not (above or below)


def _is(end: float | None, target: float | None) -> bool | None:
    if target is None:
        return True
    return None if end is None else _close(end, target)


def _keeps(
    end: float | None, other: float | None, limit: float | None, *, above: bool
) -> bool | None:
    """Whether an end meets a limit; the opposite end can only disprove it."""
    if limit is None:
        return True
    if end is not None:
        return _close(end, limit) or (end > limit) == above
    missed = other is not None and not _close(other, limit) and (other > limit) != above
    return False if missed else None


def _against(requirement: RequiredValue, mine: Ends, theirs: Ends) -> Verdict:
    pairs = compared(requirement, mine, theirs)
    if not pairs:
        return "unknown" if requirement.rule == "informational" else "equal"
    if all(_close(a, b) for a, b in pairs):
        return "equal"
    if requirement.rule in ("within", "covers"):
        inside, outside = mine, theirs
        if requirement.rule == "covers":
            inside, outside = theirs, mine
        return "better" if _contains(outside, inside) else "deviation"
    higher = {"at_least": True, "at_most": False}.get(
        requirement.rule, requirement.higher_is_better
    )
    if higher is None:
        return "deviation"
    a, b = next(pair for pair in pairs if not _close(*pair))
    return "better" if (a > b) == higher else "deviation"


def compared(requirement: RequiredValue, mine: Ends, theirs: Ends) -> list[tuple[float, float]]:
    """The pairs of ends that both values give and the rule compares."""
    if requirement.on_typical:
        looked_at = [(mine.typical, theirs.typical)]
    elif requirement.rule == "at_least":
        looked_at = [(mine.low, theirs.low)]
    elif requirement.rule == "at_most":
        looked_at = [(mine.high, theirs.high)]
    elif requirement.rule in ("within", "covers"):
        looked_at = [(mine.low, theirs.low), (mine.high, theirs.high)]
    else:
        looked_at = list(zip(mine, theirs, strict=True))
    return [(a, b) for a, b in looked_at if a is not None and b is not None]


def _contains(outside: Ends, inside: Ends) -> bool:
    ends = ((inside.low, outside.low), (outside.high, inside.high))
    return all(a is None or b is None or a >= b or _close(a, b) for a, b in ends)


def in_unit(value: StatedValue | None, unit: str) -> Ends | None:
    """All ends of a value in ``unit``; None when missing, without unit or not convertible."""
    if value is None:
        return None
    ends = Ends(value.low, value.typical, value.high)
    if ends == (None, None, None):
        return None
    if value.unit == unit:
        return ends
    if not value.unit or not unit:
        return None
    return _converted(ends, value.unit, unit)


def _converted(ends: Ends, unit: str, target: str) -> Ends | None:
    from pint import PintError

    registry = units()
    try:
        turned: list[Any] = [
            None if end is None else float(registry.Quantity(end, unit).to(target).magnitude)
            for end in ends
        ]
    except (PintError, AssertionError, ValueError, TypeError, AttributeError):
        return None
    return Ends(*turned)


@cache
def units() -> UnitRegistry[Any]:
    """The units that values can be given in."""
    from pint import UnitRegistry

    return UnitRegistry(autoconvert_offset_to_baseunit=True)


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=_RELATIVE, abs_tol=1e-15)
