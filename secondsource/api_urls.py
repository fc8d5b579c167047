"""Every address of the API, version 1."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from secondsource.core.api.document import DocumentationPage, SchemaDocument
from secondsource.core.api.jobs import JobResource

router = SimpleRouter()
router.register("jobs", JobResource, "job")

app_name = "api"
urlpatterns = [
    path("schema/", SchemaDocument.as_view(), name="schema"),
    path("docs/", DocumentationPage.as_view(), name="docs"),
    path("", include(router.urls)),
]
