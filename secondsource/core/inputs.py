"""Checks of the inputs of calculations.

Every refusal is an :class:`InputError` with the field and the allowed range, for messages beside
fields and pointers of the API.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

MAX_COUNT = 1_000_000_000
"""Largest count of units a calculation accepts."""
MAX_NUMBER = 1e15
"""Largest magnitude of a number: keeps sums and squares inside double precision."""
LEAST_TAIL = 1e-12
"""Least distance of a level from 0 and 1: nearer ones have no quantile in double precision."""
MAX_LIST = 1_000
"""Longest list of things (lines, options, groups)."""
MAX_SERIES = 100_000
"""Longest list of measured values."""
MAX_DIGITS = 30
"""Most digits of a decimal."""


class InputError(ValueError):
    """A value that a calculation refuses.

    ``field`` is the dotted path to the value (``models.2.passed``), ``code`` a fixed word for
    programs, ``message`` a sentence with the allowed values, without the name of the field.
    """

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.code = code
        self.message = message

    @property
    def pointer(self) -> str:
        """JSON pointer (RFC 6901) to the value, empty for the whole body."""
        return "/" + self.field.replace(".", "/") if self.field else ""

    def renamed(self, field: str) -> InputError:
        """The same refusal with another name of the field."""
        return type(self)(field, self.code, self.message)


def refuse(field: str, code: str, message: str) -> NoReturn:
    """Raise :class:`InputError`."""
    raise InputError(field, code, message)


def number(
    field: str,
    value: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> float:
    """A finite number inside ``[low, high]`` or strictly inside ``(above, below)``.

    Raises :class:`InputError` for text, booleans, NaN, infinities and values outside the range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        refuse(field, "not_a_number", f"must be a number {_span(low, high, above, below)}".rstrip())
    if isinstance(value, float) and not math.isfinite(value):
        refuse(field, "not_finite", "must be a finite number; NaN and infinity are refused")
    if isinstance(value, Decimal) and not value.is_finite():
        refuse(field, "not_finite", "must be a finite number; NaN and infinity are refused")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        refuse(field, "out_of_range", f"must lie between -{MAX_NUMBER:g} and {MAX_NUMBER:g}")
    _within(field, float(value), low, high, above, below)
    return float(value)


def integer(field: str, value: Any, *, low: int = 0, high: int = MAX_COUNT) -> int:
    """A whole number from ``low`` to ``high``; ``8.0`` is whole, ``8.5``, ``true`` and text are
    not.
    """
    whole = isinstance(value, int) or (isinstance(value, float | Decimal) and value == value // 1)
    if isinstance(value, bool) or not whole:
        refuse(field, "not_an_integer", f"must be a whole number from {low} to {high}")
    if not low <= value <= high:
        refuse(field, "out_of_range", f"must be a whole number from {low} to {high}")
    return int(value)


def decimal(
    field: str,
    value: Any,
    *,
    low: Decimal | int | str | None = None,
    high: Decimal | int | str | None = None,
    above: Decimal | int | str | None = None,
) -> Decimal:
    """An exact decimal from a decimal string, an integer or a number; bounds are inclusive.

    A float is read by its shortest text (0.1 is 0.1). Raises :class:`InputError` for anything
    else, for NaN, and for more than 30 digits.
    """
    result = _as_decimal(field, value)
    if result.adjusted() < -MAX_DIGITS:
        refuse(field, "out_of_range", f"must be 0 or at least 1e-{MAX_DIGITS} in size")
    if result.adjusted() > 15 or len(result.as_tuple().digits) > MAX_DIGITS:
        refuse(field, "out_of_range", f"must have at most {MAX_DIGITS} digits and be below 1e16")
    least, most, over = (None if b is None else Decimal(b) for b in (low, high, above))
    _within(field, result, least, most, over, None)
    return result


def probability(field: str, value: Any) -> float:
    """A probability from 0 to 1, both ends included."""
    return number(field, value, low=0.0, high=1.0)


def open_probability(field: str, value: Any) -> float:
    """A level strictly between 0 and 1 (a confidence, a significance, a reliability)."""
    level = number(field, value, above=0.0, below=1.0)
    if not LEAST_TAIL <= level <= 1 - LEAST_TAIL:
        refuse(field, "out_of_range", f"must be at least {LEAST_TAIL:g} from 0 and from 1")
    return level


def choice(field: str, value: Any, options: Iterable[str]) -> str:
    """One of the listed words."""
    words = list(options)
    if not isinstance(value, str) or value not in words:
        refuse(field, "unknown_choice", "must be one of " + ", ".join(words))
    return value


def text(field: str, value: Any, *, most: int = 200) -> str:
    """A name: text of 1 to ``most`` characters."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        refuse(field, "not_a_name", f"must be a name of 1 to {most} characters")
    return value


def sequence(field: str, value: Any, *, least: int = 1, most: int = MAX_LIST) -> Sequence[Any]:
    """A list of ``least`` to ``most`` entries; the length is checked before the entries."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        refuse(field, "not_a_list", f"must be a list of {least} to {most} entries")
    if not least <= len(value) <= most:
        code = "too_many" if len(value) > most else "too_few"
        refuse(field, code, f"must be a list of {least} to {most} entries")
    return value


def series(field: str, value: Any, *, least: int = 1, most: int = MAX_SERIES) -> list[float]:
    """A list of finite numbers; the error names the entry (``data.17``)."""
    entries = sequence(field, value, least=least, most=most)
    return [number(f"{field}.{place}", entry) for place, entry in enumerate(entries)]


def day(field: str, value: Any) -> date:
    """A calendar day, from a date or an ISO 8601 string (``2026-03-01``)."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        refuse(field, "not_a_date", "must be a calendar date written as YYYY-MM-DD")


def flag(field: str, value: Any) -> bool:
    """True or false; other types are refused."""
    if not isinstance(value, bool):
        refuse(field, "not_a_boolean", "must be true or false")
    return value


def _as_decimal(field: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        refuse(field, "not_a_number", 'must be a decimal such as "1.25"')
    if isinstance(value, int) and abs(value) > 10**16:
        refuse(field, "out_of_range", f"must have at most {MAX_DIGITS} digits and be below 1e16")
    if isinstance(value, str) and not _is_plain_number(value):
        refuse(field, "not_a_number", 'must be a decimal such as "1.25"')
    try:
        result = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        refuse(field, "not_a_number", 'must be a decimal such as "1.25"')
    if not result.is_finite():
        refuse(field, "not_finite", "must be a finite number; NaN and infinity are refused")
    return result


def _is_plain_number(text: str) -> bool:
    """Whether a text is a short plain number, without underscores and other scripts' digits."""
    return text.isascii() and "_" not in text and len(text) <= 2 * MAX_DIGITS


def _within(field: str, value: Any, low: Any, high: Any, above: Any, below: Any) -> None:
    outside = (
        (low is not None and value < low)
        or (high is not None and value > high)
        or (above is not None and value <= above)
        or (below is not None and value >= below)
    )
    if outside:
        refuse(field, "out_of_range", f"must be {_span(low, high, above, below)}")


def _span(low: Any, high: Any, above: Any, below: Any) -> str:
    parts = [
        "" if above is None else f"above {_plain(above)}",
        "" if low is None else f"at least {_plain(low)}",
        "" if below is None else f"below {_plain(below)}",
        "" if high is None else f"at most {_plain(high)}",
    ]
    return " and ".join(part for part in parts if part)


def _plain(value: Any) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
