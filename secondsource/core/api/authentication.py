"""The caller: a bearer token, or the browser's session with its CSRF token."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.api.throttling import UnknownTokens

#: Least time between two writes of a token's ``last_used_at``.
_USE_NOTED_EVERY = dt.timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``; only the token's hash is looked up."""

    keyword = "Bearer"

    def authenticate_header(self, request: Request) -> str:
        """The ``WWW-Authenticate`` header of a 401."""
        return 'Bearer realm="api"'

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The token's person and the token; None when no bearer token was sent.

        Raises ``AuthenticationFailed`` (401), and ``Throttled`` (429) after many of these.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        unknown = UnknownTokens(request)
        unknown.check()
        token = self._find(secret.strip())
        if token is None:
            unknown.note()
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        self._note_use(token)
        return token.user, token

    def _find(self, secret: str) -> Any:
        model: Any = apps.get_model("accounts.ApiToken")
        return model.living(model.digest_of(secret), clock.now())

    def _note_use(self, token: Any) -> None:
        now = clock.now()
        if token.last_used_at is None or now - token.last_used_at > _USE_NOTED_EVERY:
            type(token).objects.filter(pk=token.pk).update(last_used_at=now)


class BrowserSessionAuthentication(SessionAuthentication):
    """The signed-in browser; unsafe methods need the CSRF token."""


def actor_of(request: Any) -> Actor | None:
    """The actor of a request, limited to its token's scopes; None for anonymous requests."""
    if not request.user or not request.user.is_authenticated:
        return None
    token = getattr(request, "auth", None)
    scopes = frozenset(token.scopes) if token is not None else None
    return Actor(user=request.user, origin="api", scopes=scopes)
