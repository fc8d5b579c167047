"""Addresses of these pages."""

from django.urls import include, path

from suppliers.views import (
    manufacturer_parts,
    offers,
    orders,
    receipts,
    source_forms,
    supplier_forms,
)

urlpatterns = [
    path("", include(offers.urlpatterns)),
    path("manufacturer-parts/", include(manufacturer_parts.urlpatterns)),
    path("orders/", include(orders.urlpatterns)),
    path("parts/<str:ipn>/sources/", include(source_forms.urlpatterns)),
    path("receipts/", include(receipts.urlpatterns)),
    path("suppliers/", include(supplier_forms.urlpatterns)),
]
