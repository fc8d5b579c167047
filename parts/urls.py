"""Addresses of these pages."""

from django.urls import include, path

from parts.views import exchange_rates

urlpatterns = [
    path("exchange-rates/", include(exchange_rates.urlpatterns)),
]
