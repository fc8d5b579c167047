"""Addresses of these pages."""

from django.urls import include, path

from suppliers.views import offers, orders, receipts

urlpatterns = [
    path("", include(offers.urlpatterns)),
    path("orders/", include(orders.urlpatterns)),
    path("receipts/", include(receipts.urlpatterns)),
]
