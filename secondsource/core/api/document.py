"""The OpenAPI document and the page that lets people try it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import get_urlconf
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from secondsource.core.api.permissions import PUBLIC
from secondsource.core.api.views import Endpoint


class KeptDocument(SchemaGenerator):
    """The document of all addresses, made once a process: it depends on the code alone."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        """The document, the same for every caller. Do not change it."""
        return _document(get_urlconf())


@cache
def _document(urlconf: str | None) -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator(urlconf=urlconf).get_schema(public=True)
    return document


class SchemaDocument(SpectacularJSONAPIView):
    """The document; it holds nothing of anybody's data."""

    permission = PUBLIC
    generator_class = KeptDocument


class DocumentationPage(SpectacularSwaggerSplitView):
    """The document as a page, with scripts and styles of our own address only."""

    permission = PUBLIC
    url_name = "api:schema"


class NothingHere(Endpoint):
    """Every other address under the API: a problem also in development, where Django shows HTML."""

    permission = PUBLIC
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Any method, any caller. Raises ``NotFound``."""
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise NotFound(f"There is nothing here that you may see.{hint}")
