"""Quantities as people write them."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from .characters import one_line

_NUMBER = re.compile(
    r"(?:x\s*)?(\d{1,3}(?:[ ']\d{3})+|\d+(?:[.,]\d+)*|[.,]\d+)\s*"
    r"(?:x|pcs?\.?|pieces?|ea\.?|each|stk\.?|st\.?|stück|set|sets|units?|no\.?|nos\.?|m|mm|cm|ft|g|个|個|шт\.?)?",
    re.IGNORECASE,
)
_AS_REQUIRED = re.compile(
    r"a/?r|as req(?:uired|'d)?\.?|as needed|nach bedarf|n\.b\.|bedarf|selon besoin", re.IGNORECASE
)


@lru_cache(maxsize=16384)
def read_quantity(text: str) -> Decimal | None:
    """The number in a quantity cell; None when there is none. Never negative."""
    match = _NUMBER.fullmatch(one_line(text))
    if not match:
        return None
    try:
        return Decimal(_plain_number(match[1]))
    except InvalidOperation:
        return None


def _plain_number(text: str) -> str:
    text = text.replace(" ", "").replace("'", "")
    if "," in text and "." in text:
        decimal = max(text.rfind(","), text.rfind("."))
        return text[:decimal].replace(",", "").replace(".", "") + "." + text[decimal + 1 :]
    if text.count(",") == 1 and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return text.replace(",", ".")
    return text.replace(",", "")


def is_as_required(text: str) -> bool:
    """Whether a quantity cell says that as much is used as is needed."""
    return bool(_AS_REQUIRED.fullmatch(one_line(text)))
