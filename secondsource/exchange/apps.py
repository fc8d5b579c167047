"""Files and systems in and out."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Names the app."""

    name = "secondsource.exchange"
    label = "exchange"

    def ready(self) -> None:
        from secondsource.exchange import receivers  # noqa: F401  (registers the jobs)
