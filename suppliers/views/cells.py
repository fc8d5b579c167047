"""Cells of the lists of receipts, orders and offers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from secondsource.core import formats

_MISSING = SafeString(f'<span class="t3">{formats.MISSING}</span>')


def manufacturer_part(row: Any, value: Any, view: Any) -> SafeString:
    """The MPN with its manufacturer."""
    return format_html(
        '<span class="mpn">{}</span> <span class="t3">{}</span>', value.mpn, value.manufacturer.name
    )


def quantity(row: Any, value: Decimal | None, view: Any) -> SafeString:
    """A number; returns and counter-entries have a minus sign."""
    return _MISSING if value is None else format_html("{}", formats.number(value))


def price(row: Any, value: Decimal | None, view: Any) -> SafeString:
    """A unit price in the row's currency."""
    if value is None:
        return _MISSING
    return format_html("{}", formats.money_exact(value, row.currency))


def day(row: Any, value: Any, view: Any) -> SafeString:
    """A date, or a dash."""
    return _MISSING if value is None else format_html("{}", formats.day(value))


def action(url: str, label: str, of: str) -> SafeString:
    """A link with a hidden text that names its object."""
    return format_html('<a class="lk" href="{}">{}<span class="vh"> {}</span></a>', url, label, of)
