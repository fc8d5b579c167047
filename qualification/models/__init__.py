"""Qualification cases: gates, checklists, sign-offs, team, hold points."""

from qualification.models.cases import Case, GatePassage, HoldPoint, TeamMember
from qualification.models.work import ChecklistItem, SignOff

__all__ = ["Case", "ChecklistItem", "GatePassage", "HoldPoint", "SignOff", "TeamMember"]
