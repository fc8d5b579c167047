"""Addresses of these pages."""

from django.urls import include, path

from parts.views import categories, exchange_rates, part_forms, products

urlpatterns = [
    path("categories/", include(categories.urlpatterns)),
    path("parts/", include(part_forms.urlpatterns)),
    path("products/", include(products.urlpatterns)),
    path("exchange-rates/", include(exchange_rates.urlpatterns)),
]
