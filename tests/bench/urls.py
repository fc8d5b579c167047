"""The product's addresses and the floors."""

from django.urls import path

from secondsource.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.bench import floors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/floor/page/", floors.page),
    path("bench/floor/api/", floors.api),
    *urlpatterns,
]
