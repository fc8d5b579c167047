"""How the states of sources look: words, tones and icons in one place."""

from __future__ import annotations

from secondsource.core.chips import StateChip
from suppliers.models import Source

_STATUS = {
    Source.Status.CANDIDATE: ("out", "circle-dashed"),
    Source.Status.IN_QUALIFICATION: ("info", ""),
    Source.Status.INTERIM: ("warn", "hourglass"),
    Source.Status.APPROVED: ("good", "circle-check"),
    Source.Status.REQUALIFY: ("warn", "refresh-cw"),
    Source.Status.PHASE_OUT: ("warn", "triangle-alert"),
    Source.Status.DISQUALIFIED: ("bad", "ban"),
}


def status(value: str) -> StateChip:
    """A source's status in words."""
    word = Source.Status(value)
    tone, icon = _STATUS[word]
    return StateChip(word.label[:1].upper() + word.label[1:], tone, icon)


_INDEPENDENCE = {
    Source.Independence.INDEPENDENT: StateChip("Independent", "out", "split"),
    Source.Independence.PARTLY: StateChip("Partly independent", "warn", "link-2"),
    Source.Independence.NOMINAL: StateChip("Nominal", "bad", "link-2"),
    Source.Independence.UNKNOWN: StateChip("Independence not known", "out", "circle-help"),
}


def independence(value: str) -> StateChip:
    """Whether a source survives what stops the others."""
    return _INDEPENDENCE[Source.Independence(value)]
