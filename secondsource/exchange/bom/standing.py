"""What a cell says of a source: which one comes first, and what another system decided about it."""

from __future__ import annotations

import re
from functools import lru_cache

from .characters import one_line, without_accents
from .wordlists import NO, YES, phrase_set

APPROVED, REFUSED, OPEN, UNKNOWN = "approved", "refused", "open", "unknown"

_PREFERRED = phrase_set("preferred|primary|bevorzugt|vorzug|prefere|preferido|preferito|优选|首选")
_FIRST = _PREFERRED | phrase_set(
    "main|first|first choice|1st|1st choice|default|prime|principal|erste wahl|第一"
)
_OTHER = phrase_set(
    "alternate|alternative|second|secondary|2nd|2nd source|second source|backup|third|3rd|"
    "substitute|equivalent|ersatz|zweitquelle|alternativ|secondaire|alternativa|备选|替代|第二"
)
_USABLE = phrase_set("approved|qualified|released|active|freigegeben|zugelassen|approuve|aprobado")
_APPROVED = phrase_set(
    "accepted|authorized|authorised|validated|ok|qualifiziert|homologue|qualifie|approvato"
).union(_PREFERRED, _USABLE, YES)
_OPEN = phrase_set(
    "candidate|proposed|pending|new|open|draft|in qualification|in progress|under qualification|"
    "under review|in review|under evaluation|in evaluation|evaluation|to be approved|"
    "to be qualified|none|tbd|unrated|offen|in prufung|kandidat|en cours"
).union(_OTHER, NO)
_BARRED = re.compile(
    r"\b(?:do not (?:use|buy)|don.?t use|not? (?:to be )?(?:used|approved|qualified|released"
    r"|recommended)|unapproved|disapproved|unqualified|obsolete|disqualified|rejected|blocked"
    r"|prohibited|inactive|gesperrt|nicht freigegeben|nicht verwenden|interdit)\b"
    r"|禁用|停用|^restricted$"
)
_REFUSED = re.compile(
    rf"{_BARRED.pattern}|\b(?:refused|denied|banned|barred|forbidden|disabled|discontinued|eol"
    r"|end of life|nrnd|last time buy|phase ?d? ?out|phasing out|suspended|revoked|withdrawn"
    r"|expired|cancelled|canceled|deleted|removed|retired|superseded|replaced|counterfeit|on hold"
    r"|hold|abgelehnt|veraltet|abgekundigt|refuse|bloque|ne pas utiliser)\b"
)
_LIMITED = re.compile(r"\b(condition|conditional\w*|restrict\w*|limited|except|only|until|if)\b")


def _words(text: str) -> str:
    folded = without_accents(one_line(text)).casefold()
    return re.sub(r"[\s_/.,;:()\-–]+", " ", folded).strip()


@lru_cache(maxsize=4096)
def verdict_of(text: str) -> str:
    """What a cell says of its source: ``APPROVED``, ``REFUSED``, ``OPEN`` or ``UNKNOWN``.

    A word against the source outweighs one for it. An approval with a restriction that the file
    says in words is ``UNKNOWN``: somebody has to read it.
    """
    words = _words(text)
    if _REFUSED.search(words):
        return REFUSED
    if words in _OPEN:
        return OPEN
    if words in _APPROVED:
        return APPROVED
    first = words.split(" ", 1)[0]
    return APPROVED if first in _APPROVED and not _LIMITED.search(words) else UNKNOWN


@lru_cache(maxsize=4096)
def forbids(text: str) -> bool:
    """Whether a cell says that the source is not to be used: more than that it will end."""
    return _BARRED.search(_words(text)) is not None


@lru_cache(maxsize=4096)
def ranks(text: str) -> bool:
    """Whether a cell says which source comes first, or that one is not to be used."""
    return _words(text) in _FIRST | _OTHER or forbids(text)


@lru_cache(maxsize=4096)
def is_preference(text: str) -> bool:
    """Whether a cell ranks a source or says whether it may be used."""
    return _words(text) in _USABLE or ranks(text)


@lru_cache(maxsize=4096)
def rank(text: str) -> float:
    """The place of a source: 1 for the preferred one, 2 for an alternate; 1.5 when nothing says.

    Under a header such as Preferred or Rank, yes and no and numbers say it too.
    """
    words = _words(text)
    if words.isdecimal() and len(words) < 4:
        return float(words)
    if words in _FIRST | YES:
        return 1.0
    return 2.0 if words in _OTHER | NO else 1.5
