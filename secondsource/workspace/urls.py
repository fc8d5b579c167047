"""Addresses of these pages."""

from typing import Any

urlpatterns: list[Any] = []
