"""Addresses of the composed pages."""

from django.urls import include, path

from secondsource.workspace import dashboard, purchasing

urlpatterns = [
    path("", include(purchasing.urlpatterns)),
    path("parts/", include("secondsource.workspace.parts.urls")),
    path("suppliers/", include("secondsource.workspace.suppliers.urls")),
    path("policies/", include("secondsource.workspace.policies.pages")),
    path("", include("secondsource.workspace.aml.urls")),
    path("dashboard/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("calculators/", include("secondsource.workspace.calculators.pages")),
]
