"""Template tags of pilot builds: ``{% load pilots %}``."""

from __future__ import annotations

from decimal import Decimal

from django import template

from qualification.pilot_work import floor_in_words

register = template.Library()


@register.filter
def floor(share: Decimal) -> str:
    """A floor with the digits that it has: ``96.8 %``."""
    return floor_in_words(float(share))
