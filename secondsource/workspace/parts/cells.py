"""Cells of the parts list, drawn without templates: a page has four hundred of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from secondsource.core import formats
from secondsource.core.templatetags.ui import avatar, chip, icon, mrail, pips

_MISSING = mark_safe(f'<span class="t3">{formats.MISSING}</span>')


def number(row: Any, value: Any, view: Any) -> SafeString:
    """Our part number, leading to the part's page."""
    url = reverse("part_detail", args=[row.ipn])
    return format_html('<a class="mpn" href="{}">{}</a>', url, value)


def mpn(row: Any, value: Any, view: Any) -> SafeString:
    """A maker's number."""
    return format_html('<span class="mpn">{}</span>', value or formats.MISSING)


def lifecycle(row: Any, value: Any, view: Any) -> SafeString:
    """A chip where somebody should act, plain text else."""
    if value.tone:
        return chip(value.text, value.tone, icon=value.icon)
    if value.text == "Unknown":
        return _MISSING
    return format_html('<span title="{}">{}</span>', value.title, value.text)


def sources(row: Any, value: Any, view: Any) -> SafeString:
    """The source pips."""
    return pips(value)


def spend(row: Any, value: Any, view: Any) -> SafeString:
    """Money of twelve months; what it rests on on hovering."""
    basis = row.figures.get_spend_basis_display()
    shown = formats.money(value, view.currency)
    return format_html('<span class="num" title="Basis: {}">{}</span>', basis, shown)


def cover(row: Any, value: Any, view: Any) -> SafeString:
    """Weeks on hand against the lead time, red when they are fewer."""
    lead = row.figures.lead_wk
    short = value is not None and lead is not None and value < lead
    weeks = "–" if lead is None else f"{formats.number(lead, 0)} wk"
    return format_html(
        '<span class="num"><b class="{}">{}</b><span class="t3"> / {}</span></span>'
        if short
        else '<span class="num{}">{}<span class="t3"> / {}</span></span>',
        "bad" if short else "", formats.number(value, 1), weeks,
    )  # fmt: skip


def case(row: Any, value: Any, view: Any) -> SafeString:
    """The gate where the part's case stands."""
    mark: Any = ""
    if value.done:
        mark = icon("check", 14, css="good")
    elif value.current is not None:
        mark = mrail(value.current, blocked=value.blocked)
    css = "t3" if value.text == "Not started" else ""
    return format_html(
        '<span class="row nwr s t2">{}<span class="{}">{}</span></span>', mark, css, value.text
    )


def owner(row: Any, value: Any, view: Any) -> SafeString:
    """The owner's initials."""
    return avatar(value)
