"""Qualification cases and their gates."""

from django.apps import AppConfig


class QualificationConfig(AppConfig):
    """Registers permissions and hidden fields."""

    name = "qualification"

    def ready(self) -> None:
        from qualification import causes, receivers, rules  # noqa: F401  (register themselves)
