"""Figures of an answer as people read them: units, per cent, and a dash for what is not known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from secondsource.core import formats

Answer = Mapping[str, Any]


def figure(value: Any, places: int | None = None) -> str:
    """A number with five figures: 77.645, 4,342.9, 0.0099184."""
    if formats.is_missing(value):
        return formats.MISSING
    if places is None:
        size = abs(float(value))
        exponent = math.floor(math.log10(size)) if size else 0
        if exponent < -7:
            return f"{float(value):.3g}".replace("-", formats.MINUS)
        places = max(0, 4 - exponent)
        return _stripped(formats.number(Decimal(str(value)), places))
    return formats.number(Decimal(str(value)), places)


def pct(fraction: Any, places: int = 2) -> str:
    """A fraction as per cent; more places where two would say 0 or 100."""
    if formats.is_missing(fraction):
        return formats.MISSING
    value = float(fraction)
    while places < 8 and 0 < value < 1 and round(value * 100, places) in (0, 100):
        places += 1
    text = _stripped(formats.number(Decimal(str(value * 100)), places))
    return f"{text}{formats.THIN_SPACE}%"


def points(fraction: Any, places: int = 2) -> str:
    """A difference of two fractions in points, with its sign: −0.55 points, +2 points."""
    if formats.is_missing(fraction):
        return formats.MISSING
    text = _stripped(formats.number(Decimal(str(fraction)) * 100, places))
    one = "point" if text.lstrip(formats.MINUS) == "1" else "points"
    return f"{'+' if float(fraction) > 0 else ''}{text} {one}"


def p_value(value: Any, against: float | None = None) -> str:
    """A chance under the null: four places, very small ones as below 0.0001.

    ``against`` is the level that decides: a chance next to it gets more places.
    """
    if formats.is_missing(value):
        return formats.MISSING
    if float(value) < 1e-4:
        return "below 0.0001"
    return formats.apart(value, value if against is None else against, formats.number, 4)[0]


def beside(value: Any, bound: Any) -> tuple[str, str]:
    """A value and its bound as figures, with the digits that decide."""
    size = abs(float(bound))
    places = max(0, 4 - math.floor(math.log10(size))) if size else 4
    shown = formats.apart(value, bound, figure, min(places, 8))
    return _stripped(shown[0]), _stripped(shown[1])


def _stripped(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit(name: str, places: int | None = None) -> Any:
    """A form that puts a unit behind the figure."""

    def shown(value: Any) -> str:
        text = figure(value, places)
        return text if text == formats.MISSING else f"{text}{formats.THIN_SPACE}{name}"

    return shown


def per_cent(value: Any) -> str:
    """A figure that is in per cent already."""
    return unit("%")(value)


def whole(value: Any) -> str:
    """Units, rounded to whole ones where they are not."""
    return formats.number(value, 0)


def many(count: Any, one: str, more: str = "") -> str:
    """``1 unit``, ``299 units``."""
    return f"{formats.number(count)} {one if count == 1 else more or one + 's'}"


def currency_of(asked: Answer) -> str:
    """The currency of the amounts that were typed; empty when none was named."""
    named = (v["currency"] for v in asked.values() if isinstance(v, Mapping) and "currency" in v)
    return next(named, "")


def money(value: Any, asked: Answer | None = None) -> str:
    """An amount with its own decimals, at least two, and its currency when one was named."""
    if formats.is_missing(value):
        return formats.MISSING
    exact = Decimal(str(value)) if not isinstance(value, float) else Decimal(f"{value:.2f}")
    exponent = exact.normalize().as_tuple().exponent
    places = max(2, min(6, -exponent)) if isinstance(exponent, int) else 2
    named = currency_of(asked or {})
    return formats.money(exact, named, places) if named else formats.number(exact, places)


def amount(value: Any) -> float:
    """A typed amount as a number, bare or with its currency."""
    return float(value["amount"] if isinstance(value, Mapping) else value)


def date(value: Any) -> str:
    """A calendar day with its year: an answer is copied and printed, and read years later."""
    if not value:
        return formats.MISSING
    day = dt.date.fromisoformat(value)
    return f"{day.day} {day:%b %Y}"


def yes_no(value: Any) -> str:
    """Yes, no or not known."""
    return formats.MISSING if value is None else "yes" if value else "no"


def word(value: Any) -> str:
    """A word of the interface as prose."""
    return formats.MISSING if value is None else _NAMES.get(value, str(value).replace("_", " "))


_NAMES = {"geo": "geopolitics", "esg": "ESG", "art33_duty": "must tell", "no_duty": "ok",
          "cif": "CIF", "fob": "FOB", "sub_tier": "sub-tier", "year-end": "end of the year",
          "mid-year": "middle of the year"}  # fmt: skip


def title(value: Any) -> str:
    """The same at the beginning of a line."""
    text = word(value)
    return text[:1].upper() + text[1:]


def plain(value: Any) -> str:
    """Any value, for what has no form of its own."""
    if formats.is_missing(value) or value in ([], {}):
        return formats.MISSING
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, int | float):
        return figure(value)
    if isinstance(value, Mapping):
        if set(value) == {"amount", "currency"}:
            return formats.money(value["amount"], value["currency"], 2)
        return ", ".join(f"{word(key)} {plain(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        inner = any(isinstance(entry, list | dict) for entry in value)
        return (" | " if inner else ", ").join(plain(entry) for entry in value)
    return str(value)
