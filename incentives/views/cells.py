"""Cells of the ledger."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from incentives.models import SavingLine
from secondsource.core import formats
from secondsource.core.money import posted
from secondsource.core.templatetags.ui import chip

_STAGES = {
    SavingLine.Stage.IDEA: ("", "circle-dashed"),
    SavingLine.Stage.COMMITTED: ("", "circle-dot"),
    SavingLine.Stage.CONTRACTED: ("info", "handshake"),
    SavingLine.Stage.REALISED: ("info", "truck"),
    SavingLine.Stage.VALIDATED: ("good", "circle-check"),
    SavingLine.Stage.REVERSED: ("bad", "undo-2"),
}


def stage_chip(line: SavingLine) -> SafeString:
    """The stage of a line."""
    tone, icon = _STAGES[SavingLine.Stage(line.stage)]
    return chip(capfirst(line.get_stage_display()), tone, icon=icon)


def stage(row: Any, value: Any, view: Any) -> SafeString:
    """The stage, and whether the line corrects another one."""
    return stage_chip(row)


def amount(row: Any, value: Any, view: Any) -> SafeString:
    """The exact amount."""
    return format_html("{}", formats.money_exact(posted(value, row.currency), row.currency))


def price(row: Any, value: Any, view: Any) -> SafeString:
    """A price in the company's currency."""
    shown = formats.MISSING if value is None else formats.money_exact(value, row.currency)
    return format_html("{}", shown)


def month(row: Any, value: Any, view: Any) -> SafeString:
    """The month of the line, and of its receipts where that is another one."""
    told = formats.month_name(row.month)
    if row.earned_in == row.month:
        return format_html("{}", told)
    of = f"of {formats.month_name(row.earned_in)}"
    return format_html('{}<br><span class="t3 s">{}</span>', told, of)


def relative(row: Any, value: Any, view: Any) -> SafeString:
    """The price against the baseline in per cent."""
    return format_html("{}", formats.change(value) if value is not None else formats.MISSING)


def quantity(row: Any, value: Any, view: Any) -> SafeString:
    """Units, with those that were returned."""
    if value is None:
        return format_html("{}", formats.MISSING)
    told = formats.number(value)
    if row.returned > 0:
        return format_html(
            '{} <span class="t3">({} returned)</span>', told, formats.number(row.returned)
        )
    return format_html("{}", told)
