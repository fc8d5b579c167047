"""Addresses of these pages."""

from django.urls import include, path

from parts.views import categories, exchange_rates, products

urlpatterns = [
    path("categories/", include(categories.urlpatterns)),
    path("products/", include(products.urlpatterns)),
    path("exchange-rates/", include(exchange_rates.urlpatterns)),
]
