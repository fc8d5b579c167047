"""Toasts that offer to take an act back: the act's own address, posted with other values."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest

_MARK = "undo:"


def say_with_undo(request: HttpRequest, text: str, address: str, **fields: Any) -> None:
    """Say ``text``; its Undo posts ``fields`` to ``address``. Works without a script."""
    messages.success(request, text, extra_tags=f"{_MARK}{address}?{urlencode(fields)}")


def undo_of(tags: str | None) -> dict[str, Any] | None:
    """Where a message's Undo posts, and what; None for a message without one."""
    if not tags or not tags.startswith(_MARK):
        return None
    address, _, query = tags.removeprefix(_MARK).partition("?")
    return {"url": address, "fields": parse_qsl(query, keep_blank_values=True)}
