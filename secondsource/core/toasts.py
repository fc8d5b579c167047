"""Toasts with an Undo button, which posts other values to the URL of the action."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest

from secondsource.core.discussion import said_of_mentions
from secondsource.core.models import Comment

_MARK = "undo:"


def say_with_undo(request: HttpRequest, text: str, address: str, **fields: Any) -> None:
    """Show ``text`` with an Undo that posts ``fields`` to ``address``. Works without JavaScript."""
    messages.success(request, text, extra_tags=f"{_MARK}{address}?{urlencode(fields)}")


def say_who_is_notified(request: HttpRequest, comment: Comment, subject: Any) -> None:
    """Show who is notified of a new comment, and which names notify nobody."""
    told, problem = said_of_mentions(comment, subject)
    if told:
        messages.success(request, told)
    if problem:
        messages.warning(request, problem)


def undo_of(tags: str | None) -> dict[str, Any] | None:
    """The URL and fields of a message's Undo, or None."""
    if not tags or not tags.startswith(_MARK):
        return None
    address, _, query = tags.removeprefix(_MARK).partition("?")
    return {"url": address, "fields": parse_qsl(query, keep_blank_values=True)}
