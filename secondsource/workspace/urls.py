"""Addresses of the composed pages."""

from django.urls import path

from secondsource.workspace import dashboard

urlpatterns = [
    path("dashboard/", dashboard.Dashboard.as_view(), name="dashboard"),
]
