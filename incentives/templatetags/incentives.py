"""Template tags of savings: ``{% load incentives %}``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import SafeString

from incentives.models import SavingLine
from incentives.views import cells
from secondsource.core import formats
from secondsource.core.money import posted as rounded

register = template.Library()


@register.simple_tag
def stage_chip(line: SavingLine) -> SafeString:
    """The stage of a line."""
    return cells.stage_chip(line)


@register.filter
def month_name(value: dt.date) -> str:
    """``Jun 2026``."""
    return formats.month_name(value)


@register.filter
def posted(value: Decimal, currency: str) -> str:
    """An amount with the places of its currency."""
    return formats.money_exact(rounded(value, currency), currency)


@register.filter
def price_or_dash(value: Decimal | None, currency: str) -> str:
    """A unit price; a dash without one."""
    return formats.MISSING if value is None else formats.money_exact(value, currency)


@register.filter
def relative(value: Any) -> str:
    """``−12 %``."""
    return formats.MISSING if value is None else formats.change(value)


@register.filter
def units(value: Decimal | None) -> str:
    """A quantity; a dash without one."""
    return formats.MISSING if value is None else formats.number(value)
