"""Addresses of the pages about products."""

from django.urls import path

from secondsource.workspace.products import pages

urlpatterns = [
    path("", pages.ProductList.as_view(), name="product_list"),
    path("new/", pages.ProductCreate.as_view(), name="product_create"),
    path("<str:code>/", pages.ProductPage.as_view(), name="product_detail"),
    path("<str:code>/edit/", pages.ProductEdit.as_view(), name="product_edit"),
]
