"""Template tags of pools: ``{% load pools %}``."""

from __future__ import annotations

from decimal import Decimal

from django import template

from incentives.pool_words import in_percent

register = template.Library()


@register.filter
def exact_percent(fraction: Decimal) -> str:
    """A fraction with all its decimals: ``7 %``, ``7.25 %``."""
    return in_percent(fraction)
