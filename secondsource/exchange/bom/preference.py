"""Which of several sources of one line comes first, as a column of words says it."""

from __future__ import annotations

from functools import lru_cache

from .characters import one_line, without_accents
from .mapping import Role, Table
from .wordlists import phrase_set

_FIRST = phrase_set(
    "preferred|primary|main|first|first choice|1st|1st choice|default|prime|bevorzugt|vorzug|"
    "principal|prefere|preferido|preferito|erste wahl|优选|首选|第一"
)
_OTHER = phrase_set(
    "alternate|alternative|second|secondary|2nd|2nd source|second source|backup|third|3rd|"
    "substitute|equivalent|ersatz|zweitquelle|alternativ|secondaire|alternativa|备选|替代|第二"
)
_NONE = phrase_set("approved|qualified|released|active|freigegeben|zugelassen|approuve|aprobado")
_YES = frozenset({"yes", "y", "true", "x", "ja", "oui", "si", "是"})
_NO = frozenset({"no", "n", "false", "nein", "non", "否"})
_NEVER = phrase_set(
    "not approved|do not use|do not buy|not qualified|disqualified|rejected|blocked|inactive|"
    "disapproved|unapproved|obsolete|prohibited|restricted|not recommended|gesperrt|"
    "nicht freigegeben|nicht verwenden|interdit|禁用|停用"
)


def places(table: Table) -> dict[int, int]:
    """The number of the source that a column of standings speaks of, by the column's index.

    `Status B` behind `PN B`, or between two numbers: of the one before it. One column behind all
    numbers speaks of the line, and is not here.
    """
    own = [one for one in table.columns if one.role == Role.PREFERENCE]
    numbers = [one for one in table.columns if one.role in (Role.MPN, Role.MANUFACTURER_MPN)]
    found: dict[int, int] = {}
    for one in own if len(numbers) > 1 else ():
        before = [number for number in numbers if number.index < one.index]
        alike = [number for number in numbers if _rank(number.header) == _rank(one.header) != ""]
        between = len(before) < len(numbers) or len(own) > 1
        if len(alike) == 1:
            found[one.index] = alike[0].number
        elif before and between:
            found[one.index] = before[-1].number
    return found


def _rank(header: str) -> str:
    """The number or letter at the end of a header."""
    last = header.split()[-1].casefold() if header.split() else ""
    return last if len(last) == 1 else last[len(last.rstrip("0123456789")) :]


def _folded(text: str) -> str:
    return without_accents(one_line(text)).casefold().strip(" .")


@lru_cache(maxsize=1024)
def is_preference(text: str) -> bool:
    """Whether a cell ranks a source or says whether it may be used."""
    return _folded(text) in _FIRST | _OTHER | _NONE | _NEVER


@lru_cache(maxsize=1024)
def ranks(text: str) -> bool:
    """Whether a cell says which source comes first, or that one is not to be used."""
    return _folded(text) in _FIRST | _OTHER | _NEVER


@lru_cache(maxsize=1024)
def rank(text: str) -> float:
    """The place of a source: 1 for the preferred one, 2 for an alternate; 1.5 when nothing says.

    Under a header such as Preferred or Rank, yes and no and numbers say it too.
    """
    folded = _folded(text)
    if folded.isdecimal() and len(folded) < 4:
        return float(folded)
    if folded in _FIRST | _YES:
        return 1.0
    return 2.0 if folded in _OTHER | _NO else 1.5


@lru_cache(maxsize=1024)
def forbids(text: str) -> bool:
    """Whether a cell says that the source is not to be used."""
    return _folded(text) in _NEVER
