"""How the states of sources look: words, tones and icons in one place."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from secondsource.core.chips import StateChip
from secondsource.core.templatetags.ui import chip
from suppliers.models import Rfq, Source, Supplier, Takeover, TakeoverRow

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
    """Whether a source fails independently of the others."""
    return _INDEPENDENCE[Source.Independence(value)]


_STANDING = {
    Supplier.Standing.PREFERRED: ("good", ""),
    Supplier.Standing.PROBATION: ("warn", "triangle-alert"),
    Supplier.Standing.PHASE_OUT: ("warn", "triangle-alert"),
    Supplier.Standing.DISQUALIFIED: ("bad", "ban"),
}


def standing(row: Supplier) -> SafeString:
    """A supplier's standing: a chip where it matters, else plain text."""
    label = row.get_standing_display().capitalize()
    look = _STANDING.get(Supplier.Standing(row.standing))
    return chip(label, look[0], icon=look[1]) if look else format_html("{}", label)


_TAKEOVER = {
    "proposed": ("Proposed", "warn", "hourglass"),
    "confirmed": ("Confirmed", "info", "hourglass"),
    "refused": ("Refused", "bad", "ban"),
    Takeover.State.DONE: ("Done", "good", "circle-check"),
    TakeoverRow.State.APPROVED: ("Taken over", "good", "circle-check"),
}


def takeover(state: str) -> SafeString:
    """The state of a take-over or of one of its rows."""
    label, tone, icon = _TAKEOVER[state]
    return chip(label, tone, icon=icon)


_RFQ = {
    Rfq.State.DRAFT: ("out", "circle-dashed"),
    Rfq.State.SENT: ("info", "hourglass"),
    Rfq.State.CLOSED: ("warn", "clipboard-check"),
    Rfq.State.AWARDED: ("good", "circle-check"),
    Rfq.State.CANCELLED: ("out", "ban"),
}


def rfq(state: str) -> SafeString:
    """The state of a request for quotation."""
    word = Rfq.State(state)
    tone, icon = _RFQ[word]
    return chip(word.label.capitalize(), tone, icon=icon)


def without_case(source: Source) -> SafeString:
    """How an approval came in without a case."""
    taken_over = bool(source.approval and source.approval.kind == "takeover")
    return chip("Taken over", "info") if taken_over else chip("Legacy", "out")
