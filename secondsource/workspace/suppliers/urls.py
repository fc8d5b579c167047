"""Addresses of the pages about suppliers."""

from django.urls import path

from secondsource.workspace.suppliers import pages

urlpatterns = [
    path("", pages.SupplierList.as_view(), name="supplier_list"),
    path("new/", pages.SupplierCreate.as_view(), name="supplier_create"),
    path("<str:code>/", pages.SupplierPage.as_view(), name="supplier_detail"),
    path("<str:code>/edit/", pages.SupplierEdit.as_view(), name="supplier_edit"),
    path("<str:code>/sites/new/", pages.SiteCreate.as_view(), name="site_create"),
]
