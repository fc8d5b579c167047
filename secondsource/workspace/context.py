"""The context processor of the frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from secondsource.workspace import navigation

THEMES = ("light", "dark", "auto")


def shell(request: HttpRequest) -> dict[str, Any]:
    """``theme`` for the html element and ``nav`` for the frame; built when a template asks."""
    return {"theme": theme_of(request), "nav": SimpleLazyObject(lambda: _nav(request))}


def theme_of(request: HttpRequest) -> str:
    """The person's theme, before sign-in the cookie's, else the system's."""
    user = getattr(request, "user", None)
    wanted = user.theme if user and user.is_authenticated else request.COOKIES.get("theme", "auto")
    return wanted if wanted in THEMES else "auto"


def _nav(request: HttpRequest) -> dict[str, Any]:
    addresses = {
        "jump_url": reverse("jump"),
        "keys_url": reverse("keys"),
        "theme_url": reverse("theme"),
        "logout_url": reverse("account_logout"),
    }
    if not request.user.is_authenticated:
        return addresses
    return addresses | navigation.shell_for(request.user, request.path)
