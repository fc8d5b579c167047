"""Money: exact decimals with an ISO 4217 currency, rounded half up, split to the last minor unit.

Unit prices keep at least six places; an amount is rounded to its currency's minor unit only when
it is posted. Amounts of different currencies are never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from secondsource.core import inputs

PRICE_PLACES = 6
"""Places a unit price is shown and kept with."""

_TWO_PLACES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED
VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"

MINOR_UNITS: dict[str, int] = (
    dict.fromkeys(_TWO_PLACES.split(), 2)
    | dict.fromkeys(_NO_PLACES.split(), 0)
    | dict.fromkeys(_THREE_PLACES.split(), 3)
)
"""Decimal places of each circulating currency (ISO 4217, list one)."""


def minor_units(currency: str, *, field: str = "currency") -> int:
    """Decimal places of a currency: 2 for USD, 0 for JPY, 3 for KWD.

    Raises :class:`~secondsource.core.inputs.InputError` for an unknown code.
    """
    if not is_currency(currency):
        inputs.refuse(field, "unknown_currency", "must be an ISO 4217 code such as EUR or USD")
    return MINOR_UNITS[currency]


def is_currency(code: object) -> bool:
    """Whether this is the code of a currency in circulation."""
    return isinstance(code, str) and code in MINOR_UNITS


def round_half_up(amount: Decimal, places: int = 2) -> Decimal:
    """Round to ``places`` decimals, halves away from zero; never gives a negative zero."""
    with localcontext() as context:
        context.prec = 60
        rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded.copy_abs() if rounded.is_zero() else rounded


def posted(amount: Decimal, currency: str) -> Decimal:
    """Rounded half up to the minor unit of a currency."""
    return round_half_up(amount, minor_units(currency))


def two_digits(amount: Decimal) -> Decimal:
    """Round to two significant digits, for readers who do not see exact sums."""
    if not amount:
        return amount
    places = Decimal(1).scaleb(amount.adjusted() - 1)
    return amount.quantize(places, rounding=ROUND_HALF_UP) + 0


def round_apart(value: Decimal, bound: Decimal, places: int = 2) -> Decimal:
    """Round half up, with enough places to stay on its side of a bound.

    4.9999 against 5 stays 4.9999, because a result "not met" must not be shown as 5.00.
    """
    side = value.compare(bound)
    while (rounded := round_half_up(value, places)).compare(bound) != side and places < 28:
        places += 1
    return rounded


def allocate(
    total: Decimal, weights: Sequence[Decimal | int], *, places: int = 2, field: str = "weights"
) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights`` so that the parts sum to it exactly.

    Largest remainder (Hare, Hamilton): every part is rounded down to a whole minor unit, and the
    rest goes to the largest fractions, ties in the order of the list. A negative total is split
    like its opposite. Raises :class:`~secondsource.core.inputs.InputError` when a weight is
    negative, when all are zero or there is none, and when the total has more places than the
    currency.
    """
    units = Fraction(total) * 10**places
    if units.denominator != 1:
        inputs.refuse("total", "not_rounded", f"must be rounded to {places} decimal places")
    shares = _shares(weights, field)
    sign = -1 if units < 0 else 1
    exact = [abs(units) * share for share in shares]
    whole = [int(part) for part in exact]
    by_fraction = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for place in by_fraction[: int(abs(units)) - sum(whole)]:
        whole[place] += 1
    return [Decimal(sign * part).scaleb(-places) if part else _zero(places) for part in whole]


def _zero(places: int) -> Decimal:
    return Decimal(0).scaleb(-places)


def _shares(weights: Sequence[Decimal | int], field: str) -> list[Fraction]:
    if any(weight < 0 for weight in weights):
        inputs.refuse(field, "negative", "must not be negative")
    total = sum((Fraction(weight) for weight in weights), Fraction(0))
    if total == 0:
        inputs.refuse(field, "all_zero", "must hold at least one share above 0")
    return [Fraction(weight) / total for weight in weights]
