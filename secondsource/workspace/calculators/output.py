"""Outputs of calculators, and how figures of an answer look: a dash for what is not known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from secondsource.core import formats

Show = Callable[..., str]
"""Takes the value, and the decimal places where they are not the usual ones."""

_NAMES = {
    "geo": "geopolitics", "esg": "ESG", "art33_duty": "must tell", "no_duty": "ok", "cif": "CIF",
    "fob": "FOB", "sub_tier": "sub-tier", "year-end": "end of the year", "true": "yes",
    "mid-year": "middle of the year", "ttw": "direct, tank to wheel", "false": "no",
    "sato": "Sato", "farrington_manning": "Farrington–Manning",
    "wtw": "with the fuel's upstream part, well to wheel",
}  # fmt: skip


def as_figure(value: Any, places: int | None = None) -> str:
    """A number with five figures: 77.645, 4,342.9, 0.0099184."""
    if formats.is_missing(value):
        return formats.MISSING
    if places is None:
        size = abs(float(value))
        exponent = math.floor(math.log10(size)) if size else 0
        if exponent < -7:
            return f"{float(value):.3g}".replace("-", formats.MINUS)
        places = max(0, 4 - exponent)
    text = formats.number(Decimal(str(value)), places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_unit(name: str) -> Show:
    """A figure with its unit behind it."""

    def show(value: Any, places: int | None = None) -> str:
        text = as_figure(value, places)
        return text if text == formats.MISSING else f"{text}{formats.THIN_SPACE}{name}"

    return show


def as_share(value: Any, places: int = 2) -> str:
    """A fraction as per cent; more places where two would say 0 or 100."""
    if formats.is_missing(value):
        return formats.MISSING
    while places < 8 and 0 < float(value) < 1 and round(float(value) * 100, places) in (0, 100):
        places += 1
    return in_unit("%")(float(value) * 100, places)


def as_width(value: Any, places: int = 2) -> str:
    """A difference of two fractions in points: 2 points."""
    if formats.is_missing(value):
        return formats.MISSING
    text = as_figure(Decimal(str(value)) * 100, places)
    return f"{text} {'point' if text.lstrip(formats.MINUS) == '1' else 'points'}"


def as_points(value: Any, places: int = 2) -> str:
    """The same with its sign: −0.55 points, +2 points."""
    positive = not formats.is_missing(value) and float(value) > 0
    return f"{'+' if positive else ''}{as_width(value, places)}"


def as_p(value: Any, places: int = 4) -> str:
    """A chance under the null; very small ones as below 0.0001."""
    small = not formats.is_missing(value) and float(value) < 1e-4
    return "below 0.0001" if small else formats.number(value, places)


def as_whole(value: Any, places: int = 0) -> str:
    """Units, rounded to whole ones where they are not."""
    return formats.number(value, places)


def as_money(value: Any, currency: str = "") -> str:
    """An amount with its own decimals, at least two, and its currency when one was named."""
    if formats.is_missing(value):
        return formats.MISSING
    exact = Decimal(f"{value:.2f}" if isinstance(value, float) else str(value))
    exponent = exact.normalize().as_tuple().exponent
    places = max(2, min(6, -exponent)) if isinstance(exponent, int) else 2
    return formats.money(exact, currency, places) if currency else formats.number(exact, places)


def as_day(value: Any) -> str:
    """A calendar day with its year: an answer is copied and printed, and read years later."""
    return f"{(day := dt.date.fromisoformat(value)).day} {day:%b %Y}" if value else formats.MISSING


def as_yes_no(value: Any) -> str:
    """Yes, no or not known."""
    return formats.MISSING if value is None else "yes" if value else "no"


def as_word(value: Any) -> str:
    """A word of the API as prose."""
    return formats.MISSING if value is None else _NAMES.get(value, str(value).replace("_", " "))


def as_floor_life(value: Any) -> str:
    """Hours out of the dry bag; None is unlimited."""
    return {None: "unlimited", 0: "bake before use"}.get(value) or in_unit("h")(value)


def plain_text(value: Any) -> str:
    """Any value, for what has no form of its own."""
    if isinstance(value, bool):
        return as_yes_no(value)
    if isinstance(value, int | float):
        return as_figure(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{as_word(key)} {plain_text(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        nested = any(isinstance(entry, list | dict) for entry in value)
        value = (" | " if nested else ", ").join(plain_text(entry) for entry in value)
    return str(value or formats.MISSING)


def many(count: Any, noun: str) -> str:
    """``1 unit``, ``299 units``."""
    return f"{formats.number(count)} {noun if count == 1 else noun + 's'}"


def apart(show: Show, value: Any, bound: Any) -> tuple[str, str]:
    """A value and the bound that it is held against, with the digits that decide.

    A value below 0 is held against the same distance below 0.
    """
    if float(value) < 0 < float(bound):
        below, least = apart(show, -Decimal(str(value)), bound)
        return formats.MINUS + below.lstrip("+"), least
    places = {as_share: 2, as_points: 2, as_width: 2, as_p: 4, as_whole: 0}.get(show)
    if places is None:
        places = min(8, max(0, 4 - math.floor(math.log10(abs(float(bound)))))) if bound else 4
    return formats.apart(value, bound, show, places)


@dataclass(frozen=True)
class Output:
    """One output: its form, its label, and the attribute of the function's result, where another.

    ``per``: the input whose entries it has a value for. ``columns``: what each record of it holds.
    ``against``: the output beside it that it is held against.
    """

    show: Show
    label: str
    attribute: str = ""
    per: str = ""
    columns: tuple[Output, ...] = ()
    against: str = ""
    name: str = ""


def shown(**outputs: Output) -> tuple[Output, ...]:
    """Outputs by the names of the API."""
    return tuple(replace(output, name=name) for name, output in outputs.items())


def unit(name: str, label: str, attribute: str = "", **more: Any) -> Output:
    """An output in a unit."""
    return Output(in_unit(name), label, attribute, **more)


# One for each other form: ``whole("Units to test")``.
whole, figure, plain = (partial(Output, show) for show in (as_whole, as_figure, plain_text))
pct, points, width = (partial(Output, show) for show in (as_share, as_points, as_width))
price, p_value, on_day = (partial(Output, show) for show in (as_money, as_p, as_day))
word, yes_no, floor_life = (partial(Output, show) for show in (as_word, as_yes_no, as_floor_life))
euros = partial(Output, partial(as_money, currency="EUR"))
