"""Addresses of the pages about suppliers."""

from django.urls import path

from secondsource.workspace.suppliers import edit, pages

urlpatterns = [
    path("", pages.SupplierList.as_view(), name="supplier_list"),
    path("new/", edit.SupplierCreate.as_view(), name="supplier_create"),
    path("<str:code>/", pages.SupplierPage.as_view(), name="supplier_detail"),
    path("<str:code>/history/", pages.SupplierHistory.as_view(), name="supplier_history"),
    path("<str:code>/edit/", edit.SupplierEdit.as_view(), name="supplier_edit"),
    path("<str:code>/standing/", edit.SupplierAssess.as_view(), name="supplier_assess"),
    path("<str:code>/merge/", edit.SupplierMerge.as_view(), name="supplier_merge"),
    path("<str:code>/sites/new/", edit.SiteCreate.as_view(), name="site_create"),
    path("<str:code>/sites/<uuid:site>/", edit.SiteEdit.as_view(), name="site_edit"),
    path("<str:code>/sites/<uuid:site>/remove/", edit.SiteRemove.as_view(), name="site_remove"),
]
