"""Figures of the whole company."""

from secondsource.workspace.models.company import CompanyFigures

__all__ = ["CompanyFigures"]
