"""Datasheet lines from cells: a column ``Vin max [V]`` with ``17``, a cell ``3 … 17 V``.

What is no number stays a text, as it is written; nothing is guessed about an unclear ``1,234``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from secondsource.core import numerals

_BOUNDS = {
    "min": "minimum", "minimum": "minimum", "max": "maximum", "maximum": "maximum",
    "typ": "typical", "typical": "typical", "nom": "typical", "nominal": "typical",
}  # fmt: skip
_BRACKETS = re.compile(r"\s*[\[(]\s*([^\[\]()]{1,20}?)\s*[\])]")
_COMMA_UNIT = re.compile(r",\s*([^\s,]{1,8})$")
_SIGNED = r"[+\-−]?\d[\d.,]*(?:[eE][+\-]?\d+)?"
_QUANTITY = re.compile(rf"({_SIGNED})\s*([^\d\s.,][^\d]{{0,18}})?")
_RANGE = re.compile(
    rf"({_SIGNED})\s*([^\d\s.,+\-−–]{{0,8}}?)\s*(?:\.\.+|…|–|~|\bto\b|\bbis\b|(?<=\s)-(?=\s))\s*"
    rf"({_SIGNED})\s*([^\d]{{0,20}})"
)
_UNIT = re.compile(r"[^\d\s.,;:()\[\]]{1,12}(?:/[^\s]{1,8})?")


@dataclass(frozen=True)
class Line:
    """One line of a datasheet, as :class:`suppliers.models.Parameter` holds it."""

    name: str
    minimum: float | None = None
    typical: float | None = None
    maximum: float | None = None
    text: str = ""
    unit: str = ""
    condition: str = ""

    def merged(self, other: Line) -> Line:
        """This line with what another column said of the same parameter."""
        said = {
            name: value
            for name in ("minimum", "typical", "maximum", "text", "unit")
            if (value := getattr(other, name)) not in (None, "")
        }
        return replace(self, **said)


def read_header(header: str) -> tuple[str, str, str]:
    """Name, bound (``minimum``, ``typical``, ``maximum`` or '') and unit of a column's header."""
    name, bound, unit = header.strip(), "", ""
    for inside in reversed(_BRACKETS.findall(name)):
        if inside.lower().rstrip(".") in _BOUNDS:
            bound = _BOUNDS[inside.lower().rstrip(".")]
        elif not unit and _UNIT.fullmatch(inside):
            unit = inside
        else:
            continue
        name = re.sub(r"\s*[\[(]\s*" + re.escape(inside) + r"\s*[\])]", "", name)
    if not unit and (match := _COMMA_UNIT.search(name)):
        unit, name = match[1], name[: match.start()]
    words = re.split(r"[\s_]+", name)
    for place in (-1, 0):
        word = words[place].lower().rstrip(".")
        if len(words) > 1 and word in _BOUNDS and not bound:
            bound = _BOUNDS[word]
            words.pop(place)
            name = " ".join(words)
    return " ".join(name.split()), bound, unit


def read_cell(name: str, cell: str, *, bound: str = "", unit: str = "") -> Line:
    """What a cell says of a parameter; the cell's own unit wins over the header's."""
    text = " ".join(cell.split())
    if found := _RANGE.fullmatch(text):
        low, high = _number(found[1]), _number(found[3])
        units = {one for one in (found[2], found[4].strip()) if one}
        if low is not None and high is not None and low <= high and len(units) <= 1:
            return Line(name, minimum=low, maximum=high, unit=units.pop() if units else unit)
    if found := _QUANTITY.fullmatch(text):
        value, own = _number(found[1]), (found[2] or "").strip()
        if value is not None and (not own or _UNIT.fullmatch(own)):
            said: dict[str, Any] = {bound or "typical": value}
            return Line(name, unit=own or unit, **said)
    return Line(name, text=text, unit=unit)


def _number(text: str) -> float | None:
    if re.match(r"[+-]?0\d", text):  # 0603 is the name of a package
        return None
    try:
        return float(numerals.read(text.replace("−", "-"), "", 30, 15))
    except numerals.UnreadableNumber:
        return None
