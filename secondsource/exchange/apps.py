"""Files and systems in and out."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Names the app."""

    name = "secondsource.exchange"
    label = "exchange"
