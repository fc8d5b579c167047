"""Addresses of the pages about suppliers that show cases and similar names of files."""

from django.urls import path

from secondsource.workspace.suppliers import pages

urlpatterns = [
    path("", pages.SupplierList.as_view(), name="supplier_list"),
    path("<str:code>/", pages.SupplierPage.as_view(), name="supplier_detail"),
]
