"""Cells of the parts list, drawn without templates: a page has four hundred of them.

Cells with few possible values are cached for the life of the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from parts.models import PartFigures
from parts.views import chips
from qualification.models.cases import GATES, State
from secondsource.core import formats
from secondsource.core.chips import StateChip
from secondsource.core.templatetags.ui import avatar, chip, icon, mrail

_MISSING = mark_safe(f'<span class="t3">{formats.MISSING}</span>')
_BASES = {value: escape(str(label)) for value, label in PartFigures.Basis.choices}


@lru_cache(maxsize=64)
def _lifecycle(found: StateChip) -> SafeString:
    if found.tone:
        return chip(found.text, found.tone, icon=found.icon)
    if found.text == "Unknown":
        return _MISSING
    return format_html('<span title="{}">{}</span>', found.title, found.text)


def lifecycle(row: Any, value: StateChip, view: Any) -> SafeString:
    """A chip where action is needed, else plain text."""
    return _lifecycle(value)


def sources(row: Any, value: Any, view: Any) -> SafeString:
    """The source pips."""
    return chips.pips(value)


#: What a cell says below its head; the tooltip has the whole words.
_SHORT = {
    "No approved source": "None", "Single source": "Single",
    "Not counted: own assembly or not used": "Not counted",
    " independence not known": " not known",
}  # fmt: skip


@lru_cache(maxsize=16)
def _count(found: StateChip) -> SafeString:
    words, _, how = found.text.partition(",")
    css = {"bad": "bad b", "info": "info"}.get(found.tone, "t2")
    note = format_html('<span class="t3">,{}</span>', _SHORT.get(how, how)) if how else ""
    return format_html(
        '<span class="s" title="{}"><span class="{}">{}</span>{}</span>',
        found.text, css, _SHORT.get(words, words), note,
    )  # fmt: skip


def count(row: Any, value: StateChip, view: Any) -> SafeString:
    """In how many sources the part counts."""
    return _count(value)


def spend(row: Any, value: Any, view: Any) -> SafeString:
    """Spend of twelve months, with its basis as a tooltip."""
    shown = escape(formats.money(value, view.currency))
    basis = _BASES[row.figures.spend_basis]
    if row.figures.unpriced_receipts:
        basis += f"; receipts without a price, left out: {row.figures.unpriced_receipts}"
    return mark_safe(f'<span class="num" title="Basis: {basis}">{shown}</span>')


def cover(row: Any, value: Any, view: Any) -> SafeString:
    """Weeks on hand against the lead time, red when they are fewer."""
    lead = row.figures.lead_wk
    short = value is not None and lead is not None and value < lead
    on_hand = formats.number(value, 1)
    if short:
        on_hand = f'<b class="bad">{on_hand}</b>'
    weeks = "–" if lead is None else f"{formats.number(lead, 0)} wk"
    return mark_safe(f'<span class="num">{on_hand}<span class="t3"> / {weeks}</span></span>')


@dataclass(frozen=True)
class CaseStage:
    """Where a case is: its word, the current of seven gates, whether it is done.

    ``current`` 0 is before the first gate, None draws no rail.
    """

    text: str
    current: int | None = None
    done: bool = False


@cache
def stage(state: str) -> CaseStage:
    """A case's state as lists show it; '' is a part without a case."""
    if not state:
        return CaseStage("Not started")
    word = State(state)
    label = word.label[:1].upper() + word.label[1:]
    if word in GATES:
        return CaseStage(label, GATES.index(word) + 1)
    if word == State.CLOSED:
        return CaseStage(label, done=True)
    return CaseStage(label, 0 if word == State.DRAFT else None)


@cache
def _rail(found: CaseStage) -> SafeString:
    drawn: Any = ""
    if found.done:
        drawn = icon("check", 14, css="good")
    elif found.current is not None:
        drawn = mrail(found.current)
    css = "t3" if found.text == "Not started" else ""
    return format_html(
        '<span class="row nwr s t2">{}<span class="{}">{}</span></span>', drawn, css, found.text
    )


def rail(row: Any, value: CaseStage, view: Any) -> SafeString:
    """The gate where the part's case is."""
    return _rail(value)


def owner(row: Any, value: Any, view: Any) -> SafeString:
    """The owner's initials."""
    return avatar(value)
