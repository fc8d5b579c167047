"""The key of a case: ``SSQ-0001``, and ``SSQ-10000`` from the ten-thousandth case on.

Python, SQL, URLs and search use this module.
"""

from __future__ import annotations

from django.db.models import Q

PREFIX = "SSQ-"
#: Digits with leading zeros, and the most digits.
DIGITS, MOST_DIGITS = 4, 8
#: The pattern of a key in a URL, without superfluous zeros; to be used in a group.
PATTERN = f"{PREFIX}[0-9]{{{DIGITS}}}|{PREFIX}[1-9][0-9]{{{DIGITS},{MOST_DIGITS - 1}}}"
#: The key of the column ``number`` in SQL.
SQL = f"'{PREFIX}' || lpad(number::text, greatest({DIGITS}, length(number::text)), '0')"


def case_key(number: int) -> str:
    """The key of the case with this number."""
    return f"{PREFIX}{number:0{DIGITS}d}"


def number_of(key: str) -> int:
    """The number behind a key that matches ``PATTERN``."""
    return int(key.removeprefix(PREFIX))


def matches(text: str) -> Q:
    """Cases with this number, with or without ``SSQ``, or with a key that begins with the text."""
    digits = text.removeprefix(PREFIX.rstrip("-")).lstrip("-")
    if digits.isdecimal() and len(digits) <= MOST_DIGITS:
        return Q(number=int(digits)) | begins(text)
    return begins(text)


def begins(text: str) -> Q:
    """Cases whose key begins with the text.

    ``SSQ-01`` is 100 to 199; ``SSQ-12`` is 1200 to 1299, 12000 to 12999 and so on.
    """
    digits = text.removeprefix(PREFIX)
    if PREFIX.startswith(text):
        return Q(number__gte=0)
    if digits == text or not (digits.isascii() and digits.isdecimal()):
        return Q(pk__in=[])
    longest = DIGITS if digits.startswith("0") else MOST_DIGITS
    found = Q(pk__in=[])
    for length in range(max(DIGITS, len(digits)), longest + 1):
        each = 10 ** (length - len(digits))
        first = int(digits) * each
        found |= Q(number__range=(first, first + each - 1))
    return found
