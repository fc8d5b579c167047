"""Parts, products and bills of material."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    """Registers permissions and hidden fields."""

    name = "parts"

    def ready(self) -> None:
        from parts import rules  # noqa: F401  (registers permissions and hidden fields)
