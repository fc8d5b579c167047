"""Template tags of the FMEA: ``{% load fmea %}``. Cells are drawn in Python for speed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qualification import fmea_sheet
from qualification.fmea_sheet import RATINGS
from qualification.models import FmeaRow

register = template.Library()

LABELS = {
    "function": "Function",
    "failure_mode": "Failure mode",
    "effect": "Effect",
    "severity": "Severity",
    "cause": "Cause",
    "prevention": "Prevention control",
    "detection_control": "Detection control",
    "occurrence": "Occurrence",
    "detection": "Detection",
}
#: The parts of a cell that do not depend on its row, by name.
_HEAD = {
    name: f'data-part="{name}" data-cell="{name}" data-label="{label}"'
    for name, label in LABELS.items()
}
_CELL = '<{0} class="fc{1}" {2} data-value="{3}">{4}</{0}>'
_LINK = '<a class="cell{}" href="{}#id_{}" aria-label="{}, row {}: {}">{}</a>'
_WRONG = (
    '<span class="cell-note" id="note-{0}-{1}" data-note{2}>{3}</span>'
    '<a class="cell" href="{4}#id_{1}" aria-label="{5}, row {6}: {7}, not saved" '
    'aria-describedby="note-{0}-{1}">{8}</a>'
)


@register.simple_tag
def fmea_cell(
    row: FmeaRow, name: str, url: str, problem: Mapping[str, Any] | None, tag: str = "td"
) -> SafeString:
    """A cell with the attributes by which the grid knows it and its saved value.

    It contains a link to the form of its row (``url``, '' for readers), which the grid edits in
    place. A cell with a problem has the typed value. A worksheet has a thousand cells, so each
    value is escaped once and by itself.
    """
    value = getattr(row, name)
    text = "" if value is None else escape(str(value))
    kind = " n" if name in RATINGS else ""
    if not url:
        inner = f'<span class="cell">{text or "–"}</span>'
    elif problem and problem.get("cell") == name:
        kind, inner = f"{kind} er", _wrong_cell(row, name, url, problem)
    else:
        empty = "" if text else " none"
        said = text or "not filled in"
        label = LABELS[name]
        inner = _LINK.format(empty, escape(url), name, label, row.position, said, text or "–")
    return SafeString(_CELL.format(tag, kind, _HEAD[name], text, inner))


def _wrong_cell(row: FmeaRow, name: str, url: str, problem: Mapping[str, Any]) -> str:
    typed, mine = escape(problem["typed"]), " data-mine" if problem.get("mine") else ""
    return _WRONG.format(
        row.pk, name, mine, escape(problem["message"]), escape(url), LABELS[name], row.position,
        typed, typed or "–",
    )  # fmt: skip


@register.simple_tag
def ap(letter: str, accepted: bool = False) -> SafeString:
    """The square of an action priority; a dash while it is not rated."""
    if not letter:
        return SafeString('<span class="t3" title="Not rated">–</span>')
    word = {"H": "High", "M": "Medium", "L": "Low"}[letter]
    more = ", accepted" if accepted else ""
    return format_html(
        '<span class="ap {}{}" title="AP {}{}">{}<span class="vh"> {}{}</span></span>',
        letter, " acc" if accepted else "", word, more, letter, word, more,
    )  # fmt: skip


@register.filter
def revised(row: FmeaRow) -> Mapping[str, int | None] | None:
    """The ratings after the last completed action; None without one."""
    return fmea_sheet.revised_of(row, row.actions.all())


@register.filter
def target(row: FmeaRow) -> str:
    """The action priority that pending actions aim at; '' without whole targets."""
    for action in reversed(row.actions.all()):
        if action.is_pending:
            severity = action.target_severity or row.severity
            aims = {"occurrence": action.target_occurrence, "detection": action.target_detection}
            return fmea_sheet.priority({"severity": severity, **aims})
    return ""


_FILL = {"H": ("f-bad", "w"), "M": ("f-warns", "k"), "L": ("f-goods", "k")}
_WORDS = {"H": "high", "M": "medium", "L": "low"}
_WIDTH, _GAP, _LEAST = 207, 2, 22


@register.simple_tag
def ap_bar(counts: Mapping[str, int], label: str) -> SafeString:
    """A bar with a piece for each action priority: ``2 H``, ``4 M``, ``3 L``."""
    found = [(letter, counts[letter]) for letter in _FILL if counts.get(letter)]
    if not found:
        return SafeString('<span class="t3">Nothing rated</span>')
    room = _WIDTH - _GAP * (len(found) - 1) - _LEAST * len(found)
    total, x, pieces = sum(n for _, n in found), 0.0, []
    for letter, n in found:
        width = _LEAST + room * n / total
        css, text = _FILL[letter]
        pieces.append((css, f"{x:.1f}", f"{width:.1f}", text, f"{x + width / 2:.1f}", n, letter))
        x += width + _GAP
    said = ", ".join(f"{n} {_WORDS[letter]}" for letter, n in found)
    return format_html(
        '<svg width="{}" height="20" role="img" class="ch" aria-label="{}: {}">{}</svg>',
        _WIDTH, label, said, format_html_join("", _PIECE, pieces),
    )  # fmt: skip


_PIECE = (
    '<rect class="{}" x="{}" width="{}" height="20" rx="3"/>'
    '<text class="{} m" x="{}" y="14">{} {}</text>'
)
