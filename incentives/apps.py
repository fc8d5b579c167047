"""Savings, targets and shared credit."""

from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    """Names the app."""

    name = "incentives"
