"""Permissions by name, with the same names as for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

#: ``permission`` of views for everybody, and of views that any signed-in person may read or write
#: (a token needs the scope of that name).
PUBLIC, SIGNED_IN, SIGNED_IN_WRITE = "public", "signed-in", "signed-in-write"
_SCOPES = {SIGNED_IN: "read", SIGNED_IN_WRITE: "write"}

Declared = str | Mapping[str, str]


def permission_named(declared: Declared, method: str) -> str:
    """The declared permission of a view for a method: one for all, or by ``read``/``write``."""
    if isinstance(declared, str):
        return declared
    kind = "read" if method in SAFE_METHODS else "write"
    return declared.get(method) or declared.get(kind, "")


class NamedPermission(BasePermission):
    """Checks the view's ``permission``; a view without one is closed.

    401 for anonymous, else 403.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the actor holds the declared permission."""
        name = permission_named(getattr(view, "permission", ""), request.method or "GET")
        if name == PUBLIC:
            return True
        actor = getattr(request, "actor", None)
        if actor is None or not name:
            return False
        if name in _SCOPES:
            return actor.scopes is None or _SCOPES[name] in actor.scopes
        return bool(actor.may(name))
