"""Numbers in the attributes of a document."""

import math
from xml.etree.ElementTree import Element

from .errors import TabularError

_DIGITS = 18


def whole(element: Element, name: str) -> int:
    """The whole number of an attribute; 1 if it is missing. Raises ``TabularError``."""
    text = element.get(name, "1").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise _no_number(text)
    return int(text)


def decimal(text: str) -> float:
    """The number of a cell. Raises ``TabularError``."""
    try:
        number = float(text)
    except ValueError:
        raise _no_number(text) from None
    if not math.isfinite(number):
        raise _no_number(text)
    return number


def _no_number(text: str) -> TabularError:
    return TabularError("damaged", f"The document is damaged: “{text[:40]}” is not a number.")
