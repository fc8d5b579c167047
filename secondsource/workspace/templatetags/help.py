"""``{% load help %}``: help beside a word."""

from __future__ import annotations

from typing import Any

from django import template

from secondsource.workspace.glossary import TERMS

register = template.Library()


@register.inclusion_tag("components/term.html")
def term(word: str) -> dict[str, Any]:
    """``{% term "hold point" %}``: a small button that opens the meaning of the word."""
    return {"word": word, "text": TERMS[word]}
