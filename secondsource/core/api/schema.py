"""The OpenAPI document: problems of every operation, strict bodies, common headers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter

from secondsource.core.actors import Actor
from secondsource.core.api.problems import MOST_ERRORS

_TEXTS = {
    "400": "The body or a query parameter cannot be read",
    "401": "No valid token or session",
    "403": "Not permitted",
    "404": "Nothing there that the caller may see",
    "409": "Stale version, or the key exists already",
    "412": "If-Match names another version",
    "413": "The body is too large",
    "415": "Not the media type of this endpoint",
    "422": "Values or a rule refuse it",
    "429": "Too many requests",
    "503": "Busy; try again",
}
_READING = ("400", "401", "403", "404", "429")
_WRITING = (*_READING, "409", "412", "413", "415", "422", "503")

_FINDING = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
}
_REASON = {
    "type": "object",
    "required": ["code", "detail", "fix"],
    "properties": {name: {"type": "string"} for name in ("code", "detail", "fix")},
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `errors` by JSON pointer, `reasons` of a refused move or rule.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FINDING, "maxItems": MOST_ERRORS},
        "errors_total": {"type": "integer"},
        "reasons": {"type": "array", "items": _REASON},
    },
}


_DOCUMENT = Actor.named_job("document")


class ProblemAutoSchema(AutoSchema):
    """Adds parameters and problems common to all operations."""

    def get_request_serializer(self) -> Any:
        """The strict serializer of a create or change."""
        if (asked := getattr(self.view, "input_for", None)) is not None:
            return asked(self.method)
        return super().get_request_serializer()

    def get_override_parameters(self) -> list[Any]:
        """``fields``, ``Idempotency-Key`` and ``If-Match`` where they are supported."""
        given = []
        if self.method == "GET" and getattr(self.view, "sparse", False):
            given.append(OpenApiParameter("fields", str, description="Fields, by commas."))
        if self.method == "POST":
            text = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
            given.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    text,
                    OpenApiParameter.HEADER,
                    description="The same key and body get the first response again for 24 hours.",
                )
            )
        if self.method in ("PATCH", "DELETE") and getattr(self.view, "honours_if_match", False):
            given.append(OpenApiParameter("If-Match", str, OpenApiParameter.HEADER))
        return given

    def _map_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Include all fields, also those that are hidden from some readers."""
        shape = force_instance(serializer)
        shape.root._context.setdefault("actor", _DOCUMENT)
        return super()._map_serializer(shape, direction, bypass_extensions)

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and "properties" in schema:
            schema["additionalProperties"] = False
        return schema

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        statuses = _READING if self.method == "GET" else _WRITING
        content = {"application/problem+json": {"schema": self._problem().ref}}
        for status in statuses:
            bodies.setdefault(status, {"description": _TEXTS[status], "content": content})
        return bodies

    def _problem(self) -> ResolvedComponent:
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(component)
        return component


class BearerScheme(OpenApiAuthenticationExtension):
    """The bearer token in the document."""

    target_class = "secondsource.core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's session in the document."""

    target_class = "secondsource.core.api.authentication.BrowserSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
