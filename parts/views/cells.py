"""Cells about parts that lists share, drawn without templates."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from secondsource.core import formats

#: The table cuts longer ones.
_LONG_MPN = 28


@cache
def _list_address() -> str:
    return reverse("part_list")


def part_link(row: Any, value: Any, view: Any) -> SafeString:
    """The IPN, which leads to the part's page; its letters need no quoting (part_ipn_form)."""
    text = escape(value)
    return mark_safe(f'<a class="mpn" href="{_list_address()}{text}/">{text}</a>')


def mpn(row: Any, value: Any, view: Any) -> SafeString:
    """An MPN."""
    said = escape(value or formats.MISSING)
    title = f' title="{said}"' if len(said) > _LONG_MPN else ""
    return mark_safe(f'<span class="mpn"{title}>{said}</span>')


def spend(row: Any, value: Any, view: Any) -> SafeString:
    """Money in the company's currency."""
    return format_html('<span class="num">{}</span>', formats.money(value, view.currency))
