"""Addresses of the composed pages."""

from django.urls import include, path

from secondsource.workspace import dashboard, receipt_forms, review_list

urlpatterns = [
    path("", include(receipt_forms.urlpatterns)),
    path("parts/", include("secondsource.workspace.parts.urls")),
    path("suppliers/", include("secondsource.workspace.suppliers.urls")),
    path("policies/", include("secondsource.workspace.policies.pages")),
    path("to-review/", review_list.ReviewList.as_view(), name="review_list"),
    path("dashboard/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("calculators/", include("secondsource.workspace.calculators.pages")),
]
