"""What the status column of an approved manufacturer list says, in the words of many systems."""

from __future__ import annotations

import re

APPROVED, REFUSED, OPEN, UNKNOWN = "approved", "refused", "open", "unknown"

_APPROVED = {
    "approved", "preferred", "qualified", "released", "active", "accepted", "authorized",
    "authorised", "validated", "primary", "yes", "y", "true", "x", "ok", "freigegeben",
    "zugelassen", "qualifiziert", "bevorzugt", "ja", "oui", "approuve", "approuvé", "homologue",
    "homologué", "qualifie", "qualifié", "aprobado", "approvato",
}  # fmt: skip
_OPEN = {
    "candidate", "proposed", "pending", "new", "open", "draft", "in qualification", "in progress",
    "under qualification", "under review", "in review", "under evaluation", "in evaluation",
    "evaluation", "to be approved", "to be qualified", "alternate", "no", "n", "false", "none",
    "tbd", "unrated", "nein", "offen", "in prüfung", "kandidat", "non", "en cours",
}  # fmt: skip
_REFUSED = re.compile(
    r"\b(do not use|don.?t use|not? (?:to be )?(?:used|approved|qualified|released|recommended)"
    r"|unapproved|unqualified|obsolete|disqualified|rejected|refused|denied|blocked|banned|barred"
    r"|prohibited|forbidden|inactive|disabled|discontinued|eol|end of life|nrnd|last time buy"
    r"|phase ?d? ?out|phasing out|suspended|revoked|withdrawn|expired|cancelled|canceled|deleted"
    r"|removed|retired|superseded|replaced|counterfeit|on hold|hold|gesperrt|abgelehnt|veraltet"
    r"|abgekündigt|nicht freigegeben|nicht verwenden|refusé|refuse|bloqué|obsolète|interdit"
    r"|ne pas utiliser)\b"
)
_LIMITED = re.compile(r"\b(condition|conditional\w*|restrict\w*|limited|except|only|until|if)\b")


def verdict_of(text: str) -> str:
    """What a cell says of its source: ``APPROVED``, ``REFUSED``, ``OPEN`` or ``UNKNOWN``.

    A word against the source outweighs one for it. An approval with a restriction that the file
    says in words is ``UNKNOWN``: somebody has to read it.
    """
    words = re.sub(r"[\s_/.,;:()\-–]+", " ", text.casefold()).strip()
    if _REFUSED.search(words):
        return REFUSED
    if words in _OPEN:
        return OPEN
    if words in _APPROVED:
        return APPROVED
    first = words.split(" ", 1)[0]
    return APPROVED if first in _APPROVED and not _LIMITED.search(words) else UNKNOWN
