"""The OpenAPI document and the page that lets people try it."""

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from secondsource.core.api.permissions import PUBLIC


class SchemaDocument(SpectacularJSONAPIView):
    """The document; it holds nothing of anybody's data."""

    permission = PUBLIC


class DocumentationPage(SpectacularSwaggerSplitView):
    """The document as a page, with scripts and styles of our own address only."""

    permission = PUBLIC
    url_name = "api:schema"
