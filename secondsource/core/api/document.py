"""The OpenAPI document and its interactive page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import get_urlconf
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from secondsource.core.api.permissions import PUBLIC
from secondsource.core.api.views import Endpoint


class KeptDocument(SchemaGenerator):
    """The document of all endpoints, generated once for each process."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        """The document, which is shared and must not be changed."""
        return _document(get_urlconf())


@cache
def _document(urlconf: str | None) -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator(urlconf=urlconf).get_schema(public=True)
    return document


@cache
def _text(urlconf: str | None) -> bytes:
    text: bytes = OpenApiJsonRenderer().render(_document(urlconf))
    return text


class KeptText(OpenApiJsonRenderer):
    """The document as text, written once for each process: strangers may ask for it often."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        """The kept text, or that of a problem."""
        urlconf = get_urlconf()
        if data is _document(urlconf):
            return _text(urlconf)
        return super().render(data, *args, **kwargs)


class SchemaDocument(SpectacularJSONAPIView):
    """The document, for everybody."""

    permission = PUBLIC
    generator_class = KeptDocument
    renderer_classes = (KeptText,)


class DocumentationPage(SpectacularSwaggerSplitView):
    """The document as a page, with local scripts and styles only."""

    permission = PUBLIC
    url_name = "api:schema"


class NothingHere(Endpoint):
    """Every other URL under the API: a problem, also in development, where Django shows HTML."""

    permission = PUBLIC
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises ``NotFound`` for any method and caller."""
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise NotFound(f"There is nothing here that you may see.{hint}")
