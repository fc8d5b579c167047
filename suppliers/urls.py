"""Addresses of these pages."""

from django.urls import include, path

from suppliers.views import offers, orders, receipts, source_forms

urlpatterns = [
    path("", include(offers.urlpatterns)),
    path("orders/", include(orders.urlpatterns)),
    path("parts/<str:ipn>/sources/", include(source_forms.urlpatterns)),
    path("receipts/", include(receipts.urlpatterns)),
]
