"""Formats of values on pages: numbers, units, money, dates. Missing values are an en dash."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from secondsource.core import clock
from secondsource.core.money import MINOR_UNITS

MISSING = "–"
MINUS = "\u2212"
THIN_SPACE = "\u202f"  # narrow no-break space between a figure and its unit

_SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "CNY": "CN¥",
}
_STEPS = ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]

Numeric = int | float | Decimal | str


def _decimal(value: Numeric) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


#: Larger numbers are shown by a power of ten.
_HUGE = Decimal(10) ** 18
_TINY = Decimal("0.0001")
#: The significant digits of a float.
_MOST_PLACES = 17


def _by_power(value: Decimal) -> str:
    """``1.5e21``, ``2e−9``: three figures and a power of ten."""
    if not value.is_finite():
        return "∞" if value > 0 else f"{MINUS}∞"
    figures, power = f"{value:.2e}".split("e")
    shown = figures.rstrip("0").rstrip(".") + "e" + str(int(power))
    return shown.replace("-", MINUS)


def _rounded(value: Decimal, places: int) -> str:
    """``value`` with thousands commas, rounded half up, a true minus sign and no minus zero."""
    if abs(value) >= _HUGE:
        return _by_power(value)
    step = Decimal(1).scaleb(-places)
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    return MINUS + text if rounded < 0 else text


def is_missing(value: Any) -> bool:
    """Whether a value is missing: None, an empty string or NaN."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: Numeric | None, places: int | None = None) -> str:
    """``1,284``, ``0.98``; without ``places`` the value's own decimals, at most four.

    Very large numbers, and small ones that would be shown as 0, are shown by a power of ten.
    """
    if value is None or is_missing(value):
        return MISSING
    exact = _decimal(value)
    if places is not None:
        return _rounded(exact, places)
    if abs(exact) >= _HUGE or 0 < abs(exact) < _TINY:
        return _by_power(exact)
    shown = exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    exponent = shown.normalize().as_tuple().exponent
    return _rounded(shown, max(0, -exponent) if isinstance(exponent, int) else 0)


def rounded(value: Numeric | None) -> str:
    """``4,333``, ``43.3``, ``4.33``: a computed figure rounded to the unit or three digits."""
    if value is None or is_missing(value):
        return MISSING
    exact = _decimal(value)
    if not 0 < abs(exact) < _HUGE:
        return number(exact)
    places = max(0, 2 - exact.adjusted())
    return number(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def quantity(value: Numeric | None, unit: str, places: int | None = None) -> str:
    """``3.3 V``: the number, a narrow no-break space, the unit."""
    shown = number(value, places)
    return shown if shown == MISSING else f"{shown}{THIN_SPACE}{unit}"


def percent(fraction: Numeric | None, places: int = 0) -> str:
    """A fraction as percent: 0.366 with one place is ``36.6 %``."""
    if fraction is None or is_missing(fraction):
        return MISSING
    return f"{_rounded(_decimal(fraction) * 100, places)}{THIN_SPACE}%"


def apart(
    value: Numeric, bound: Numeric, show: Callable[[Numeric, int], str], places: int = 0
) -> tuple[str, str]:
    """A value and its bound, with enough digits to show their difference.

    ``show`` is :func:`number` or a similar function. If the two differ but look the same, both get
    more places: ``4.9996 %`` against ``5.0000 %``.
    """
    shown = show(value, places), show(bound, places)
    if _decimal(value) == _decimal(bound):
        return shown
    while shown[0] == shown[1] and places < _MOST_PLACES:
        places += 1
        shown = show(value, places), show(bound, places)
    return shown


def change(fraction: Numeric | None, places: int = 0) -> str:
    """A relative difference with its sign: −0.38 is ``−38 %``, 0.05 is ``+5 %``."""
    shown = percent(fraction, places)
    positive = shown not in (MISSING, percent(0, places)) and _decimal(fraction or 0) > 0
    return f"+{shown}" if positive else shown


def money(value: Numeric | None, currency: str, places: int = 0) -> str:
    """``$86,360``; two places for unit prices, ledger lines and pools (more where needed)."""
    if value is None or is_missing(value):
        return MISSING
    return _with_currency(_rounded(_decimal(value), places), currency)


def money_exact(value: Numeric | None, currency: str) -> str:
    """With cents, or the places of its currency, for unit prices, ledger lines and pools.

    More places are shown if the value has them: at most four, or six if four would show 0.
    """
    if value is None or is_missing(value):
        return MISSING
    exact = _decimal(value)
    most = 6 if 0 < abs(exact) < _TINY else 4
    exponent = round(exact, most).normalize().as_tuple().exponent if abs(exact) < _HUGE else 0
    least = MINOR_UNITS.get(currency, 2)
    return money(exact, currency, max(least, -exponent if isinstance(exponent, int) else 0))


def rate(value: Decimal) -> str:
    """An exchange rate with eight significant digits at most: ``1.0923``, ``0.0061728395``."""
    return f"{Decimal(f'{value:.8g}').normalize():f}"


def money_short(value: Numeric | None, currency: str) -> str:
    """``$6.74M``, ``$254k``, ``$960``: an amount with three figures for headlines."""
    if value is None or is_missing(value):
        return MISSING
    exact = _decimal(value)
    for step, suffix in _STEPS:
        if abs(exact) >= step:
            scaled = exact / step
            places = 2 if suffix != "k" and abs(scaled) < 100 else 0
            return _with_currency(_rounded(scaled, places) + suffix, currency)
    return _with_currency(_rounded(exact, 0), currency)


def _with_currency(text: str, currency: str) -> str:
    """The amount with its currency, or with a remark if the currency is missing."""
    if not currency:
        return f"{text} (no currency)"
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{currency}{THIN_SPACE}{sign}{digits}"


def day(value: dt.date | dt.datetime | None) -> str:
    """``21 Aug``, with the year when it is not this one."""
    if value is None:
        return MISSING
    date = _local(value)
    shown = f"{date.day} {_MONTHS[date.month - 1]}"
    return shown if date.year == clock.business_day().year else f"{shown} {date.year}"


def month_name(value: dt.date) -> str:
    """``Jun 2026``."""
    return f"{value:%b %Y}"


def weekday(value: dt.date | dt.datetime | None) -> str:
    """``Fri 21 Aug``."""
    return MISSING if value is None else f"{_local(value):%a} {day(value)}"


def moment(value: dt.datetime | None) -> str:
    """``21 Aug, 09:40`` in the reader's time zone."""
    if value is None:
        return MISSING
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"


def _local(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def initials(name: str | None) -> str:
    """At most two initials: ``MA`` for Mira Adeyemi."""
    words = [word for word in (name or "").replace(".", " ").split() if word[0].isalnum()]
    letters = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper() or "?"


def cell(value: Any) -> str:
    """A value in a table cell without a template."""
    if is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    return number(value) if isinstance(value, int | float | Decimal) else str(value)
