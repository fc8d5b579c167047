"""Figures of the whole company, and tasks that people put aside."""

from secondsource.workspace.models.company import CompanyFigures
from secondsource.workspace.models.snooze import SnoozedTask

__all__ = ["CompanyFigures", "SnoozedTask"]
