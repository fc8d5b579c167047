"""Suppliers, manufacturer parts, sources and receipts."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Registers permissions and hidden fields."""

    name = "suppliers"

    def ready(self) -> None:
        from suppliers import receivers, rules  # noqa: F401  (register themselves)
