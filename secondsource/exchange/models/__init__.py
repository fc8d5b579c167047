"""Imports from files and their undo."""

from secondsource.exchange.models.imports import Import, RememberedMapping

__all__ = ["Import", "RememberedMapping"]
