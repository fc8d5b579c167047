"""Template tags of the FMEA: ``{% load fmea %}``. Cells are drawn in Python for speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

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
_PLAIN = SafeString('<span class="cell">{}</span>')
_LINK = SafeString('<a class="cell{}" href="{}#id_{}" aria-label="{}, row {}: {}">{}</a>')
_WRONG = SafeString(
    '<span class="cell-note" id="note-{}-{}" data-note{}>{}</span>'
    '<a class="cell" href="{}#id_{}" aria-label="{}, row {}: {}, not saved" '
    'aria-describedby="note-{}-{}">{}</a>'
)


@register.simple_tag
def fmea_cell(row: FmeaRow, name: str, url: str, problem: Mapping[str, Any] | None) -> SafeString:
    """The content of a cell: a link to its form, which the grid edits in place.

    ``url`` is that of the row's form, '' for readers. A cell with a problem has the typed value.
    """
    value = getattr(row, name)
    text = "" if value is None else str(value)
    if not url:
        return format_html(_PLAIN, text or "–")
    label, number = LABELS[name], row.position
    if problem and problem.get("cell") == name:
        mine = mark_safe(" data-mine") if problem.get("mine") else ""
        return format_html(
            _WRONG, row.pk, name, mine, problem["message"], url, name, label, number,
            problem["typed"], row.pk, name, problem["typed"] or "–",
        )  # fmt: skip
    empty = "" if text else " none"
    return format_html(_LINK, empty, url, name, label, number, text or "not filled in", text or "–")


@register.simple_tag
def cell_attributes(row: FmeaRow, name: str, problem: Mapping[str, Any] | None) -> SafeString:
    """The attributes by which the grid knows a cell and its saved value."""
    value = getattr(row, name)
    wrong = problem and problem.get("cell") == name
    kind = " n" if name in RATINGS else ""
    return format_html(
        'class="fc{}{}" data-part="{}" data-cell="{}" data-value="{}" data-label="{}"',
        kind, " er" if wrong else "", name, name, "" if value is None else value, LABELS[name],
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
