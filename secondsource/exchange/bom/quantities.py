"""Quantities as people write them."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from secondsource.core import numerals

from .characters import one_line

_NUMBER = re.compile(
    r"(?:x\s*)?(\d{1,3}(?:[ ']\d{3})+|\d+(?:[.,]\d+)*|[.,]\d+)\s*"
    r"(?:x|pcs?\.?|pce\.?|pieces?|pièces?|ea\.?|each|stk\.?|st\.?|stck\.?|stück|szt\.?|ks|pz\.?|uds?\.?|"
    r"sets?|units?|no\.?|nos\.?|m|mm|cm|ft|in|g|kg|ml|l|rolls?|pairs?|paar|个|個|只|颗|шт\.?)?",
    re.IGNORECASE,
)
_PRICE = re.compile(r"(?:[€$£¥]|[A-Z]{3})?\s*(\d+(?:[.,]\d+)*)\s*(?:[€$£¥]|[A-Z]{3})?")
#: No line of a product holds a billion of anything; such a number is one that slipped.
_DIGITS = (29, 20)
_THOUSAND_OR_NOT = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_AS_REQUIRED = re.compile(
    r"a/?r|as req(?:uired|'d)?\.?|as needed|n(?:ach|\.)\s*bedarf|n\.b\.|bedarf|selon besoin",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def read_quantity(text: str, mark: str = "") -> Decimal | None:
    """The number in a quantity cell; None when there is none. Never negative, below a billion.

    `mark` is the decimal sign of the column where it is known: `2,000` is 2 with a comma. Without
    one the cell says it, and `1,000` is a thousand; so it does where it speaks against the column.
    """
    match = _NUMBER.fullmatch(one_line(text))
    if not match:
        return None
    own = numerals.form_of([match[1]]).strip("?") or "."
    number = _number(match[1], mark or own)
    if number is None and mark:
        number = _number(match[1], own)
    if number is None:
        return None
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _number(text: str, form: str) -> Decimal | None:
    try:
        return Decimal(numerals.read(text, form, *_DIGITS))
    except numerals.UnreadableNumber:
        return None


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal sign that the numbers of a column prove, `,` or `.`; empty for none and both.

    `0,5` proves a comma. Where all numbers have three places, `2,000` and `12,000`, they are
    places of a stock system and no thousands: no board has nothing but thousands.
    """
    numbers = [match[1] for cell in cells if (match := _NUMBER.fullmatch(one_line(cell)))]
    if proved := _proved(numbers):
        return proved.pop() if len(proved) == 1 else ""
    for mark in ",.":
        if len(numbers) > 1 and all(
            re.fullmatch(rf"\d+{re.escape(mark)}\d{{3}}", one) for one in numbers
        ):
            return mark
    return ""


def proved_mark(cells: Iterable[str]) -> str:
    """The decimal sign that single numbers of a column prove, prices with their currency too."""
    found = _proved(match[1] for cell in cells if (match := _PRICE.fullmatch(one_line(cell))))
    return found.pop() if len(found) == 1 else ""


def _proved(numbers: Iterable[str]) -> set[str]:
    forms = ((one, numerals.form_of([one])) for one in numbers)
    return {form for one, form in forms if form in (",", ".") and _number(one, form) is not None}


def is_ambiguous(text: str) -> bool:
    """Whether a number is a thousand to some and one with three places to others: `1,000`."""
    match = _NUMBER.fullmatch(one_line(text))
    return bool(match and _THOUSAND_OR_NOT.fullmatch(match[1]))


def is_as_required(text: str) -> bool:
    """Whether a quantity cell says that as much is used as is needed."""
    return bool(_AS_REQUIRED.fullmatch(one_line(text)))
