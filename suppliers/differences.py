"""Differences from the incumbent's values in words.

Magnitudes such as a current or a clock differ in per cent. Voltages, temperatures and ranges differ
in their unit: ``20 °C wider``, ``Floor 0.8 V higher``.
"""

from __future__ import annotations

from functools import cache

from django.utils.text import capfirst

from secondsource.core import formats
from suppliers import comparison
from suppliers.comparison import RequiredValue, StatedValue

#: The name of a unit → its usual sign.
_SIGNS = {"degC": "°C", "ohm": "Ω", "kohm": "kΩ", "Mohm": "MΩ", "uF": "µF", "uA": "µA", "um": "µm"}
#: A kelvin is 9/5 of a degree Fahrenheit; a difference is given in °C or K alone.
_FAHRENHEIT = 5 / 9


def with_unit(shown: str, unit: str) -> str:
    """A figure with the usual sign of its unit: ``3.3 V``."""
    return f"{shown}{formats.THIN_SPACE}{_SIGNS.get(unit, unit)}" if unit else shown


def difference(
    requirement: RequiredValue, mine: StatedValue | None, theirs: StatedValue | None
) -> str:
    """``26 % lower.`` for a magnitude, ``Floor 0.8 V higher.`` for an end of a range that moved."""
    unit = requirement.unit
    a, b = comparison.in_unit(mine, unit), comparison.in_unit(theirs, unit)
    if a is None or b is None:
        return "Differs from the incumbent."
    ends = {name: (x, y) for name, x, y in (("floor", a.low, b.low), ("top", a.high, b.high))
            if x is not None and y is not None}  # fmt: skip
    a_point, b_point = a.low == a.high, b.low == b.high
    is_range = len(ends) == 2 and not (a_point and b_point)
    if is_range and requirement.rule not in ("at_least", "at_most") and not requirement.on_typical:
        return _of_range(ends, unit)
    pairs = [p for p in comparison.compared(requirement, a, b) if p[0] != p[1]]
    return _of_point(*pairs[0], unit) if pairs else "Differs from the incumbent."


def _of_point(mine: float, theirs: float, unit: str) -> str:
    way = "higher" if mine > theirs else "lower"
    if not (_is_magnitude(unit) and mine > 0 and theirs > 0):
        return f"{_gap(mine - theirs, unit)} {way}."
    share = abs(mine - theirs) / theirs
    if share >= 2:
        return f"{formats.number(mine / theirs, 1)} times as high."
    return f"{formats.apart(share, 0, formats.percent)[0]} {way}."


def _of_range(ends: dict[str, tuple[float, float]], unit: str) -> str:
    moved = {name: a - b for name, (a, b) in ends.items() if a != b}
    if len(moved) == 1 and (moved.get("floor", 0) < 0 or moved.get("top", 0) > 0):
        return f"{_gap(sum(moved.values()), unit)} wider."
    said = ", ".join(
        f"{name} {_gap(gap, unit)} {'higher' if gap > 0 else 'lower'}"
        for name, gap in moved.items()
    )
    return f"{capfirst(said)}."


def _gap(gap: float, unit: str) -> str:
    """A difference with its unit: of temperatures in °C or K, of shares in points."""
    size = abs(gap)
    if unit == "%":
        return f"{formats.number(size)} points"
    if _is(unit, "kelvin"):
        degrees = str(comparison.units().Unit(unit)).casefold()
        size *= _FAHRENHEIT if "fahrenheit" in degrees or "rankine" in degrees else 1
        unit = "°C" if "celsius" in degrees else "K"
    return with_unit(formats.number(size), unit)


def _is_magnitude(unit: str) -> bool:
    """Whether per cent are meaningful: not for temperatures, voltages, logarithms, bare numbers."""
    return _known(unit) and not any(_is(unit, place) for place in ("kelvin", "volt", ""))


def _known(unit: str) -> bool:
    return bool(unit) and not unit.casefold().startswith("db") and _is(unit, unit)


@cache
def _is(unit: str, kind: str) -> bool:
    """Whether one unit can be converted into the other."""
    from pint import PintError

    try:
        return bool(comparison.units().Unit(unit).is_compatible_with(kind))
    except (PintError, AssertionError, ValueError, TypeError, AttributeError):
        return False
